import { type ChangeEvent, useEffect, useState } from 'react';
import type { Upload } from '../effects/use-upload.ts';

/** By ending, since few systems know the types of all of these; what a file is, is told from its content. */
export const accepted =
  '.wav,.wave,.bwf,.rf64,.bw64,.w64,.aif,.aiff,.aifc,.caf,.flac,.m4a,.mp4,.alac,.mp3,.aac,.ogg,.oga,.opus,audio/*';

/** A button that opens the file dialogue; a file may also be dropped anywhere on the page while this is shown. */
export function DropField({ upload, label }: { upload: Upload; label: string }) {
  const over = useDropAnywhere(upload.start);
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.currentTarget.files?.[0];
    if (file) upload.start(file);
  };
  return (
    <div className={over ? 'drop over' : 'drop'}>
      <label className="primary file-button">
        {label}
        <input type="file" accept={accepted} onChange={choose} />
      </label>
      <p className="hint">
        {over
          ? 'Let go to begin.'
          : 'or drop it anywhere here. WAV, AIFF, FLAC, ALAC; MP3, AAC, Ogg if there is nothing better. Up to three hours.'}
      </p>
    </div>
  );
}

/** True while a file hovers over the page. Elsewhere a dropped file would make the browser leave the page. */
function useDropAnywhere(onFile: (file: File) => void): boolean {
  const [over, setOver] = useState(false);
  // No list of dependencies: the handler is made anew on each render, and the listeners follow it.
  useEffect(() => {
    const enter = (event: DragEvent) => {
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => event.relatedTarget === null && setOver(false);
    const drop = (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      const file = event.dataTransfer?.files[0];
      if (file) onFile(file);
    };
    window.addEventListener('dragover', enter);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', enter);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  });
  return over;
}
