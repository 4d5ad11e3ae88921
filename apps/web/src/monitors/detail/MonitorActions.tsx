import { useMutation } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { failureText } from "../../api/ApiFailure.ts"
import { call } from "../../api/call.ts"
import { monitorQuery, summariesQuery } from "../../api/queries.ts"
import { queryClient } from "../../api/queryClient.ts"
import type { MonitorOverview } from "../../api/types.ts"
import { Button } from "../../ui/Button.tsx"
import { Icon } from "../../ui/Icon.tsx"
import { Menu } from "../../ui/Menu.tsx"
import { showToast } from "../../ui/Toasts.tsx"
import { deleteMonitors } from "../list/bulk.ts"

/** The id of the button that tests: the focus goes back to it. */
export const testButton = "test-now"

/** What can be done with a monitor. */
export const MonitorActions = ({
  monitor,
  onTest,
}: {
  readonly monitor: MonitorOverview
  readonly onTest: () => void
}) => {
  const navigate = useNavigate()
  const { id } = monitor
  const toggle = useMutation({
    mutationFn: (enabled: boolean) => call("monitors", "edit", { path: { id }, payload: { enabled } }),
    onSuccess: ({ enabled }) => {
      queryClient.setQueryData(monitorQuery(id).queryKey, (old) => (old === undefined ? old : { ...old, enabled }))
      void queryClient.invalidateQueries({ queryKey: monitorQuery(id).queryKey })
      void queryClient.invalidateQueries({ queryKey: summariesQuery.queryKey })
      showToast({
        text: `${enabled ? "Resumed" : "Paused"} ${monitor.name}`,
        undo: () => toggle.mutate(!enabled),
      })
    },
    onError: (error) => showToast({ text: failureText(error) }),
  })
  return (
    <div className="row monitor-actions">
      {monitor.kind !== "heartbeat" && (
        <Button id={testButton} onClick={onTest}>
          <Icon name="activity" />
          Test now
        </Button>
      )}
      <Button busy={toggle.isPending} onClick={() => toggle.mutate(!monitor.enabled)}>
        <Icon name={monitor.enabled ? "pause" : "play"} />
        {monitor.enabled ? "Pause" : "Resume"}
      </Button>
      <Menu
        label="More"
        icon={<Icon name="more" />}
        align="end"
        items={[
          {
            label: "Edit",
            icon: <Icon name="edit" />,
            onSelect: () => void navigate({ to: "/monitors/$id/edit", params: { id } }),
          },
          {
            label: "Clone",
            icon: <Icon name="copy" />,
            onSelect: () => void navigate({ to: "/monitors/new", search: { from: id } }),
          },
          {
            label: "Delete",
            icon: <Icon name="trash" />,
            danger: true,
            onSelect: () => {
              deleteMonitors([monitor])
              void navigate({ to: "/" })
            },
          },
        ]}
      />
    </div>
  )
}
