import { Field } from "../ui/Field.tsx"
import { accentSamples, isColour } from "./accent.ts"

/** The colour of links and buttons of a page, as it looks in both themes; a warning where it had to be changed for that. */
export const AccentField = ({
  value,
  onChange,
  wrong,
}: {
  readonly value: string
  readonly onChange: (accent: string) => void
  readonly wrong: string | undefined
}) => {
  const samples = isColour(value) ? accentSamples(value) : []
  const changed = samples.filter(({ isReadable }) => !isReadable)
  return (
    <div className="stack accent">
      <Field label="Accent colour" hint="Of links, buttons and charts." wrong={wrong}>
        {(field) => (
          <div className="row">
            <input
              type="color"
              className="colour-input"
              aria-label="Pick the accent colour"
              value={isColour(value) ? value : "#2563eb"}
              onChange={(event) => onChange(event.target.value)}
            />
            <input
              {...field}
              className="input colour-text"
              maxLength={7}
              autoComplete="off"
              spellCheck={false}
              placeholder="#2563eb"
              value={value}
              onChange={(event) => onChange(event.target.value.trim())}
            />
          </div>
        )}
      </Field>
      <div className="accent-samples">
        {samples.map(({ background, colour, theme }) => (
          <p key={theme} className="accent-sample" style={{ background, color: colour }}>
            A link on the {theme} page
          </p>
        ))}
      </div>
      {changed.length > 0 && (
        <p className="notice status-Degraded" role="status">
          {changed
            .map(
              ({ colour, ratio, theme }) =>
                `On the ${theme} page this colour has a contrast of ${ratio} to 1, and text needs 4.5: ${colour} is used there.`,
            )
            .join(" ")}
        </p>
      )}
    </div>
  )
}
