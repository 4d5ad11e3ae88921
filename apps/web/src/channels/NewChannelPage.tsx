import { useMutation } from "@tanstack/react-query"
import { Link, useNavigate, useSearch } from "@tanstack/react-router"
import { call } from "../api/call.ts"
import { useTitle } from "../app/useTitle.ts"
import { BackLink } from "../ui/BackLink.tsx"
import { buttonClass } from "../ui/Button.tsx"
import { PageHead } from "../ui/PageHead.tsx"
import { ChannelFormView } from "./ChannelFormView.tsx"
import { ChannelMark } from "./ChannelMark.tsx"
import "./channels.css"
import type { ChannelKind } from "./fields.ts"
import { newForm, payloadOf } from "./form.ts"
import { KindPicker } from "./KindPicker.tsx"
import { kindOf } from "./kinds.ts"
import { channelsChanged } from "./queries.ts"
import { ownTimeZone } from "./timeZones.ts"

/** Adding a channel: first its kind, then what that needs. */
export const NewChannelPage = () => {
  const { kind } = useSearch({ from: "/inside/channels/new" })
  return kind === undefined ? <ChooseKind /> : <NewChannel key={kind} kind={kind} />
}

const ChooseKind = () => {
  useTitle("New channel")
  return (
    <div className="stack">
      <PageHead back={<BackLink to="/channels">Channels</BackLink>}>
        <h1>Where shall messages go?</h1>
      </PageHead>
      <KindPicker />
    </div>
  )
}

const NewChannel = ({ kind }: { readonly kind: ChannelKind }) => {
  const { label } = kindOf(kind)
  useTitle(`New channel: ${label}`)
  const navigate = useNavigate()
  const create = useMutation({
    mutationFn: (payload: ReturnType<typeof payloadOf>) => call("channels", "create", { payload }),
    onSuccess: async ({ id }) => {
      await channelsChanged()
      await navigate({ to: "/channels/$id", params: { id }, search: { added: true } })
    },
  })
  return (
    <div className="form-page stack">
      <PageHead back={<BackLink to="/channels/new">Another kind</BackLink>}>
        <div className="channel-title">
          <ChannelMark kind={kind} size={48} />
          <h1>New channel: {label}</h1>
        </div>
      </PageHead>
      <ChannelFormView
        start={newForm(kind, ownTimeZone())}
        submit="Add channel"
        busy={create.isPending}
        error={create.error}
        onSubmit={(form) => create.mutate(payloadOf(form))}
        cancel={
          <Link to="/channels" className={buttonClass("quiet")}>
            Cancel
          </Link>
        }
      />
    </div>
  )
}
