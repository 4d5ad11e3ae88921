import { useMutation } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { useState } from "react"
import { call } from "../api/call.ts"
import { queryClient } from "../api/queryClient.ts"
import { Button } from "../ui/Button.tsx"
import { Dialog } from "../ui/Dialog.tsx"
import { FailureNotice } from "../ui/Feedback.tsx"
import { Icon } from "../ui/Icon.tsx"
import { Menu } from "../ui/Menu.tsx"
import { showToast } from "../ui/Toasts.tsx"
import { type StatusPage, statusPageQuery, statusPagesQuery } from "./queries.ts"

/** What else can be done with a page. */
export const StatusPageMenu = ({ page }: { readonly page: StatusPage }) => {
  const [asking, setAsking] = useState(false)
  const navigate = useNavigate()
  const remove = useMutation({
    mutationFn: () => call("statusPages", "remove", { path: { id: page.id } }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: statusPagesQuery.queryKey })
      await navigate({ to: "/status-pages", ignoreBlocker: true })
      queryClient.removeQueries({ queryKey: statusPageQuery(page.id).queryKey })
      showToast({ text: `Deleted ${page.title}` })
    },
  })
  return (
    <>
      <Menu
        label="More"
        icon={<Icon name="more" />}
        align="end"
        items={[
          { label: "Delete the page", icon: <Icon name="trash" />, danger: true, onSelect: () => setAsking(true) },
        ]}
      />
      {asking && (
        <Dialog title={`Delete ${page.title}?`} onClose={() => setAsking(false)}>
          <p>
            Its address, badges and feeds stop working at once, and its subscribers are forgotten. This cannot be taken
            back. Your monitors and incidents stay.
          </p>
          <FailureNotice error={remove.error} />
          <footer>
            <Button onClick={() => setAsking(false)}>Keep it</Button>
            <Button tone="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
              <Icon name="trash" />
              Delete
            </Button>
          </footer>
        </Dialog>
      )}
    </>
  )
}
