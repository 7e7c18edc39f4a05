type Option<Id extends string> = { id: Id; name: string; description?: string };

type ChoiceProps<Id extends string> = {
  name: string;
  options: readonly Option<Id>[];
  chosen: Id;
  onChoose(id: Id): void;
  /** One row of short names instead of cards with sentences. */
  compact?: boolean;
};

/** One of a few. Native radio buttons underneath, so arrows, labels and forms work as they should. */
export function Choice<Id extends string>({ name, options, chosen, onChoose, compact = false }: ChoiceProps<Id>) {
  return (
    <fieldset className={compact ? 'choice compact' : 'choice'}>
      <legend>{name}</legend>
      <div className="options">
        {options.map(({ id, name: label, description }) => (
          <label key={id} className="option">
            <input
              type="radio"
              name={name}
              value={id}
              checked={id === chosen}
              onChange={() => onChoose(id)}
              aria-label={label}
              aria-describedby={description ? `${name}-${id}` : undefined}
            />
            <span className="option-name">{label}</span>
            {description && (
              <span className="option-words" id={`${name}-${id}`}>
                {description}
              </span>
            )}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
