import type { Master, MasteringPlan } from '@lathe/contracts';
import { useState } from 'react';
import { remake } from '../effects/remake.ts';
import type { Lathe } from '../effects/use-lathe.ts';
import { type Edits, editedPlan, isChanged } from '../model/plan-edit.ts';
import { Section, Wrong } from './pieces.tsx';
import { PlanStage } from './plan-stage.tsx';

type PlanProps = { lathe: Lathe; master: Master; plan: MasteringPlan };

/** What was done before the loudness stage, and why; any of it can be changed and made again. */
export function Plan({ lathe, master, plan }: PlanProps) {
  const [edits, setEdits] = useState<Edits | null>(null);
  const [sending, setSending] = useState(false);
  const again = async () => {
    setSending(true);
    await remake(lathe, master, editedPlan(plan, edits ?? {}));
    setSending(false);
  };
  return (
    <Section
      title="What was done"
      lead={plan.summary}
      aside={
        !edits &&
        plan.stages.length > 0 && (
          <p className="aside-buttons">
            <button type="button" className="plain" onClick={() => setEdits({})}>
              Change these moves
            </button>
          </p>
        )
      }
    >
      {edits && (
        <p className="lead">
          Switch off what you do not want, or turn it up and down. The mix is then mastered again, and both can be
          compared.
        </p>
      )}
      <ol className="plan">
        {plan.stages.map((stage, place) => (
          <PlanStage
            // A plan may hold a stage twice; its stages never change their places.
            // biome-ignore lint/suspicious/noArrayIndexKey: the place is what names a stage
            key={place}
            stage={stage}
            place={place}
            edits={edits}
            onEdit={(key, value) => setEdits((before) => ({ ...before, [key]: value }))}
          />
        ))}
      </ol>
      {edits && (
        <>
          <Wrong sentence={lathe.state.wrong.plan} />
          <p className="submit">
            <button type="button" className="primary" disabled={sending || !isChanged(plan, edits)} onClick={again}>
              {sending ? 'Sending…' : 'Make it again with these moves'}
            </button>
            <button type="button" className="quiet" onClick={() => setEdits(null)}>
              Leave it as it was
            </button>
          </p>
        </>
      )}
    </Section>
  );
}
