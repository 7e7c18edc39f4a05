import type { ChangeEvent } from 'react';
import { sendCover } from '../effects/cover.ts';
import type { Lathe } from '../effects/use-lathe.ts';
import type { Draft, Words } from '../model/state.ts';
import { wordsSaid } from '../model/words.ts';
import { faultAt } from '../model/words-of-files.ts';
import { TextField } from './fields.tsx';
import { Panel } from './panel.tsx';
import { Wrong } from './pieces.tsx';

type FieldOf = { field: keyof Words; label: string; hint?: string; placeholder?: string; inputMode?: 'numeric' };

const song: FieldOf[] = [
  { field: 'title', label: 'Title' },
  { field: 'artists', label: 'Artists', hint: 'Several: a semicolon between them.' },
  { field: 'album', label: 'Album' },
  { field: 'isrc', label: 'ISRC', placeholder: 'DEA232600001' },
  { field: 'upc', label: 'UPC or EAN', placeholder: '4006381333931', inputMode: 'numeric' },
  { field: 'copyright', label: 'Copyright', placeholder: '© 2026 Evening Records' },
];
const further: FieldOf[] = [
  { field: 'albumArtist', label: 'Album artist' },
  { field: 'trackNumber', label: 'Track number', inputMode: 'numeric' },
  { field: 'discNumber', label: 'Disc number', inputMode: 'numeric' },
  { field: 'label', label: 'Label' },
  { field: 'year', label: 'Year', inputMode: 'numeric' },
  { field: 'genre', label: 'Genre' },
  { field: 'comment', label: 'Comment' },
];

type FileWordsProps = { lathe: Lathe; onChange(change: Partial<Draft>): void };

/** What the files say about the music, and their cover. */
export function FileWords({ lathe, onChange }: FileWordsProps) {
  const { draft, faults } = lathe.state;
  const fields = (list: FieldOf[]) => (
    <div className="fields">
      {list.map(({ field, ...about }) => (
        <TextField
          key={field}
          {...about}
          value={draft.words[field] ?? ''}
          fault={faultAt(faults, `/metadata/${field}`)}
          onChange={(text) => onChange({ words: { ...draft.words, [field]: text } })}
        />
      ))}
    </div>
  );
  return (
    <Panel title="Title, artists and cover" now={wordsSaid(draft)} faulty={faultAt(faults, '/metadata') !== undefined}>
      {fields(song)}
      {fields(further)}
      <CoverField lathe={lathe} />
      <label className="tick">
        <input
          type="checkbox"
          checked={draft.tags === 'none'}
          onChange={(event) => onChange({ tags: event.currentTarget.checked ? 'none' : 'all' })}
        />
        Write nothing of this into the files: some distributors refuse files that have it
      </label>
    </Panel>
  );
}

function CoverField({ lathe }: { lathe: Lathe }) {
  const { draft, wrong } = lathe.state;
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.currentTarget.files?.[0];
    event.currentTarget.value = '';
    if (file) sendCover(lathe, file);
  };
  return (
    <div className="cover">
      <div className="cover-picture">{draft.cover && <img src={draft.cover.url} alt="The chosen cover" />}</div>
      <div className="cover-words">
        <p className="buttons">
          <label className="plain file-field">
            {draft.cover ? 'Another cover' : 'Choose a cover'}
            <input type="file" accept="image/jpeg,image/png" onChange={choose} />
          </label>
          {draft.cover && (
            <button
              type="button"
              className="quiet"
              onClick={() => lathe.dispatch({ type: 'draft-changed', change: { cover: null } })}
            >
              Take it out
            </button>
          )}
        </p>
        <p className="hint" aria-live="polite">
          {draft.cover ? draft.cover.filename : 'A JPEG or PNG of at most 5 MB.'}
        </p>
        <Wrong sentence={wrong.cover} />
      </div>
    </div>
  );
}
