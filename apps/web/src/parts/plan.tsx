import type { MasteringPlan, Stage } from '@lathe/contracts';
import { hertz, signedDb, textOf } from '../model/format.ts';
import { beforeAndAfter } from '../model/stage-figures.ts';
import { stageName } from '../model/words.ts';
import { Section } from './pieces.tsx';

/** What was done before the loudness stage, and why. */
export function Plan({ plan }: { plan: MasteringPlan }) {
  return (
    <Section title="What was done" lead={plan.summary}>
      <ol className="plan">
        {plan.stages.map((stage, place) => (
          // A plan may hold a stage twice; its stages never change their places.
          // biome-ignore lint/suspicious/noArrayIndexKey: the place is what names a stage
          <li key={place} className={stage.bypassed ? 'bypassed' : ''}>
            <h3>
              {stageName(stage.stage)} {stage.bypassed && <span className="left-alone">left alone</span>}
            </h3>
            <p>{stage.reason}</p>
            <Figures stage={stage} />
            <Moves stage={stage} />
          </li>
        ))}
      </ol>
    </Section>
  );
}

/** What a repair found and what it left. */
function Figures({ stage }: { stage: Stage }) {
  const figures = beforeAndAfter(stage);
  if (figures.length === 0 || stage.bypassed) return null;
  return (
    <ul className="moves">
      {figures.map(({ name, before, after }) => (
        <li key={name}>
          <span className="move">
            <b>{after}</b> {name}
          </span>
          <span className="move-reason">{before} before</span>
        </li>
      ))}
    </ul>
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
