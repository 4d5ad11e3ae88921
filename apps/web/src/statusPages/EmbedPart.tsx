import { useQuery } from "@tanstack/react-query"
import { type BadgeKind, badgeKinds } from "@uptime/statuspage/BadgeText"
import { useState } from "react"
import { summariesQuery } from "../api/queries.ts"
import { buttonClass } from "../ui/Button.tsx"
import { Empty } from "../ui/Feedback.tsx"
import { Field } from "../ui/Field.tsx"
import { Icon } from "../ui/Icon.tsx"
import { EmbedCodes } from "./EmbedCodes.tsx"
import { badgeWords } from "./embedCode.ts"
import { pageAddress, pagePath } from "./pageAddress.ts"
import type { StatusPage } from "./queries.ts"

/** Badges and the widget of a page, to be put elsewhere: one is picked, and its text is copied. */
export const EmbedPart = ({ page }: { readonly page: StatusPage }) => {
  const monitors = useQuery(summariesQuery).data ?? []
  const shown = page.sections.flatMap((section) => section.monitors)
  const [publicId, setPublicId] = useState<string | null>(null)
  const [kind, setKind] = useState<BadgeKind>("status")
  const picked = shown.find((monitor) => monitor.publicId === publicId) ?? shown[0]
  const nameOf = ({ monitorId, name }: (typeof shown)[number]) =>
    name ?? monitors.find(({ id }) => id === monitorId)?.name ?? "Monitor"
  const address = pageAddress(page, window.location.origin)
  const local = pagePath(page.slug)
  return (
    <>
      {page.visibility !== "public" && (
        <p className="notice status-Degraded">
          <Icon name="lock" />
          Only whoever may see the page gets its badges and its widget; for all others they are not there.
        </p>
      )}
      <section className="card stack" aria-labelledby="page-badges">
        <h2 id="page-badges">Badge</h2>
        {picked === undefined ? (
          <Empty icon="tag" title="No monitor to make a badge of">
            Add monitors to the page and save it first.
          </Empty>
        ) : (
          <>
            <div className="page-pair">
              <Field label="Monitor">
                {(field) => (
                  <select
                    {...field}
                    className="input"
                    value={picked.publicId}
                    onChange={(event) => setPublicId(event.target.value)}
                  >
                    {shown.map((monitor) => (
                      <option key={monitor.publicId} value={monitor.publicId}>
                        {nameOf(monitor)}
                      </option>
                    ))}
                  </select>
                )}
              </Field>
              <Field label="What it says">
                {(field) => (
                  <select
                    {...field}
                    className="input"
                    value={kind}
                    onChange={(event) => setKind(badgeKinds.find((each) => each === event.target.value) ?? "status")}
                  >
                    {badgeKinds.map((each) => (
                      <option key={each} value={each}>
                        {badgeWords[each]}
                      </option>
                    ))}
                  </select>
                )}
              </Field>
            </div>
            <div className="badge-preview">
              <img
                key={`${picked.publicId}-${kind}`}
                src={`${local}/badges/${picked.publicId}/${kind}.svg`}
                height={20}
                alt={`The badge: ${badgeWords[kind]} of ${nameOf(picked)}`}
              />
            </div>
            <EmbedCodes
              page={address}
              badge={`${address}/badges/${picked.publicId}/${kind}`}
              alt={`${badgeWords[kind]} of ${nameOf(picked)}`}
            />
          </>
        )}
      </section>
      <section className="card stack" aria-labelledby="page-widget">
        <h2 id="page-widget">Widget</h2>
        <p className="muted">How all of it stands, in a small frame on another site, with a link to the page.</p>
        <EmbedCodes widget page={address} title={page.title} />
        <a className={buttonClass("plain", "page-add")} href={`${local}/widget`} target="_blank" rel="noopener">
          <Icon name="external" />
          See the widget
          <span className="visually-hidden"> in a new tab</span>
        </a>
      </section>
    </>
  )
}
