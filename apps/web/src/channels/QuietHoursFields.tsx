import { CheckField } from "../ui/CheckField.tsx"
import { TextField } from "../ui/Field.tsx"
import { SelectField } from "../ui/SelectField.tsx"
import type { ChannelForm } from "./form.ts"
import { timeZones } from "./timeZones.ts"

/** When a channel is left alone. */
export const QuietHoursFields = ({
  quiet,
  wrong,
  onQuiet,
}: {
  readonly quiet: ChannelForm["quiet"]
  readonly wrong: string | undefined
  readonly onQuiet: (quiet: ChannelForm["quiet"]) => void
}) => (
  <>
    <CheckField
      label="Not in quiet hours"
      hint="Messages of that time come when it is over, unless the incident is, too."
      checked={quiet.on}
      onChecked={(on) => onQuiet({ ...quiet, on })}
    />
    {quiet.on && (
      <div className="quiet-hours">
        <TextField
          label="From"
          name="quietFrom"
          type="time"
          value={quiet.from}
          onChange={(event) => onQuiet({ ...quiet, from: event.target.value })}
          wrong={wrong}
        />
        <TextField
          label="To"
          name="quietTo"
          type="time"
          value={quiet.to}
          onChange={(event) => onQuiet({ ...quiet, to: event.target.value })}
        />
        <SelectField
          label="Time zone"
          name="quietZone"
          value={quiet.timeZone}
          options={timeZones(quiet.timeZone).map((zone) => [zone, zone.replaceAll("_", " ")] as const)}
          onValue={(timeZone) => onQuiet({ ...quiet, timeZone })}
        />
      </div>
    )}
  </>
)
