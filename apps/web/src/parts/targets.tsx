import { formats, type Profile } from '@lathe/contracts';
import { formatNumber } from '../model/format.ts';
import { lufsFor, toggled, toggledProfile } from '../model/order.ts';
import type { Catalogue, Draft } from '../model/state.ts';
import { kindWords } from '../model/words.ts';

type TargetsProps = {
  draft: Draft;
  catalogue: Catalogue;
  onChange(change: Partial<Draft>): void;
  /** Opens a profile, or a new one, to be written. */
  onProfile(profile: Profile | null): void;
};

/** Where the masters go, each with the loudness it is made for. */
export function Targets({ draft, catalogue, onChange, onProfile }: TargetsProps) {
  const { platforms, profiles } = catalogue;
  const kinds = [...new Set(platforms.map(({ kind }) => kind))];
  return (
    <fieldset className="targets">
      <legend>Made for</legend>
      {kinds.map((kind) => (
        <section key={kind} aria-label={kindWords[kind]}>
          <h3>{kindWords[kind]}</h3>
          <div className="chips">
            {platforms
              .filter((platform) => platform.kind === kind)
              .map((platform) => (
                <Chip
                  key={platform.id}
                  name={platform.name}
                  words={platform.playback}
                  lufs={formatNumber(lufsFor(platform, draft, catalogue.styles), 0)}
                  chosen={draft.targets.includes(platform.id)}
                  onToggle={() => onChange({ targets: toggled(draft.targets, platform.id, platforms) })}
                />
              ))}
          </div>
        </section>
      ))}
      <section aria-label="Your own profiles">
        <h3>Your own profiles</h3>
        <div className="chips edited">
          {profiles.map((profile) => (
            <div key={profile.id} className="chip-and-edit">
              <Chip
                name={profile.name}
                words={profile.formats.map((format) => formats[format].name).join(', ')}
                lufs={formatNumber(profile.targetLufs, 0)}
                chosen={draft.profiles.includes(profile.id)}
                onToggle={() => onChange({ profiles: toggledProfile(draft.profiles, profile.id, profiles) })}
              />
              <button
                type="button"
                className="quiet"
                aria-label={`Edit ${profile.name}`}
                onClick={() => onProfile(profile)}
              >
                Edit
              </button>
            </div>
          ))}
          <button type="button" className="chip new" onClick={() => onProfile(null)}>
            New profile…
          </button>
        </div>
      </section>
    </fieldset>
  );
}

type ChipProps = { name: string; words: string; lufs: string; chosen: boolean; onToggle(): void };

function Chip({ name, words, lufs, chosen, onToggle }: ChipProps) {
  return (
    <label className="chip" title={words}>
      <input type="checkbox" checked={chosen} onChange={onToggle} aria-label={`${name}, ${lufs} LUFS`} />
      <span className="chip-name">{name}</span>
      <span className="chip-lufs">
        {lufs}
        <span className="unit">{'\u00a0LUFS'}</span>
      </span>
    </label>
  );
}
