import { useMutation } from "@tanstack/react-query"
import { useSearch } from "@tanstack/react-router"
import { call } from "../api/call.ts"
import { Button } from "../ui/Button.tsx"
import { FailureNotice } from "../ui/Feedback.tsx"
import { Icon } from "../ui/Icon.tsx"
import { StatusIcon } from "../ui/StatusIcon.tsx"
import type { Channel } from "./form.ts"

/** Sends a test message, and says what became of it. */
export const ChannelTest = ({ channel }: { readonly channel: Channel }) => {
  const { added } = useSearch({ from: "/inside/channels/$id" })
  const test = useMutation({ mutationFn: () => call("channels", "test", { path: { id: channel.id } }) })
  return (
    <section className="card channel-test" aria-labelledby="test-title">
      <div>
        <h2 id="test-title">{added === true ? "It is added. Does it arrive?" : "Does it arrive?"}</h2>
        <p className="muted">A test message says so, and that it can be ignored. Nothing else is touched by it.</p>
      </div>
      <Button
        tone={added === true ? "primary" : "plain"}
        busy={test.isPending}
        autoFocus={added === true}
        onClick={() => test.mutate()}
      >
        <Icon name="send" />
        Send a test
      </Button>
      <div className="outcome" role="status">
        {test.isPending && <p className="muted">Sending …</p>}
        {!test.isPending && test.data?.delivered === true && (
          <p className="notice status-Up">
            <StatusIcon status="Up" />
            The receiver took it{test.data.message === null ? ". Look whether it is there" : `: ${test.data.message}`}.
          </p>
        )}
        {!test.isPending && test.data?.delivered === false && (
          <p className="notice status-Down">
            <StatusIcon status="Down" />
            <span>
              It was not delivered: {test.data.message ?? "the receiver did not say why"}. Check the settings and try
              again.
            </span>
          </p>
        )}
      </div>
      <FailureNotice error={test.error} />
    </section>
  )
}
