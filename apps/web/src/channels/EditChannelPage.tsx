import { useMutation, useQuery } from "@tanstack/react-query"
import { Link, useNavigate, useParams } from "@tanstack/react-router"
import { call } from "../api/call.ts"
import { queryClient } from "../api/queryClient.ts"
import { useTitle } from "../app/useTitle.ts"
import { BackLink } from "../ui/BackLink.tsx"
import { buttonClass } from "../ui/Button.tsx"
import { ErrorState, Loading, Skeleton } from "../ui/Feedback.tsx"
import { PageHead } from "../ui/PageHead.tsx"
import { showToast } from "../ui/Toasts.tsx"
import { ChannelFormView } from "./ChannelFormView.tsx"
import { ChannelMark } from "./ChannelMark.tsx"
import "./channels.css"
import { type Channel, formOf, payloadOf } from "./form.ts"
import { channelQuery, channelsChanged } from "./queries.ts"
import { ownTimeZone } from "./timeZones.ts"

/** Changing a channel. */
export const EditChannelPage = () => {
  const { id } = useParams({ from: "/inside/channels/$id/edit" })
  const channel = useQuery(channelQuery(id))
  useTitle(channel.data === undefined ? "Edit channel" : `Edit ${channel.data.name}`)
  if (channel.data !== undefined) return <EditChannel channel={channel.data} />
  return channel.isPending ? (
    <Loading>
      <div className="form-page stack">
        <Skeleton width={240} height={48} />
        <Skeleton height={320} />
      </div>
    </Loading>
  ) : (
    <ErrorState error={channel.error} onRetry={() => void channel.refetch()} />
  )
}

const EditChannel = ({ channel }: { readonly channel: Channel }) => {
  const { id } = channel
  const navigate = useNavigate()
  const edit = useMutation({
    mutationFn: (payload: ReturnType<typeof payloadOf>) => call("channels", "edit", { path: { id }, payload }),
    onSuccess: async (edited) => {
      queryClient.setQueryData(channelQuery(id).queryKey, edited)
      await channelsChanged()
      await navigate({ to: "/channels/$id", params: { id } })
      showToast({ text: `Saved ${edited.name}` })
    },
  })
  return (
    <div className="form-page stack">
      <PageHead
        back={
          <BackLink to="/channels/$id" params={{ id }}>
            {channel.name}
          </BackLink>
        }
      >
        <div className="channel-title">
          <ChannelMark kind={channel.config.kind} size={48} />
          <h1>Edit {channel.name}</h1>
        </div>
      </PageHead>
      <ChannelFormView
        start={formOf(channel, ownTimeZone())}
        submit="Save"
        busy={edit.isPending}
        error={edit.error}
        onSubmit={(form) => edit.mutate(payloadOf(form))}
        cancel={
          <Link to="/channels/$id" params={{ id }} className={buttonClass("quiet")}>
            Cancel
          </Link>
        }
      />
    </div>
  )
}
