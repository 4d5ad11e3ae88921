import { useRef, useState } from "react"
import { issueAt } from "../api/ApiFailure.ts"
import { call } from "../api/call.ts"
import { Button } from "../ui/Button.tsx"
import { FailureNotice } from "../ui/Feedback.tsx"
import { Field } from "../ui/Field.tsx"
import { textsOf } from "../ui/formData.ts"
import { Icon } from "../ui/Icon.tsx"
import type { IncidentDetail } from "./queries.ts"
import { useIncidentChange } from "./useIncidentChange.ts"

/** What was learnt from an incident, and a place to write it down. */
export const Postmortem = ({ incident: { id, isPublic, postmortem } }: { readonly incident: IncidentDetail }) => {
  const [writing, setWriting] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const close = () => {
    setWriting(false)
    requestAnimationFrame(() => button.current?.focus())
  }
  const write = useIncidentChange(
    (body: string) => call("incidents", "postmortem", { path: { id }, payload: { body } }),
    {
      onSuccess: close,
    },
  )
  const wrong = issueAt(write.error, "body")
  return (
    <section className="card stack" aria-labelledby="postmortem-title">
      <div className="spread">
        <h2 id="postmortem-title">Post-mortem</h2>
        {!writing && (
          <button ref={button} type="button" className="button plain small" onClick={() => setWriting(true)}>
            <Icon name="edit" />
            {postmortem === null ? "Write" : "Edit"}
            <span className="visually-hidden"> the post-mortem</span>
          </button>
        )}
      </div>
      {writing ? (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault()
            write.mutate((textsOf(event.currentTarget)["body"] ?? "").trim())
          }}
        >
          <Field
            label="What was learnt"
            wrong={wrong}
            hint={
              isPublic
                ? "It is shown on your status pages, beside the incident."
                : "Only you see it, unless the incident is shown on status pages."
            }
          >
            {(field) => (
              <textarea
                {...field}
                name="body"
                className="input"
                rows={10}
                required
                // biome-ignore lint/a11y/noAutofocus: it comes when it is asked for, in the place of what was pressed
                autoFocus
                maxLength={10_000}
                defaultValue={postmortem ?? ""}
                placeholder="What happened, why, how it was noticed, what will be different."
              />
            )}
          </Field>
          {wrong === undefined && <FailureNotice error={write.error} />}
          <div className="row">
            <Button tone="primary" type="submit" busy={write.isPending}>
              Save
            </Button>
            <Button tone="quiet" onClick={close}>
              Cancel
            </Button>
          </div>
        </form>
      ) : postmortem === null ? (
        <p className="muted">Write down what was learnt while it is fresh.</p>
      ) : (
        <p className="written">{postmortem}</p>
      )}
    </section>
  )
}
