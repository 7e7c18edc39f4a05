import { formatNumber } from '../model/format.ts';
import { lufsFor, toggled } from '../model/order.ts';
import type { Catalogue, Draft } from '../model/state.ts';

type TargetsProps = { draft: Draft; catalogue: Catalogue; onChange(change: Partial<Draft>): void };

/** Where the masters go, each with the loudness it is made for. */
export function Targets({ draft, catalogue: { platforms, styles }, onChange }: TargetsProps) {
  const lufs = (platform: Catalogue['platforms'][number]) => formatNumber(lufsFor(platform, draft, styles), 0);
  return (
    <fieldset className="targets">
      <legend>Made for</legend>
      <div className="chips">
        {platforms.map((platform) => (
          <label key={platform.id} className="chip" title={platform.playback}>
            <input
              type="checkbox"
              checked={draft.targets.includes(platform.id)}
              onChange={() => onChange({ targets: toggled(draft.targets, platform.id, platforms) })}
              aria-label={`${platform.name}, ${lufs(platform)} LUFS`}
            />
            <span className="chip-name">{platform.name}</span>
            <span className="chip-lufs">
              {lufs(platform)}
              <span className="unit">{'\u00a0LUFS'}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
