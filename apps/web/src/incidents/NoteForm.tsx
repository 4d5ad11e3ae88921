import { type RefObject, useState } from "react"
import { issueAt } from "../api/ApiFailure.ts"
import { call } from "../api/call.ts"
import { Button } from "../ui/Button.tsx"
import { FailureNotice } from "../ui/Feedback.tsx"
import { Field } from "../ui/Field.tsx"
import type { IncidentDetail } from "./queries.ts"
import { useIncidentChange } from "./useIncidentChange.ts"

/** Adds to the timeline: a comment for the account alone, or an update for everybody who is told. */
export const NoteForm = ({
  incident: { id, isPublic },
  field: text,
}: {
  readonly incident: IncidentDetail
  /** The field for the text, for what leads there. */
  readonly field: RefObject<HTMLTextAreaElement | null>
}) => {
  const [body, setBody] = useState("")
  const [forAll, setForAll] = useState(false)
  const add = useIncidentChange(
    (note: { readonly body: string; readonly public: boolean }) =>
      call("incidents", "comment", { path: { id }, payload: note }),
    {
      onSuccess: () => {
        setBody("")
        setForAll(false)
      },
    },
  )
  const said = body.trim()
  const wrong = issueAt(add.error, "body")
  return (
    <form
      className="note-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (said !== "") add.mutate({ body: said, public: forAll })
      }}
    >
      <Field label={forAll ? "Update for everybody" : "Comment"} wrong={wrong}>
        {(field) => (
          <textarea
            {...field}
            ref={text}
            aria-keyshortcuts="c"
            className="input"
            rows={2}
            maxLength={10_000}
            placeholder={forAll ? "What everybody should know" : "What you found, for yourself"}
            value={body}
            onChange={(event) => setBody(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit()
            }}
          />
        )}
      </Field>
      {wrong === undefined && <FailureNotice error={add.error} />}
      <div className="spread">
        <label className="check-label">
          <input
            type="checkbox"
            className="checkbox"
            checked={forAll}
            onChange={(event) => setForAll(event.target.checked)}
          />
          Public update
        </label>
        <Button type="submit" tone={forAll ? "primary" : "plain"} busy={add.isPending} disabled={said === ""}>
          {forAll ? "Publish" : "Comment"}
        </Button>
      </div>
      {forAll && (
        <p className="small muted">
          Every channel that was told of this incident is told.{" "}
          {isPublic
            ? "It appears on your status pages, and their subscribers are told."
            : "It appears on status pages once the incident is shown there."}
        </p>
      )}
    </form>
  )
}
