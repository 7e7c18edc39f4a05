import { stageGroups } from '@lathe/contracts';
import type { Draft } from '../model/state.ts';
import { groupNames } from '../model/words.ts';

type TouchesProps = { draft: Draft; onChange(change: Partial<Draft>): void };

/** Which parts of the sound Lathe may touch at all. */
export function Touches({ draft: { amounts }, onChange }: TouchesProps) {
  return (
    <fieldset className="targets">
      <legend>May touch</legend>
      <div className="chips small">
        {stageGroups.map((group) => (
          <label key={group} className="chip">
            <input
              type="checkbox"
              checked={amounts[group] > 0}
              onChange={(event) =>
                onChange({ amounts: { ...amounts, [group]: event.currentTarget.checked ? 100 : 0 } })
              }
            />
            <span className="chip-name">{groupNames[group]}</span>
            {amounts[group] > 0 && amounts[group] < 100 && <span className="chip-lufs">{amounts[group]} %</span>}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
