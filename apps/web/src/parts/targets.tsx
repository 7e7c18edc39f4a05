import { formatNumber } from '../model/format.ts';
import { toggled } from '../model/order.ts';
import type { Draft, Platform } from '../model/state.ts';

type TargetsProps = { draft: Draft; platforms: Platform[]; onChange(change: Partial<Draft>): void };

/** Where the masters go, each with the loudness it is made for. */
export function Targets({ draft, platforms, onChange }: TargetsProps) {
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
              aria-label={`${platform.name}, ${formatNumber(platform.targetLufs, 0)} LUFS`}
            />
            <span className="chip-name">{platform.name}</span>
            <span className="chip-lufs">
              {formatNumber(platform.targetLufs, 0)}
              <span className="unit">{'\u00a0LUFS'}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
