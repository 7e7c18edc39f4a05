import type { Master, MasteringPlan, Measurement, Rendition } from '@lathe/contracts';
import type { Lathe } from '../effects/use-lathe.ts';
import { formatNumber } from '../model/format.ts';
import { counterpart, renditionName } from '../model/order.ts';
import { changesBetween } from '../model/plan-edit.ts';
import { stageName } from '../model/words.ts';
import { Section } from './pieces.tsx';

type ComparedProps = { lathe: Lathe; before: Master; master: Master };

/** A master that was made again, beside the one whose moves were changed for it. */
export function Compared({ lathe, before, master }: ComparedProps) {
  const back = () => lathe.dispatch({ type: 'remade', master: before, before: null });
  return (
    <Section
      title="Compared with before"
      lead="Each figure as it was → as it is. In the player, A is the master before."
      aside={
        <p className="aside-buttons">
          <button type="button" className="plain" onClick={back}>
            Back to the one before
          </button>
        </p>
      }
    >
      {before.plan && master.plan && <Changes before={before.plan} after={master.plan} />}
      <Figures {...{ lathe, before, master }} />
    </Section>
  );
}

function Changes({ before, after }: { before: MasteringPlan; after: MasteringPlan }) {
  return (
    <ul className="changes">
      {changesBetween(before, after).map(({ stage, name, before: was, after: is }) => (
        <li key={`${stage} ${name}`}>
          <b>{changeName(stageName(stage), name)}</b>: {was} → {is}
        </li>
      ))}
    </ul>
  );
}

const changeName = (stage: string, move: string): string =>
  move === '' || move.startsWith(stage) ? move || stage : `${stage}, ${move}`;

const figures: [string, (measured: Measurement) => string][] = [
  ['Loudness, LUFS', ({ integratedLufs }) => formatNumber(integratedLufs)],
  ['True peak, dBTP', ({ truePeakDbtp }) => formatNumber(truePeakDbtp)],
  ['Range, LU', ({ loudnessRangeLu }) => formatNumber(loudnessRangeLu)],
];

function Figures({ lathe, before, master }: ComparedProps) {
  const platforms = lathe.state.catalogue?.platforms ?? [];
  const words = (of: Rendition | null, figure: (measured: Measurement) => string) => (of ? figure(of.measured) : '–');
  return (
    <div className="wide">
      <table className="regions">
        <thead>
          <tr>
            <th scope="col">Master</th>
            {figures.map(([name]) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {master.renditions.map((rendition) => (
            <tr key={rendition.id}>
              <th scope="row">{renditionName(rendition, platforms)}</th>
              {figures.map(([name, figure]) => (
                <td key={name}>
                  {words(counterpart(rendition, before), figure)} → {figure(rendition.measured)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
