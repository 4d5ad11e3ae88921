import { useRef, useState } from "react"
import { issueAt } from "../api/ApiFailure.ts"
import { call } from "../api/call.ts"
import { Button } from "../ui/Button.tsx"
import { FailureNotice } from "../ui/Feedback.tsx"
import { TextField } from "../ui/Field.tsx"
import { textsOf } from "../ui/formData.ts"
import { Icon } from "../ui/Icon.tsx"
import type { IncidentDetail } from "./queries.ts"
import { useIncidentChange } from "./useIncidentChange.ts"

/** An incident's title, which can be given another text. */
export const IncidentTitle = ({ incident: { id, title } }: { readonly incident: IncidentDetail }) => {
  const [editing, setEditing] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const close = () => {
    setEditing(false)
    requestAnimationFrame(() => button.current?.focus())
  }
  const rename = useIncidentChange(
    (text: string) => call("incidents", "edit", { path: { id }, payload: { title: text } }),
    { onSuccess: close },
  )
  if (!editing) {
    return (
      <div className="incident-title">
        <h1>{title}</h1>
        <button
          ref={button}
          type="button"
          className="button quiet icon"
          aria-label="Edit the title"
          onClick={() => setEditing(true)}
        >
          <Icon name="edit" />
        </button>
      </div>
    )
  }
  return (
    <form
      className="incident-title-form"
      onSubmit={(event) => {
        event.preventDefault()
        rename.mutate((textsOf(event.currentTarget)["title"] ?? "").trim())
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") close()
      }}
    >
      <h1 className="visually-hidden">{title}</h1>
      <TextField
        label="Title"
        name="title"
        defaultValue={title}
        required
        maxLength={300}
        autoFocus
        autoComplete="off"
        hint="This is what people are told from now on; it stays whatever else happens."
        wrong={issueAt(rename.error, "title")}
      />
      {issueAt(rename.error, "title") === undefined && <FailureNotice error={rename.error} />}
      <div className="row">
        <Button tone="primary" type="submit" busy={rename.isPending}>
          Save
        </Button>
        <Button tone="quiet" onClick={close}>
          Cancel
        </Button>
      </div>
    </form>
  )
}
