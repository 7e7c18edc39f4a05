import type { Mix, Profile } from '@lathe/contracts';
import { type FormEvent, useState } from 'react';
import { placeOrder } from '../effects/use-follow.ts';
import type { Lathe } from '../effects/use-lathe.ts';
import type { References } from '../effects/use-references.ts';
import { isWaiting, masterCount, orderOf } from '../model/order.ts';
import type { Catalogue, Draft } from '../model/state.ts';
import { intensityWord, loudnessWords } from '../model/words.ts';
import { Amounts } from './amounts.tsx';
import { Choice } from './choice.tsx';
import { FileRules } from './file-rules.tsx';
import { FileWords } from './file-words.tsx';
import { Formats } from './formats.tsx';
import { Section, Wrong } from './pieces.tsx';
import { ProfileDialog } from './profile-dialog.tsx';
import { ReferenceTracks } from './references.tsx';
import { Targets } from './targets.tsx';
import { Touches } from './touches.tsx';

type OrderFormProps = { lathe: Lathe; references: References; mix: Mix; catalogue: Catalogue };

/** What the artist asks for. */
export function OrderForm({ lathe, references, mix, catalogue }: OrderFormProps) {
  const { draft, making, wrong } = lathe.state;
  const change = (part: Partial<Draft>) => lathe.dispatch({ type: 'draft-changed', change: part });
  /** The one that is open to be written: null is a new one. */
  const [profile, setProfile] = useState<Profile | null>();
  const order = orderOf(draft, mix.id);
  const sending = making.kind === 'ordering';
  const waiting = isWaiting(draft);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (order) placeOrder(lathe, order);
  };
  const count = masterCount(draft, catalogue.profiles);
  return (
    <Section
      title="Your master"
      lead="Say where it goes and how far Lathe may go. Everything done comes with its reason."
    >
      <form className="order" onSubmit={submit} noValidate>
        <Targets draft={draft} catalogue={catalogue} onChange={change} onProfile={setProfile} />
        <Choice
          name="Style"
          options={catalogue.styles.map(({ id, name, description }) => ({ id, name, description }))}
          chosen={draft.style}
          onChoose={(style) => change({ style })}
        />
        <Touches draft={draft} onChange={change} />
        <Intensity intensity={draft.intensity} onChange={change} />
        <Choice
          name="Loudness"
          compact
          options={loudnessOptions}
          chosen={draft.loudness}
          onChoose={(loudness) => change({ loudness })}
        />
        <Formats draft={draft} onChange={change} />
        <section className="panels" aria-label="More, for those who want it">
          <h3>More, for those who want it</h3>
          <Amounts draft={draft} onChange={change} />
          <ReferenceTracks lathe={lathe} references={references} mixId={mix.id} />
          <FileWords lathe={lathe} onChange={change} />
          <FileRules draft={draft} catalogue={catalogue} onChange={change} />
        </section>
        <Wrong sentence={wrong.order} />
        <p className="submit">
          <button type="submit" className="primary large" disabled={!order || sending || waiting}>
            {sending ? 'Sending…' : count > 1 ? `Make ${count} masters` : 'Make the master'}
          </button>
          {waiting && <span className="hint">A reference track is still on its way.</span>}
          {count === 0 && <span className="hint">Choose at least one place it goes to, and one kind of file.</span>}
        </p>
      </form>
      {profile !== undefined && <ProfileDialog lathe={lathe} profile={profile} onClose={() => setProfile(undefined)} />}
    </Section>
  );
}

const loudnessOptions = [
  { id: 'quieter', name: loudnessWords.quieter, description: '\u22122\u00a0LU' },
  { id: 'platform', name: loudnessWords.platform },
  { id: 'louder', name: loudnessWords.louder, description: '+2\u00a0LU' },
] as const;

function Intensity({ intensity, onChange }: { intensity: number; onChange(change: Partial<Draft>): void }) {
  return (
    <div className="intensity">
      <label htmlFor="intensity">Intensity</label>
      <output htmlFor="intensity">
        {intensity} <span>{intensityWord(intensity)}</span>
      </output>
      <input
        id="intensity"
        type="range"
        min={0}
        max={100}
        step={5}
        value={intensity}
        aria-valuetext={`${intensity}, ${intensityWord(intensity)}`}
        onChange={(event) => onChange({ intensity: event.currentTarget.valueAsNumber })}
      />
    </div>
  );
}
