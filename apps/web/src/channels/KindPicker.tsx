import { Link } from "@tanstack/react-router"
import { useRef, useState } from "react"
import { nextFocused } from "../ui/focus.ts"
import { counted } from "../ui/format.ts"
import { Icon } from "../ui/Icon.tsx"
import { ChannelMark } from "./ChannelMark.tsx"
import { type KindDescription, kindGroups } from "./fields.ts"
import { findKinds } from "./kinds.ts"

/** Every kind of channel, found by typing; arrow keys go through them. */
export const KindPicker = () => {
  const [typed, setTyped] = useState("")
  const list = useRef<HTMLDivElement>(null)
  const found = findKinds(typed)
  return (
    <div className="stack">
      <search className="kind-search">
        <Icon name="search" />
        <input
          className="input"
          type="search"
          aria-label="Search kinds of channels"
          placeholder="Slack, phone, webhook …"
          autoComplete="off"
          spellCheck={false}
          // biome-ignore lint/a11y/noAutofocus: the page is for finding a kind
          autoFocus
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "ArrowDown" && nextFocused(list.current, "Home")) event.preventDefault()
            if (event.key === "Enter") list.current?.querySelector("a")?.click()
          }}
        />
      </search>
      <p className="visually-hidden" role="status">
        {typed === "" ? "" : `${counted(found.length, "kind")} found`}
      </p>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the links in it */}
      <div
        ref={list}
        className="stack"
        onKeyDown={(event) => {
          if (nextFocused(list.current, event.key)) event.preventDefault()
        }}
      >
        {kindGroups.map((group) => (
          <KindGroup key={group} group={group} kinds={found.filter((kind) => kind.group === group)} />
        ))}
      </div>
      {found.length === 0 && (
        <p className="muted">
          Nothing is called “{typed.trim()}”. A webhook reaches whatever takes JSON, and Apprise a hundred further
          services.
        </p>
      )}
    </div>
  )
}

const KindGroup = ({ group, kinds }: { readonly group: string; readonly kinds: ReadonlyArray<KindDescription> }) =>
  kinds.length === 0 ? null : (
    <section className="kind-group">
      <h2>{group}</h2>
      <ul>
        {kinds.map(({ about, kind, label }) => (
          <li key={kind}>
            <Link to="/channels/new" search={{ kind }} className="kind-card">
              <ChannelMark kind={kind} />
              <span>
                <strong>{label}</strong>
                <span className="small muted">{about}</span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
