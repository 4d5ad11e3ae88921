import { SqlClient } from "@effect/sql/SqlClient"
import {
  MonitorLimitReached,
  type ServiceUnavailable,
  ValidationFailed,
  type ValidationIssue,
} from "@uptime/contract/ApiErrors"
import type { BulkOperation, BulkRequest, BulkResponse, BulkResult } from "@uptime/contract/MonitorsApi"
import type { MonitorId, UserId } from "@uptime/domain/Ids"
import type { Monitor } from "@uptime/domain/Monitor"
import { type MonitorChange, Monitors } from "@uptime/persistence/Monitors"
import { transaction } from "@uptime/persistence/SqlFailure"
import { Context, Duration, Effect, Layer } from "effect"
import { ApiSettings, type ApiSettingsValue } from "../ApiSettings.ts"
import { storeCall } from "../StoreCall.ts"
import { refusalOf } from "./AllowedTarget.ts"
import { FirstChecks } from "./FirstChecks.ts"
import { newMonitor } from "./NewMonitor.ts"

/** How long a thousand operations may take. */
const bulkLimit = Duration.seconds(10)

/** Many changes of a person's monitors at once. */
export class BulkService extends Context.Tag("@uptime/api/BulkService")<
  BulkService,
  {
    /**
     * Does all operations or none, in one transaction, and then starts the first checks of what was created. Operations
     * that cannot be done are named by their index: a target that is refused, a monitor that is named twice or that the
     * person does not have.
     */
    readonly apply: (
      userId: UserId,
      request: BulkRequest,
    ) => Effect.Effect<BulkResponse, ValidationFailed | MonitorLimitReached | ServiceUnavailable>
  }
>() {
  static readonly layerNoDeps = Layer.effect(
    this,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const settings = yield* ApiSettings
  const monitors = yield* Monitors
  const firstChecks = yield* FirstChecks
  const sql = yield* SqlClient

  return BulkService.of({
    apply: Effect.fn("BulkService.apply")(function* (userId, { operations }) {
      const issues = issuesOf(settings, operations)
      if (issues.length > 0) return yield* ValidationFailed.of(issues)

      const creates = operations.flatMap((operation) =>
        operation.action === "create" ? [newMonitor(operation.monitor, settings.defaultInterval)] : [],
      )
      const changes = operations.flatMap(changeOf)
      const deletes = operations.flatMap((operation) => (operation.action === "delete" ? [operation.id] : []))

      // Deletions first: they make room within the quota.
      const all = Effect.gen(function* () {
        if (deletes.length > 0) yield* monitors.remove(userId, deletes)
        const created = creates.length > 0 ? yield* monitors.create(userId, creates) : []
        const changed = changes.length > 0 ? yield* monitors.update(userId, changes) : []
        return { created, changed }
      })
      const { changed, created } = yield* storeCall(transaction(sql, "BulkService.apply")(all), bulkLimit).pipe(
        Effect.catchTags({
          MonitorNotFound: ({ monitorId }) => unknownMonitor(operations, monitorId),
          TooManyMonitors: ({ limit }) => MonitorLimitReached.of(limit),
        }),
      )
      yield* firstChecks.start(created)
      return {
        results: resultsOf(
          operations,
          created.map(({ monitor }) => monitor),
          changed,
        ),
      }
    }),
  })
})

/** What speaks against operations before the database is asked. */
const issuesOf = (
  settings: ApiSettingsValue,
  operations: ReadonlyArray<BulkOperation>,
): ReadonlyArray<ValidationIssue> => {
  const issues: Array<ValidationIssue> = []
  const named = new Set<string>()
  operations.forEach((operation, index) => {
    if ("monitor" in operation && operation.monitor.url !== undefined) {
      const refusal = refusalOf(settings.targetPolicy, operation.monitor.url)
      if (refusal !== null) issues.push({ path: ["operations", index, "monitor", "url"], message: refusal })
    }
    if (operation.action === "create") return
    const id = operation.id.toLowerCase()
    if (named.has(id)) issues.push({ path: ["operations", index, "id"], message: "is named by an operation before" })
    named.add(id)
  })
  return issues
}

const changeOf = (operation: BulkOperation): ReadonlyArray<MonitorChange> => {
  switch (operation.action) {
    case "edit":
      return [{ id: operation.id, settings: operation.monitor }]
    case "pause":
      return [{ id: operation.id, settings: { enabled: false } }]
    case "resume":
      return [{ id: operation.id, settings: { enabled: true } }]
    case "create":
    case "delete":
      return []
  }
}

const unknownMonitor = (operations: ReadonlyArray<BulkOperation>, id: MonitorId): ValidationFailed => {
  const index = operations.findIndex(
    (operation) => operation.action !== "create" && operation.id.toLowerCase() === id.toLowerCase(),
  )
  return ValidationFailed.of([{ path: ["operations", index, "id"], message: "you have no monitor with this id" }])
}

const resultsOf = (
  operations: ReadonlyArray<BulkOperation>,
  created: ReadonlyArray<Monitor>,
  changed: ReadonlyArray<Monitor>,
): ReadonlyArray<BulkResult> => {
  const createdInOrder = created.values()
  const changedById = new Map(changed.map((monitor) => [monitor.id.toLowerCase(), monitor]))
  return operations.flatMap((operation): ReadonlyArray<BulkResult> => {
    if (operation.action === "delete") return [{ action: "delete", id: operation.id, monitor: null }]
    const monitor =
      operation.action === "create" ? createdInOrder.next().value : changedById.get(operation.id.toLowerCase())
    return monitor === undefined ? [] : [{ action: operation.action, id: monitor.id, monitor }]
  })
}
