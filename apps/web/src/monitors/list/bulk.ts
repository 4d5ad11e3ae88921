import { failureText } from "../../api/ApiFailure.ts"
import { call, type Request } from "../../api/call.ts"
import { withoutMonitors } from "../../api/patches.ts"
import { summariesQuery } from "../../api/queries.ts"
import { queryClient } from "../../api/queryClient.ts"
import type { MonitorSummary } from "../../api/types.ts"
import { counted } from "../../ui/format.ts"
import { showToast } from "../../ui/Toasts.tsx"
import { hide, show } from "./pendingDeletions.ts"

type Operation = Request<"monitors", "bulk">["payload"]["operations"][number]

/** The most operations that the api takes at once. */
const most = 1_000

/** The most that a browser sends while a page is being left, in bytes. */
const mostKeptAlive = 60_000

const patch = (change: (old: ReadonlyArray<MonitorSummary>) => ReadonlyArray<MonitorSummary>) =>
  queryClient.setQueryData(summariesQuery.queryKey, (old) => (old === undefined ? old : [...change(old)]))

const run = async (operations: ReadonlyArray<Operation>): Promise<void> => {
  for (let from = 0; from < operations.length; from += most) {
    const payload = { operations: operations.slice(from, from + most) }
    await call("monitors", "bulk", { payload, keepalive: JSON.stringify(payload).length < mostKeptAlive })
  }
}

/** Says what failed and shows again what the server says. */
const failed = (error: unknown) => {
  showToast({ text: failureText(error) })
  void queryClient.invalidateQueries({ queryKey: summariesQuery.queryKey })
}

const switchAll = async (ids: ReadonlySet<string>, enabled: boolean): Promise<boolean> => {
  patch((old) => old.map((monitor) => (ids.has(monitor.id) ? { ...monitor, enabled } : monitor)))
  try {
    await run([...ids].map((id) => ({ action: enabled ? "resume" : "pause", id })))
    for (const id of ids) void queryClient.invalidateQueries({ queryKey: ["monitor", id] })
    return true
  } catch (error) {
    failed(error)
    return false
  }
}

/** Pauses or resumes those that are not so already, shows it at once, and offers to take it back. */
export const setEnabled = async (monitors: ReadonlyArray<MonitorSummary>, enabled: boolean): Promise<void> => {
  const ids = new Set(monitors.filter((monitor) => monitor.enabled !== enabled).map(({ id }) => id))
  const verb = enabled ? "Resumed" : "Paused"
  if (ids.size === 0) return showToast({ text: `Already ${verb.toLowerCase()}` })
  if (await switchAll(ids, enabled)) {
    showToast({ text: `${verb} ${counted(ids.size, "monitor")}`, undo: () => void switchAll(ids, !enabled) })
  }
}

/** Adds a tag to those that do not have it, and offers to take it back. */
export const addTag = async (monitors: ReadonlyArray<MonitorSummary>, tag: string): Promise<void> => {
  const without = monitors.filter(({ tags }) => !tags.includes(tag))
  await edit(without, ({ tags }) => ({ tags: [...tags, tag] }), `Tagged ${counted(without.length, "monitor")} “${tag}”`)
}

/** Puts monitors into a group, or into none, and offers to take it back. */
export const setGroup = async (monitors: ReadonlyArray<MonitorSummary>, group: string | null): Promise<void> => {
  const others = monitors.filter((monitor) => monitor.group !== group)
  const where = group === null ? "out of their groups" : `to “${group}”`
  await edit(others, () => ({ group }), `Moved ${counted(others.length, "monitor")} ${where}`)
}

interface Edit {
  readonly tags?: ReadonlyArray<string>
  readonly group?: string | null
}

const edit = async (
  monitors: ReadonlyArray<MonitorSummary>,
  change: (monitor: MonitorSummary) => Edit,
  text: string,
): Promise<void> => {
  if (monitors.length === 0) return showToast({ text: "Nothing to change" })
  const apply = async (changes: ReadonlyMap<string, Edit>) => {
    patch((old) => old.map((monitor) => ({ ...monitor, ...changes.get(monitor.id) })))
    await run([...changes].map(([id, monitor]) => ({ action: "edit", id, monitor })))
  }
  const before = new Map(monitors.map(({ id, tags, group }) => [id, { tags, group }]))
  try {
    await apply(new Map(monitors.map((monitor) => [monitor.id, change(monitor)])))
    showToast({ text, undo: () => void apply(before).catch(failed) })
  } catch (error) {
    failed(error)
  }
}

/** Deletes monitors with all that is known of them, once the time to take it back has passed. */
export const deleteMonitors = (monitors: ReadonlyArray<Pick<MonitorSummary, "id">>): void => {
  const ids = new Set(monitors.map(({ id }) => id))
  hide(ids)
  const commit = async () => {
    try {
      await run([...ids].map((id) => ({ action: "delete", id })))
      patch((old) => withoutMonitors(old, ids))
    } catch (error) {
      failed(error)
    }
    show(ids)
  }
  showToast({
    text: `Deleted ${counted(ids.size, "monitor")}`,
    undo: () => show(ids),
    onGone: () => void commit(),
  })
}
