import { useMutation } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { call } from "../api/call.ts"
import { useTitle } from "../app/useTitle.ts"
import "../channels/channels.css"
import { BackLink } from "../ui/BackLink.tsx"
import { PageHead } from "../ui/PageHead.tsx"
import { showToast } from "../ui/Toasts.tsx"
import { EscalationFormView } from "./EscalationFormView.tsx"
import { newEscalation, type payloadOfEscalation } from "./escalationForm.ts"
import "./escalations.css"
import { escalationsChanged } from "./queries.ts"

/** Adding an escalation policy. */
export const NewEscalationPage = () => {
  useTitle("New escalation")
  const navigate = useNavigate()
  const create = useMutation({
    mutationFn: (payload: ReturnType<typeof payloadOfEscalation>) => call("escalations", "create", { payload }),
    onSuccess: async ({ name }) => {
      await escalationsChanged()
      await navigate({ to: "/channels/escalations" })
      showToast({ text: `Added ${name}. Monitors name it under “Alerts”.` })
    },
  })
  return (
    <div className="form-page stack">
      <PageHead back={<BackLink to="/channels/escalations">Escalations</BackLink>}>
        <h1>New escalation</h1>
      </PageHead>
      <EscalationFormView
        start={newEscalation}
        submit="Add escalation"
        busy={create.isPending}
        error={create.error}
        onSubmit={(payload) => create.mutate(payload)}
      />
    </div>
  )
}
