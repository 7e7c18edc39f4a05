import { formatIds, formats } from '@lathe/contracts';
import { toggledFormat } from '../model/order.ts';
import type { Draft } from '../model/state.ts';

type FormatsProps = { draft: Draft; onChange(change: Partial<Draft>): void };

/** The kinds of files every master is made as. */
export function Formats({ draft, onChange }: FormatsProps) {
  return (
    <fieldset className="targets">
      <legend>Files</legend>
      <div className="chips">
        {formatIds.map((id) => (
          <label key={id} className="chip" title={formats[id].description}>
            <input
              type="checkbox"
              checked={draft.formats.includes(id)}
              onChange={() => onChange({ formats: toggledFormat(draft.formats, id) })}
              aria-label={formats[id].name}
            />
            <span className="chip-name">{formats[id].name}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
