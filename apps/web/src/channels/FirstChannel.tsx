import { useMutation, useQuery } from "@tanstack/react-query"
import { Link, useNavigate } from "@tanstack/react-router"
import { call } from "../api/call.ts"
import { meQuery } from "../api/queries.ts"
import { Button, buttonClass } from "../ui/Button.tsx"
import { FailureNotice } from "../ui/Feedback.tsx"
import { Icon } from "../ui/Icon.tsx"
import { showToast } from "../ui/Toasts.tsx"
import { channelsChanged } from "./queries.ts"

/** Nobody is told of anything yet: the account's own address is one click away, everything else two. */
export const FirstChannel = () => {
  const me = useQuery(meQuery)
  const navigate = useNavigate()
  const create = useMutation({
    mutationFn: (to: string) =>
      call("channels", "create", { payload: { name: "Email", config: { kind: "email", to: [to] } } }),
    onSuccess: async ({ id }, to) => {
      await channelsChanged()
      await navigate({ to: "/channels/$id", params: { id } })
      showToast({ text: `From now on ${to} is told when something is down.` })
    },
  })
  return (
    <div className="empty">
      <Icon name="bell" size={32} />
      <h2>Nobody is told yet</h2>
      <p>
        A channel is where messages go when a monitor is down and when it is up again: a mailbox, a chat, a phone. All
        monitors use it from then on.
      </p>
      <FailureNotice error={create.error} />
      <div className="first-channel">
        {me.data !== undefined && (
          <Button tone="primary" busy={create.isPending} onClick={() => create.mutate(me.data.email)}>
            <span className="clip">Email {me.data.email}</span>
          </Button>
        )}
        <Link to="/channels/new" className={buttonClass()}>
          Choose another way
        </Link>
      </div>
    </div>
  )
}
