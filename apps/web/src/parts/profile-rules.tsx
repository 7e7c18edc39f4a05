import type { Profile } from '@lathe/contracts';
import { hertz, textOf } from '../model/format.ts';
import { type ProfileForm, pointerOf, type TextRule } from '../model/profile-form.ts';
import type { Faults } from '../model/state.ts';
import { faultAt } from '../model/words-of-files.ts';
import { SelectField, TextField } from './fields.tsx';
import { Panel } from './panel.tsx';

type ProfileRulesProps = { form: ProfileForm; faults: Faults; onChange(change: Partial<ProfileForm>): void };

const metadataOptions: { value: Profile['metadata']; name: string }[] = [
  { value: 'any', name: 'As the order says' },
  { value: 'wanted', name: 'Title and artist at least' },
  { value: 'forbidden', name: 'Nothing is written' },
];
const anything = { value: '', name: 'Any' };
const rates = [
  anything,
  ...[44_100, 48_000, 88_200, 96_000, 176_400, 192_000].map((hz) => ({ value: String(hz), name: textOf(hertz(hz)) })),
];
const words = [anything, { value: '16', name: '16\u00a0bit' }, { value: '24', name: '24\u00a0bit' }];
const limitsOfFiles: { rule: TextRule; label: string }[] = [
  { rule: 'maxFileMegabytes', label: 'Largest file, MB' },
  { rule: 'minDurationSeconds', label: 'Shortest, seconds' },
  { rule: 'maxDurationSeconds', label: 'Longest, seconds' },
  { rule: 'maxHeadSilenceSeconds', label: 'Most silence before, seconds' },
  { rule: 'maxTailSilenceSeconds', label: 'Most silence after, seconds' },
];

/** The numbers of a profile: two that every one has, and those a distributor may set. */
export function ProfileRules({ form, faults, onChange }: ProfileRulesProps) {
  const textRule = (rule: TextRule, label: string) => (
    <TextField
      key={rule}
      label={label}
      inputMode="text"
      value={form[rule]}
      fault={faultAt(faults, pointerOf(rule))}
      onChange={(typed) => onChange({ [rule]: typed })}
    />
  );
  const further = limitsOfFiles.filter(({ rule }) => form[rule] !== '');
  const isFaulty = limitsOfFiles.some(({ rule }) => faultAt(faults, pointerOf(rule)));
  return (
    <>
      <div className="fields">
        <TextField
          label="Name"
          value={form.name}
          fault={faultAt(faults, '/name')}
          onChange={(name) => onChange({ name })}
        />
        {textRule('targetLufs', 'Loudness, LUFS')}
        {textRule('ceilingDbtp', 'Highest true peak, dBTP')}
        <SelectField
          label="Highest sample rate"
          value={form.maxSampleRateHz}
          options={rates}
          onChange={(maxSampleRateHz) => onChange({ maxSampleRateHz })}
        />
        <SelectField
          label="Longest words"
          value={form.maxWordLengthBits}
          options={words}
          onChange={(maxWordLengthBits) => onChange({ maxWordLengthBits })}
        />
        <SelectField
          label="Title, artists and the like"
          value={form.metadata}
          options={metadataOptions}
          onChange={(metadata) => onChange({ metadata })}
        />
      </div>
      <Panel
        title="Limits of size, length and silence"
        now={further.length === 0 ? 'none' : `${further.length} set`}
        faulty={isFaulty}
      >
        <div className="fields">{limitsOfFiles.map(({ rule, label }) => textRule(rule, label))}</div>
      </Panel>
    </>
  );
}
