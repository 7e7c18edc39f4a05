import { type InputHTMLAttributes, type ReactNode, useId } from 'react';

type Around = { label: string; hint?: ReactNode; fault?: string | undefined };
type Described = { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true };

/** A label above, a hint below; what is wrong with the field takes the place of the hint, and is said aloud. */
function Field({ label, hint, fault, children }: Around & { children(described: Described): ReactNode }) {
  const id = useId();
  const note = `${id}-note`;
  const described = {
    ...((hint || fault) && { 'aria-describedby': note }),
    ...(fault && ({ 'aria-invalid': true } as const)),
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, ...described })}
      {(hint || fault) && (
        <p id={note} className={fault ? 'fault' : 'hint'} role={fault ? 'alert' : undefined}>
          {fault ?? hint}
        </p>
      )}
    </div>
  );
}

type TextFieldProps = Around & {
  value: string;
  onChange(value: string): void;
} & Omit<InputHTMLAttributes<HTMLInputElement>, 'value' | 'onChange' | 'id'>;

export function TextField({ label, hint, fault, onChange, ...input }: TextFieldProps) {
  return (
    <Field {...{ label, hint, fault }}>
      {(described) => (
        <input
          type="text"
          autoComplete="off"
          {...input}
          {...described}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

type SelectFieldProps<Value extends string> = Around & {
  value: Value;
  options: readonly { value: Value; name: string }[];
  onChange(value: Value): void;
  disabled?: boolean;
};

export function SelectField<Value extends string>(props: SelectFieldProps<Value>) {
  const { label, hint, fault, value, options, onChange, disabled = false } = props;
  return (
    <Field {...{ label, hint, fault }}>
      {(described) => (
        <select
          {...described}
          value={value}
          disabled={disabled}
          onChange={(event) => onChange(event.currentTarget.value as Value)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

type SliderProps = {
  label: ReactNode;
  /** The value in words, beside it and aloud. */
  words: string;
  value: number;
  range: { least: number; most: number; step: number };
  onChange(value: number): void;
  disabled?: boolean;
};

export function Slider({ label, words, value, range, onChange, disabled = false }: SliderProps) {
  const id = useId();
  return (
    <div className="slider">
      <label htmlFor={id}>{label}</label>
      <output htmlFor={id}>{words}</output>
      <input
        id={id}
        type="range"
        min={range.least}
        max={range.most}
        step={range.step}
        value={value}
        disabled={disabled}
        aria-valuetext={words}
        onChange={(event) => onChange(event.currentTarget.valueAsNumber)}
      />
    </div>
  );
}
