import { stageGroups } from '@lathe/contracts';
import type { Draft } from '../model/state.ts';
import { amountsWords, groupNames, phaseNames } from '../model/words.ts';
import { Choice } from './choice.tsx';
import { Slider } from './fields.tsx';
import { Panel } from './panel.tsx';

type AmountsProps = { draft: Draft; onChange(change: Partial<Draft>): void };

const range = { least: 0, most: 100, step: 5 };

/** How much of each part of the work is done, and how the equaliser does its part. */
export function Amounts({ draft: { amounts, phase }, onChange }: AmountsProps) {
  return (
    <Panel title="How much of each part" now={amountsWords(amounts, phase)}>
      <div className="fields">
        {stageGroups.map((group) => (
          <Slider
            key={group}
            label={groupNames[group]}
            words={amounts[group] === 0 ? 'off' : `${amounts[group]}\u00a0%`}
            value={amounts[group]}
            range={range}
            onChange={(amount) => onChange({ amounts: { ...amounts, [group]: amount } })}
          />
        ))}
      </div>
      <Choice
        name="Equaliser"
        compact
        options={[
          { id: 'minimum', name: phaseNames.minimum, description: 'rings after a stroke' },
          { id: 'linear', name: phaseNames.linear, description: 'rings before it as well' },
        ]}
        chosen={phase}
        onChoose={(chosen) => onChange({ phase: chosen })}
      />
    </Panel>
  );
}
