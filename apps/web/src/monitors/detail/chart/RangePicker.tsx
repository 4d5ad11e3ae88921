import { useState } from "react"
import { Button } from "../../../ui/Button.tsx"
import { currentTime } from "../../../ui/clock.ts"
import { Field } from "../../../ui/Field.tsx"
import { textsOf } from "../../../ui/formData.ts"
import { Segments } from "../../../ui/Segments.tsx"
import { type ChartSearch, type Range, ranges, searchOf } from "./chartSearch.ts"
import { fitted, type Stretch } from "./stretch.ts"

const words: Readonly<Record<Range, string>> = { "24h": "24 h", "7d": "7 d", "30d": "30 d", "90d": "90 d", "1y": "1 y" }

const choices = [...ranges.map((value) => ({ value, label: words[value] })), { value: "own", label: "Custom" }] as const

/** Which range a chart shows: one of the usual ones, or one of one's own. */
export const RangePicker = ({
  search,
  stretch,
  onChange,
}: {
  readonly search: ChartSearch
  readonly stretch: Stretch | undefined
  readonly onChange: (change: ChartSearch) => void
}) => {
  const [isOpen, setIsOpen] = useState(false)
  const selected = search.from === undefined ? (search.range ?? "24h") : "own"
  return (
    <>
      <Segments
        label="Range"
        segments={choices}
        selected={isOpen ? "own" : selected}
        onSelect={(value) => {
          setIsOpen(value === "own" && !isOpen)
          if (value !== "own") onChange({ range: value, from: undefined, to: undefined })
        }}
      />
      {isOpen && (
        <CustomRange
          stretch={stretch}
          onChoose={(wanted) => {
            setIsOpen(false)
            onChange(searchOf(fitted(wanted, currentTime())))
          }}
        />
      )}
    </>
  )
}

const CustomRange = ({
  onChoose,
  stretch,
}: {
  readonly stretch: Stretch | undefined
  readonly onChoose: (stretch: Stretch) => void
}) => {
  const [wrong, setWrong] = useState<string>()
  return (
    <form
      className="custom-range"
      onSubmit={(event) => {
        event.preventDefault()
        const { from = "", to = "" } = textsOf(event.currentTarget)
        // Without an offset, both are in the viewer's zone.
        const wanted = { from: Date.parse(from), to: Date.parse(to) }
        if (!(wanted.from < wanted.to)) return setWrong("The end has to be after the beginning.")
        if (wanted.from > currentTime()) return setWrong("The beginning has to be in the past.")
        onChoose(wanted)
      }}
    >
      <Field label="From" wrong={wrong}>
        {(field) => (
          <input
            {...field}
            type="datetime-local"
            name="from"
            className="input"
            required
            defaultValue={localText(stretch?.from)}
          />
        )}
      </Field>
      <Field label="To">
        {(field) => (
          <input
            {...field}
            type="datetime-local"
            name="to"
            className="input"
            required
            defaultValue={localText(stretch?.to)}
          />
        )}
      </Field>
      <Button type="submit">Show</Button>
    </form>
  )
}

/** An instant as an input of a local time takes it. */
const localText = (at: number | undefined): string => {
  if (at === undefined) return ""
  const time = new Date(at)
  return new Date(at - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
