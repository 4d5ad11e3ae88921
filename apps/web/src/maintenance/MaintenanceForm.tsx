import { Link } from "@tanstack/react-router"
import { Either } from "effect"
import { type ReactNode, useMemo, useRef, useState } from "react"
import { issueAt } from "../api/ApiFailure.ts"
import { BackLink } from "../ui/BackLink.tsx"
import { Button, buttonClass } from "../ui/Button.tsx"
import { FailureNotice } from "../ui/Feedback.tsx"
import { Field, TextField } from "../ui/Field.tsx"
import { PageHead } from "../ui/PageHead.tsx"
import { type Draft, planOfDraft } from "./draft.ts"
import "./maintenance.css"
import { PlanFields } from "./PlanFields.tsx"
import type { Plan } from "./queries.ts"
import { ScopeFields } from "./ScopeFields.tsx"
import { WindowPreview } from "./WindowPreview.tsx"

/** The fields of the request that the form shows what is wrong with beside them. */
const told = ["title", "description", "monitorIds", "tags", "groups"]

/** All that can be set on a maintenance, with its next windows as they come of what is typed. */
export const MaintenanceForm = ({
  title,
  action,
  draft,
  onChange,
  onSubmit,
  error,
  busy,
  actions,
}: {
  readonly title: string
  /** What the button says. */
  readonly action: string
  readonly draft: Draft
  readonly onChange: (draft: Draft) => void
  readonly onSubmit: (plan: Plan) => void
  readonly error: unknown
  readonly busy: boolean
  readonly actions?: ReactNode
}) => {
  const [tried, setTried] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const plan = useMemo(() => planOfDraft(draft), [draft])
  const issues = Either.isLeft(plan) ? plan.left : {}
  const isOverNothing = draft.monitorIds.length + draft.tags.length + draft.groups.length === 0
  const change = (part: Partial<Draft>) => onChange({ ...draft, ...part })
  const isTold = told.some((field) => issueAt(error, field) !== undefined)
  return (
    <form
      ref={form}
      className="stack maintenance-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        setTried(true)
        if (Either.isRight(plan) && !isOverNothing && draft.title.trim() !== "") return onSubmit(plan.right)
        requestAnimationFrame(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true], .needs")?.focus())
      }}
    >
      <PageHead back={<BackLink to="/maintenance">Maintenance</BackLink>} actions={actions}>
        <h1>{title}</h1>
      </PageHead>
      {!isTold && <FailureNotice error={error} />}
      <div className="maintenance-form-columns">
        <div className="stack">
          <section className="card stack" aria-labelledby="what-title">
            <h2 id="what-title">What</h2>
            <TextField
              label="Title"
              value={draft.title}
              required
              maxLength={200}
              autoComplete="off"
              placeholder="Database upgrade"
              onChange={(event) => change({ title: event.target.value })}
              wrong={issueAt(error, "title") ?? (tried && draft.title.trim() === "" ? "Give it a title." : undefined)}
            />
            <Field
              label="Description"
              hint="What is done, and what people will notice."
              wrong={issueAt(error, "description")}
            >
              {(field) => (
                <textarea
                  {...field}
                  className="input"
                  rows={3}
                  maxLength={10_000}
                  value={draft.description}
                  onChange={(event) => change({ description: event.target.value })}
                />
              )}
            </Field>
            <label className="check-row">
              <input
                type="checkbox"
                className="checkbox"
                checked={draft.isPublic}
                onChange={(event) => change({ isPublic: event.target.checked })}
              />
              <span>
                Show on status pages
                <span className="small muted">
                  Title, description and windows appear on the pages that show one of its monitors, 30 days ahead. Their
                  subscribers are told 72 hours before it begins.
                </span>
              </span>
            </label>
          </section>
          <PlanFields draft={draft} onChange={change} issues={issues} tried={tried} />
        </div>
        <div className="stack">
          <WindowPreview plan={Either.isRight(plan) ? plan.right : null} timeZone={draft.timeZone} />
          <ScopeFields
            draft={draft}
            onChange={change}
            wrong={
              issueAt(error, "monitorIds") ??
              issueAt(error, "tags") ??
              issueAt(error, "groups") ??
              (tried && isOverNothing ? "Choose a monitor, a tag or a group." : undefined)
            }
          />
        </div>
      </div>
      <div className="row">
        <Button tone="primary" type="submit" busy={busy}>
          {action}
        </Button>
        <Link to="/maintenance" className={buttonClass("quiet")}>
          Cancel
        </Link>
      </div>
    </form>
  )
}
