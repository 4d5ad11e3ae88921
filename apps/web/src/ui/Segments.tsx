/** A few choices side by side, one of which holds. */
export const Segments = <T extends string>({
  label,
  segments,
  selected,
  onSelect,
}: {
  readonly label: string
  readonly segments: ReadonlyArray<{ readonly value: T; readonly label: string }>
  readonly selected: T
  readonly onSelect: (value: T) => void
}) => (
  <fieldset className="segments">
    <legend className="visually-hidden">{label}</legend>
    {segments.map(({ label: text, value }) => (
      <button key={value} type="button" aria-pressed={value === selected} onClick={() => onSelect(value)}>
        {text}
      </button>
    ))}
  </fieldset>
)
