import { limits } from '@lathe/contracts';
import type { ChangeEvent } from 'react';
import type { Lathe } from '../effects/use-lathe.ts';
import type { References } from '../effects/use-references.ts';
import { percent } from '../model/format.ts';
import type { Reference, Track } from '../model/state.ts';
import { referenceCount } from '../model/words.ts';
import { accepted } from './drop-field.tsx';
import { SelectField, Slider } from './fields.tsx';
import { Panel } from './panel.tsx';
import { Wrong } from './pieces.tsx';

type ReferenceTracksProps = { lathe: Lathe; references: References; mixId: string };

/** Finished music whose sound this one is to come nearer to, and how much each counts. */
export function ReferenceTracks({ lathe, references, mixId }: ReferenceTracksProps) {
  const { draft, tracks } = lathe.state;
  const chosen = draft.references;
  const room = limits.maxReferences - chosen.length;
  const others = tracks.filter(({ id }) => id !== mixId && !chosen.some((each) => each.mixId === id));
  const send = (event: ChangeEvent<HTMLInputElement>) => {
    const files = [...(event.currentTarget.files ?? [])].slice(0, room);
    event.currentTarget.value = '';
    references.send(files);
  };
  return (
    <Panel title="Reference tracks" now={referenceCount(chosen.length)}>
      <p className="hint">
        Finished music whose tone, width and dynamics this master is to come nearer to, as far as style and intensity
        allow. Up to {limits.maxReferences}.
      </p>
      {chosen.length > 0 && (
        <ul className="references" aria-label="Reference tracks">
          {chosen.map((each) => (
            <ReferenceRow
              key={each.key}
              {...{ lathe, reference: each, severalCount: chosen.length > 1 }}
              onRemove={() => references.remove(each.key)}
            />
          ))}
        </ul>
      )}
      {room > 0 && (
        <div className="reference-more">
          <label className="plain file-field">
            Add reference tracks
            <input type="file" accept={accepted} multiple onChange={send} />
          </label>
          {others.length > 0 && <Earlier tracks={others} onChoose={references.choose} />}
        </div>
      )}
    </Panel>
  );
}

function Earlier({ tracks, onChoose }: { tracks: Track[]; onChoose(track: Track): void }) {
  const choose = (id: string) => {
    const track = tracks.find((each) => each.id === id);
    if (track) onChoose(track);
  };
  const options = tracks.map(({ id, filename }) => ({ value: id as string, name: filename }));
  return (
    <SelectField
      label="or one that was uploaded before"
      value=""
      options={[{ value: '', name: 'Choose…' }, ...options]}
      onChange={choose}
    />
  );
}

const weights = { least: 1, most: 10, step: 1 };

type RowProps = { lathe: Lathe; reference: Reference; severalCount: boolean; onRemove(): void };

function ReferenceRow({ lathe: { dispatch }, reference, severalCount, onRemove }: RowProps) {
  const { key, filename, weight, mixId, sentFraction, wrong } = reference;
  return (
    <li>
      <p className="reference-name">{filename}</p>
      <button type="button" className="quiet" onClick={onRemove} aria-label={`Remove ${filename}`}>
        Remove
      </button>
      {mixId && severalCount ? (
        <Slider
          label={
            <>
              Counts<span className="spoken"> as much, {filename}</span>
            </>
          }
          words={weight === 1 ? 'once' : `${weight} times`}
          value={weight}
          range={weights}
          onChange={(value) => dispatch({ type: 'reference-changed', key, change: { weight: value } })}
        />
      ) : (
        sentFraction !== null && (
          <p className="hint" role="status">
            {sentFraction < 1 ? `Uploading, ${percent(sentFraction)}` : 'Listening to it…'}
          </p>
        )
      )}
      <Wrong sentence={wrong} />
    </li>
  );
}
