import type { MasteringPlan, Stage } from '@lathe/contracts';
import { hertz, signedDb, textOf } from '../model/format.ts';
import { stageNames } from '../model/words.ts';
import { Section } from './pieces.tsx';

/** What was done before the loudness stage, and why. */
export function Plan({ plan }: { plan: MasteringPlan }) {
  return (
    <Section title="What was done" lead={plan.summary}>
      <ol className="plan">
        {plan.stages.map((stage) => (
          <li key={stage.stage} className={stage.bypassed ? 'bypassed' : ''}>
            <h3>
              {stageNames[stage.stage]} {stage.bypassed && <span className="left-alone">left alone</span>}
            </h3>
            <p>{stage.reason}</p>
            <Moves stage={stage} />
          </li>
        ))}
      </ol>
    </Section>
  );
}

const kinds = { bell: 'around', 'low-shelf': 'below', 'high-shelf': 'above' } as const;

function Moves({ stage }: { stage: Stage }) {
  if (stage.stage !== 'equalise' || stage.bypassed) return null;
  return (
    <ul className="moves">
      {stage.bands.map((band) => (
        <li key={`${band.kind} ${band.frequencyHz}`}>
          <span className="move">
            <b>{textOf(signedDb(band.gainDb))}</b> {kinds[band.kind]} {textOf(hertz(band.frequencyHz))}
          </span>
          <span className="move-reason">{band.reason}</span>
        </li>
      ))}
    </ul>
  );
}
