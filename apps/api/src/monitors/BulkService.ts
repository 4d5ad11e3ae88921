import { SqlClient } from "@effect/sql/SqlClient"
import {
  MonitorLimitReached,
  type SecretsUnavailable,
  type ServiceUnavailable,
  ValidationFailed,
  type ValidationIssue,
} from "@uptime/contract/ApiErrors"
import type { BulkOperation, BulkRequest, BulkResponse, BulkResult } from "@uptime/contract/MonitorsApi"
import type { MonitorId, UserId } from "@uptime/domain/Ids"
import type { Monitor, MonitorSettings } from "@uptime/domain/Monitor"
import { type MonitorChange, Monitors } from "@uptime/persistence/Monitors"
import { transaction } from "@uptime/persistence/SqlFailure"
import { SecretBox } from "@uptime/runtime/SecretBox"
import { Events } from "@uptime/stream/Events"
import { Context, Duration, Effect, Either, Layer } from "effect"
import { ApiSettings, type ApiSettingsValue } from "../ApiSettings.ts"
import { storeCall } from "../StoreCall.ts"
import { refusedTargets } from "./AllowedTarget.ts"
import { regionIssues } from "./EnoughRegions.ts"
import { FirstChecks } from "./FirstChecks.ts"
import { newMonitor } from "./NewMonitor.ts"
import { cycleIssue, referenceIssue } from "./RefusedSettings.ts"
import { sealSecrets, secretIssues } from "./SealedSecrets.ts"

/** How long a thousand operations may take. */
const bulkLimit = Duration.seconds(10)

/** Many changes of a person's monitors at once. */
export class BulkService extends Context.Tag("@uptime/api/BulkService")<
  BulkService,
  {
    /**
     * Does all operations or none, in one transaction, and then starts the first checks of what was created. Operations
     * that cannot be done are named by their index: a target that is refused, settings that do not go together, a monitor
     * that is named twice or that the person does not have.
     */
    readonly apply: (
      userId: UserId,
      request: BulkRequest,
    ) => Effect.Effect<BulkResponse, ValidationFailed | SecretsUnavailable | MonitorLimitReached | ServiceUnavailable>
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
  const secrets = yield* SecretBox
  const events = yield* Events

  return BulkService.of({
    apply: Effect.fn("BulkService.apply")(function* (userId, { operations }) {
      const issues = issuesOf(settings, operations)
      if (issues.length > 0) return yield* ValidationFailed.of(issues)

      const { changes, creates } = yield* prepare(secrets, settings, operations)
      const deletes = operations.flatMap((operation) => (operation.action === "delete" ? [operation.id] : []))

      // Deletions first: they make room within the quota.
      const all = Effect.gen(function* () {
        if (deletes.length > 0 && changes.length > 0) {
          yield* monitors.lock(userId, {
            deleted: deletes,
            changed: changes.map(({ id }) => id),
            moved: changes.flatMap(({ id, settings: { confirmation, enabled } }) =>
              enabled === undefined && confirmation?.minRegions === undefined ? [] : [id],
            ),
          })
        }
        if (deletes.length > 0) yield* monitors.remove(userId, deletes)
        const created =
          creates.length === 0
            ? []
            : yield* monitors
                .create(
                  userId,
                  creates.map((create) => create.settings),
                )
                .pipe(
                  Effect.catchTag("ReferenceNotFound", (error) => wrongAt(creates, error.index, referenceIssue(error))),
                )
        const changed =
          changes.length === 0
            ? []
            : yield* monitors.update(userId, changes).pipe(
                Effect.catchTags({
                  ChangesRefused: ({ refused }) =>
                    ValidationFailed.of(refused.flatMap(({ index, issues }) => issuesAt(changes, index, issues))),
                  ReferenceNotFound: (error) => wrongAt(changes, error.index, referenceIssue(error)),
                  ParentCycle: (error) => wrongAt(changes, error.index, cycleIssue(error)),
                }),
              )
        return { created, changed }
      })
      const { changed, created } = yield* storeCall(transaction(sql, "BulkService.apply")(all), bulkLimit).pipe(
        Effect.catchTags({
          MonitorNotFound: ({ monitorId }) => unknownMonitor(operations, monitorId),
          TooManyMonitors: ({ limit }) => MonitorLimitReached.of(limit),
        }),
      )
      yield* firstChecks.start(created)
      const results = resultsOf(
        operations,
        created.map(({ monitor }) => monitor),
        changed,
      )
      yield* events.publish({ _tag: "Changed", userId, monitorIds: results.map(({ id }) => id), incidentIds: [] })
      return { results }
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
    if ("monitor" in operation) {
      const { monitor } = operation
      const found = [
        ...refusedTargets(settings.targetPolicy, monitor),
        ...regionIssues(settings.regions, monitor),
        ...secretIssues(monitor),
      ]
      issues.push(...inMonitor(index, found))
    }
    if (operation.action === "create") return
    const id = operation.id.toLowerCase()
    if (named.has(id)) issues.push({ path: ["operations", index, "id"], message: "is named by an operation before" })
    named.add(id)
  })
  return issues
}

/** Issues of a monitor's settings as those of the operation that gives them. */
const inMonitor = (index: number, issues: ReadonlyArray<ValidationIssue>): ReadonlyArray<ValidationIssue> =>
  issues.map(({ message, path }) => ({ path: ["operations", index, "monitor", ...path], message }))

/** What creates and changes monitors, each with the place of its operation. */
interface Prepared {
  readonly creates: ReadonlyArray<{ readonly at: number; readonly settings: MonitorSettings }>
  readonly changes: ReadonlyArray<MonitorChange & { readonly at: number }>
}

/** Seals the secrets of operations and completes new monitors, or says all that speaks against these. */
const prepare = Effect.fnUntraced(function* (
  secrets: Context.Tag.Service<SecretBox>,
  { defaultInterval }: ApiSettingsValue,
  operations: ReadonlyArray<BulkOperation>,
): Effect.fn.Return<Prepared, ValidationFailed | SecretsUnavailable> {
  const issues: Array<ValidationIssue> = []
  const creates: Array<Prepared["creates"][number]> = []
  const changes: Array<Prepared["changes"][number]> = []
  for (const [at, operation] of operations.entries()) {
    if (operation.action === "create") {
      const { monitor } = operation
      Either.match(newMonitor(monitor.url, yield* sealSecrets(secrets, monitor), defaultInterval), {
        onLeft: (found) => void issues.push(...inMonitor(at, found)),
        onRight: (settings) => void creates.push({ at, settings }),
      })
    } else if (operation.action === "edit") {
      changes.push({ at, id: operation.id, settings: yield* sealSecrets(secrets, operation.monitor) })
    } else if (operation.action !== "delete") {
      changes.push({ at, id: operation.id, settings: { enabled: operation.action === "resume" } })
    }
  }
  return issues.length > 0 ? yield* ValidationFailed.of(issues) : { creates, changes }
})

/** The answer where the store refuses what one operation gives. */
const wrongAt = (
  given: ReadonlyArray<{ readonly at: number }>,
  index: number,
  ...issues: ReadonlyArray<ValidationIssue>
): ValidationFailed => ValidationFailed.of(issuesAt(given, index, issues))

const issuesAt = (
  given: ReadonlyArray<{ readonly at: number }>,
  index: number,
  issues: ReadonlyArray<ValidationIssue>,
): ReadonlyArray<ValidationIssue> => inMonitor(given[index]?.at ?? 0, issues)

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
