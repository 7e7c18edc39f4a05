import type { Upload } from '../effects/use-upload.ts';
import { bytes, percent, textOf } from '../model/format.ts';
import type { Paused, Sending as SendingState } from '../model/state.ts';
import { Bar } from './pieces.tsx';

const words = (paused: Paused): string => {
  if (paused === 'offline') return 'Paused until this device is online again';
  return paused ? 'Paused' : 'Uploading';
};

export function Sending({ sending, upload }: { sending: SendingState; upload: Upload }) {
  const { sentBytes, sizeBytes, paused } = sending;
  const fraction = sentBytes / sizeBytes;
  return (
    <div className="sending">
      <Bar label="Upload" fraction={fraction} />
      <p className="stage" role="status">
        {words(paused)} · {textOf(bytes(sentBytes))} of {textOf(bytes(sizeBytes))} · {percent(fraction)}
      </p>
      <div className="buttons">
        <button type="button" className="plain" onClick={paused ? upload.resume : upload.pause}>
          {paused ? 'Resume' : 'Pause'}
        </button>
        <button type="button" className="plain" onClick={upload.stop}>
          Stop
        </button>
      </div>
    </div>
  );
}
