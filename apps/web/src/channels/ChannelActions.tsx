import { useMutation } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { useState } from "react"
import { failureText } from "../api/ApiFailure.ts"
import { call } from "../api/call.ts"
import { queryClient } from "../api/queryClient.ts"
import { Icon } from "../ui/Icon.tsx"
import { Menu } from "../ui/Menu.tsx"
import { showToast } from "../ui/Toasts.tsx"
import { DeleteDialog } from "./DeleteDialog.tsx"
import type { Channel } from "./form.ts"
import { channelQuery, channelsChanged } from "./queries.ts"

/** What can be done with a channel beside editing it. */
export const ChannelActions = ({ channel }: { readonly channel: Channel }) => {
  const { id } = channel
  const [deleting, setDeleting] = useState(false)
  const navigate = useNavigate()
  const edit = useMutation({
    mutationFn: (payload: { readonly enabled?: boolean; readonly isDefault?: boolean }) =>
      call("channels", "edit", { path: { id }, payload }),
    onSuccess: (edited) => {
      queryClient.setQueryData(channelQuery(id).queryKey, edited)
      void channelsChanged()
    },
    onError: (error) => showToast({ text: failureText(error) }),
  })
  const remove = useMutation({
    mutationFn: () => call("channels", "remove", { path: { id } }),
    onSuccess: async () => {
      await navigate({ to: "/channels" })
      queryClient.removeQueries({ queryKey: channelQuery(id).queryKey })
      await channelsChanged()
      showToast({ text: `Deleted ${channel.name}` })
    },
  })
  return (
    <>
      <Menu
        label="More"
        icon={<Icon name="more" />}
        align="end"
        items={[
          {
            label: channel.enabled ? "Turn off" : "Turn on",
            icon: <Icon name={channel.enabled ? "pause" : "play"} />,
            onSelect: () => edit.mutate({ enabled: !channel.enabled }),
          },
          {
            label: channel.isDefault ? "Do not use by default" : "Use by default",
            icon: <Icon name="bell" />,
            onSelect: () => edit.mutate({ isDefault: !channel.isDefault }),
          },
          { label: "Delete", icon: <Icon name="trash" />, danger: true, onSelect: () => setDeleting(true) },
        ]}
      />
      {deleting && (
        <DeleteDialog
          title={`Delete ${channel.name}?`}
          action="Delete channel"
          busy={remove.isPending}
          error={remove.error}
          onDelete={() => remove.mutate()}
          onClose={() => setDeleting(false)}
        >
          Messages that wait for it are not sent, and its settings with their secrets are gone. Monitors and escalations
          that name it tell the others.
        </DeleteDialog>
      )}
    </>
  )
}
