import { useMutation, useQuery } from "@tanstack/react-query"
import { Link, useNavigate } from "@tanstack/react-router"
import { useState } from "react"
import { issueAt, issueWithin } from "../api/ApiFailure.ts"
import { call } from "../api/call.ts"
import { summariesQuery } from "../api/queries.ts"
import { useTitle } from "../app/useTitle.ts"
import { BackLink } from "../ui/BackLink.tsx"
import { Button, buttonClass } from "../ui/Button.tsx"
import { CheckField } from "../ui/CheckField.tsx"
import { FailureNotice } from "../ui/Feedback.tsx"
import { TextField } from "../ui/Field.tsx"
import { counted } from "../ui/format.ts"
import { PageHead } from "../ui/PageHead.tsx"
import { slugOf } from "./draft.ts"
import { pagePath } from "./pageAddress.ts"
import { keepStatusPage } from "./queries.ts"
import { mostMonitors, mostSections, sectionsByGroup, sentSections } from "./sections.ts"
import "./statusPages.css"

/** Making a status page: its title and its address; the rest has defaults and is edited on the page that follows. */
export const NewStatusPage = () => {
  useTitle("New status page")
  const navigate = useNavigate()
  const monitors = useQuery(summariesQuery).data ?? []
  const [title, setTitle] = useState("")
  const [typedSlug, setTypedSlug] = useState<string | null>(null)
  const [fills, setFills] = useState(true)
  const sections = sectionsByGroup(monitors)
  const fits = monitors.length > 0 && monitors.length <= mostMonitors && sections.length <= mostSections
  const slug = typedSlug ?? slugOf(title)
  const create = useMutation({
    mutationFn: () =>
      call("statusPages", "create", {
        payload: {
          title: title.trim(),
          slug: slug.trim(),
          timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
          ...(fits && fills ? { sections: sentSections(sections) } : {}),
        },
      }),
    onSuccess: async (page) => {
      keepStatusPage(page)
      await navigate({ to: "/status-pages/$id", params: { id: page.id } })
    },
  })
  const told = issueWithin(create.error, "title") ?? issueWithin(create.error, "slug")
  return (
    <div className="form-page stack">
      <PageHead back={<BackLink to="/status-pages">Status pages</BackLink>}>
        <h1>New status page</h1>
      </PageHead>
      <form
        className="card stack"
        onSubmit={(event) => {
          event.preventDefault()
          create.mutate()
        }}
      >
        {told === undefined && <FailureNotice error={create.error} />}
        <TextField
          label="Title"
          required
          autoFocus
          maxLength={200}
          autoComplete="off"
          placeholder="Acme status"
          value={title}
          onChange={(event) => setTitle(event.target.value)}
          wrong={issueAt(create.error, "title")}
          hint="What visitors read at the top of the page."
        />
        <TextField
          label="Address"
          required
          maxLength={63}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          pattern="[a-z0-9]([a-z0-9\-]*[a-z0-9])?"
          title="Small letters, digits and hyphens, with no hyphen at the ends"
          value={slug}
          onChange={(event) => setTypedSlug(event.target.value.toLowerCase())}
          wrong={issueAt(create.error, "slug")}
          hint={
            <>
              The page will be at <strong>{`${window.location.origin}${pagePath(slug === "" ? "…" : slug)}`}</strong>. A
              host name of its own can follow.
            </>
          }
        />
        {fits && (
          <CheckField
            label={`Start with ${monitors.length === 1 ? "your monitor" : `all ${counted(monitors.length, "monitor")}`} on it`}
            hint="In sections by their groups, under their own names. Nothing else of them is shown, such as their URLs."
            checked={fills}
            onChecked={setFills}
          />
        )}
        <div className="row">
          <Button tone="primary" type="submit" busy={create.isPending}>
            Make the page
          </Button>
          <Link to="/status-pages" className={buttonClass("quiet")}>
            Cancel
          </Link>
        </div>
      </form>
    </div>
  )
}
