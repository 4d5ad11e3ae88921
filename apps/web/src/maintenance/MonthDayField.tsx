import { Field } from "../ui/Field.tsx"
import { weekdayNames } from "./planText.ts"
import { type MonthDay, weekdays } from "./rule.ts"

const nths = [
  [1, "First"],
  [2, "Second"],
  [3, "Third"],
  [4, "Fourth"],
  [-1, "Last"],
] as const

/** Which day of a month: the one of the first time, the last one, or such as the second Tuesday. */
export const MonthDayField = ({
  from,
  monthDay,
  onChange,
}: {
  /** The wall time of the first time. */
  readonly from: string
  readonly monthDay: MonthDay
  readonly onChange: (monthDay: MonthDay) => void
}) => {
  const day = Number(from.slice(8, 10))
  const value = monthDay.by === "weekday" ? String(monthDay.nth) : monthDay.by
  return (
    <Field
      label="On"
      {...(monthDay.by === "start" && day > 28 ? { hint: `Months without a day ${day} are left out.` } : {})}
    >
      {(field) => (
        <div className="every">
          <select
            {...field}
            className="input"
            value={value}
            onChange={(event) => {
              const nth = nths.find(([each]) => String(each) === event.target.value)?.[0]
              const weekday = monthDay.by === "weekday" ? monthDay.weekday : "SU"
              if (nth !== undefined) onChange({ by: "weekday", nth, weekday })
              else onChange({ by: event.target.value === "last" ? "last" : "start" })
            }}
          >
            <option value="start">{Number.isNaN(day) ? "The day of the first time" : `Day ${day}`}</option>
            <option value="last">Last day</option>
            {nths.map(([nth, label]) => (
              <option key={nth} value={nth}>
                {label} …
              </option>
            ))}
          </select>
          {monthDay.by === "weekday" && (
            <select
              className="input"
              aria-label="Weekday"
              value={monthDay.weekday}
              onChange={(event) =>
                onChange({ ...monthDay, weekday: weekdays.find((each) => each === event.target.value) ?? "SU" })
              }
            >
              {weekdays.map((weekday) => (
                <option key={weekday} value={weekday}>
                  {weekdayNames[weekday]}
                </option>
              ))}
            </select>
          )}
        </div>
      )}
    </Field>
  )
}
