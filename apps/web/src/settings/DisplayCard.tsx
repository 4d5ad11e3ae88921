import { setTheme, type Theme, useTheme } from "../app/theme.ts"
import { useNow } from "../ui/clock.ts"
import { absoluteTime } from "../ui/format.ts"
import { RadioField } from "../ui/RadioField.tsx"

const themes = [
  { value: "system", label: "As the system", hint: "Light by day and dark by night, where the system does so." },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
] as const satisfies ReadonlyArray<{ readonly value: Theme; readonly label: string; readonly hint?: string }>

/** How the dashboard looks on this device, and in which time zone it tells times. */
export const DisplayCard = () => {
  const theme = useTheme()
  const now = useNow()
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  return (
    <section className="card stack" aria-labelledby="settings-display">
      <h2 id="settings-display">Display</h2>
      <RadioField label="Theme" options={themes} value={theme} onChange={setTheme} />
      <dl className="settings-facts">
        <div>
          <dt>Time zone</dt>
          <dd>{timeZone.replaceAll("_", " ")}, as this device has it</dd>
        </div>
        <div>
          <dt>Now</dt>
          <dd>{absoluteTime(now)}</dd>
        </div>
      </dl>
    </section>
  )
}
