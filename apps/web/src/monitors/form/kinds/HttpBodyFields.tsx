import { SelectField } from "../../../ui/SelectField.tsx"
import { useOptions } from "../FormContext.tsx"
import { LinesField } from "../fields.tsx"

const types = [
  ["none", "None"],
  ["json", "JSON"],
  ["form", "Form (name=value&…)"],
  ["raw", "Other text"],
] as const

const hints = {
  json: "It is sent as application/json.",
  form: "It is sent as application/x-www-form-urlencoded.",
  raw: "Say what it is with a header named content-type.",
} as const

/** The body of a request, where it has one. */
export const HttpBodyFields = () => {
  const [{ body, method }, change] = useOptions("http")
  return (
    <>
      <SelectField
        label="Body"
        name="http.body.type"
        value={body?.type ?? "none"}
        options={types}
        onValue={(type) => change({ body: type === "none" ? undefined : { type, content: body?.content ?? "" } })}
        {...(body !== undefined && (method ?? "GET") === "GET"
          ? { hint: "Few servers look at the body of a GET." }
          : {})}
      />
      {body !== undefined && (
        <LinesField
          label="Content"
          path="http.body.content"
          value={body.content}
          onText={(content = "") => change({ body: { ...body, content } })}
          rows={6}
          maxLength={8_000}
          hint={hints[body.type]}
        />
      )}
    </>
  )
}
