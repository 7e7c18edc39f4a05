import type { Stage } from '@lathe/contracts';
import { type Edits, type Knob, knobKey, knobsOf, knobWords, onKey, stageKey } from '../model/plan-edit.ts';
import { beforeAndAfter } from '../model/stage-figures.ts';
import { stageName } from '../model/words.ts';
import { Slider } from './fields.tsx';

type StageProps = {
  stage: Stage;
  place: number;
  /** Null while the plan is only shown. */
  edits: Edits | null;
  onEdit(key: string, value: number | boolean): void;
};

/** One stage of the plan with its reason, to read or to change. */
export function PlanStage({ stage, place, edits, onEdit }: StageProps) {
  const on = (edits?.[stageKey(place)] ?? !stage.bypassed) !== false;
  const name = stageName(stage.stage);
  return (
    <li className={on ? '' : 'bypassed'}>
      <h3>
        {edits ? (
          <label className="tick">
            <input
              type="checkbox"
              checked={on}
              onChange={(event) => onEdit(stageKey(place), event.currentTarget.checked)}
            />
            {name}
          </label>
        ) : (
          name
        )}{' '}
        {!on && <span className="left-alone">left alone</span>}
      </h3>
      <p>{stage.reason}</p>
      {on && <Figures stage={stage} />}
      {on && (edits ? <Knobs {...{ stage, place, edits, onEdit }} /> : <Moves stage={stage} />)}
    </li>
  );
}

/** What a repair found and what it left. */
function Figures({ stage }: { stage: Stage }) {
  const figures = beforeAndAfter(stage);
  if (figures.length === 0) return null;
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

function Moves({ stage }: { stage: Stage }) {
  if (stage.stage !== 'equalise') return null;
  return (
    <ul className="moves">
      {knobsOf(stage).map(({ name, value, unit, reason }) => (
        <li key={name}>
          <span className="move">
            <b>{knobWords(value, unit)}</b> {name}
          </span>
          <span className="move-reason">{reason}</span>
        </li>
      ))}
    </ul>
  );
}

function Knobs({ stage, place, edits, onEdit }: StageProps & { edits: Edits }) {
  const knobs = knobsOf(stage);
  if (knobs.length === 0) return null;
  return (
    <ul className="moves knobs">
      {knobs.map((knob, k) => (
        <li key={knob.name}>
          <KnobField
            knob={knob}
            value={Number(edits[knobKey(place, k)] ?? knob.value)}
            on={edits[onKey(place, k)] !== false}
            onValue={(value) => onEdit(knobKey(place, k), value)}
            onSwitch={(on) => onEdit(onKey(place, k), on)}
          />
          {knob.reason && <span className="move-reason">{knob.reason}</span>}
        </li>
      ))}
    </ul>
  );
}

type KnobFieldProps = {
  knob: Knob;
  value: number;
  on: boolean;
  onValue(value: number): void;
  onSwitch(on: boolean): void;
};

function KnobField({ knob: { name, unit, range, canGo }, value, on, onValue, onSwitch }: KnobFieldProps) {
  return (
    <div className="knob">
      {canGo && (
        <input
          type="checkbox"
          className="knob-switch"
          checked={on}
          aria-label={`The move ${name}`}
          onChange={(event) => onSwitch(event.currentTarget.checked)}
        />
      )}
      <Slider
        label={name}
        words={on ? knobWords(value, unit) : 'off'}
        value={value}
        range={range}
        disabled={!on}
        onChange={onValue}
      />
    </div>
  );
}
