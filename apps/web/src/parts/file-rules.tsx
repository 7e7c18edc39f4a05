import { deliveredRates, dithers, type MasterOrder } from '@lathe/contracts';
import { isDithered, ownRules } from '../model/file-rules.ts';
import { hertz, textOf } from '../model/format.ts';
import type { Catalogue, Draft } from '../model/state.ts';
import { ditherNames } from '../model/words.ts';
import { SelectField } from './fields.tsx';
import { Panel } from './panel.tsx';

type FileRulesProps = { draft: Draft; catalogue: Catalogue; onChange(change: Partial<Draft>): void };

const rateName = (rate: MasterOrder['sampleRateHz']): string =>
  rate === 'source' ? 'As the mix' : textOf(hertz(rate));
const rates = [...deliveredRates].reverse().map((rate) => ({ value: String(rate), name: rateName(rate) }));
const ditherOptions = dithers.map((value) => ({ value, name: ditherNames[value] }));

/** What can be chosen about a file beside its kind, and who chooses otherwise. */
export function FileRules({ draft, catalogue, onChange }: FileRulesProps) {
  const { sampleRateHz, dither } = draft;
  const dithered = isDithered(draft);
  const exceptions = ownRules(draft, catalogue);
  return (
    <Panel
      title="Sample rate and dither"
      now={`${rateName(sampleRateHz)}, ${dithered ? ditherNames[dither].toLowerCase() : 'nothing to dither'}`}
    >
      <div className="fields">
        <SelectField
          label="Sample rate"
          value={String(sampleRateHz)}
          options={rates}
          hint="Loudness and peaks are brought about at this rate."
          onChange={(rate) =>
            onChange({ sampleRateHz: deliveredRates.find((each) => String(each) === rate) ?? 'source' })
          }
        />
        <SelectField
          label="Dither"
          value={dither}
          options={ditherOptions}
          disabled={!dithered}
          hint={
            dithered
              ? 'For 16 and 24 bit. Shaped works on 16 bit at 44.1 or 48 kHz: quieter where the ear is keenest.'
              : 'None of the chosen kinds of file has 16 or 24 bit.'
          }
          onChange={(chosen) => onChange({ dither: chosen })}
        />
      </div>
      {exceptions.length > 0 && <p className="hint">Always their own way: {exceptions.join('; ')}.</p>}
    </Panel>
  );
}
