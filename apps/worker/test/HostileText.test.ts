import { SqlClient } from "@effect/sql/SqlClient"
import { assert, it } from "@effect/vitest"
import { jobDeadline, jobVersion } from "@uptime/domain/Job"
import type { ProbeOutcome } from "@uptime/domain/Result"
import * as PostgresSql from "@uptime/persistence/PostgresSql"
import { ResultStore } from "@uptime/persistence/ResultStore"
import { Prober } from "@uptime/prober/Prober"
import { CheckStream } from "@uptime/stream/CheckStream"
import * as MemoryEvents from "@uptime/stream/MemoryEvents"
import * as MemoryStream from "@uptime/stream/MemoryStream"
import { eventually } from "@uptime/testing/Eventually"
import { migratedDatabase } from "@uptime/testing/TestDatabase"
import { Array as Arr, Clock, Effect, Layer, Redacted } from "effect"
import { layer } from "../src/Worker.ts"
import { storedMonitors } from "./StoredMonitors.ts"
import { up, usa } from "./World.ts"

const down = (errorMessage: string): ProbeOutcome => ({ ...up, status: "Down", errorKind: "body", errorMessage })

/** What reaches the store if the prober ever lets text of a target through as it came. */
const outcomes: Readonly<Record<string, ProbeOutcome>> = {
  nul: down("a\u0000b"),
  surrogate: down("a\ud800b"),
  fine: up,
}

it.live("text that the database refuses sets its own job aside, and its neighbours in the batch are stored", () =>
  Effect.gen(function* () {
    const url = yield* migratedDatabase
    const names = ["fine", "nul", "surrogate", "fine", "fine"]
    const services = Layer.mergeAll(
      MemoryStream.layer(),
      Layer.provideMerge(
        ResultStore.layer,
        PostgresSql.layer({ url: Redacted.make(url), applicationName: "test", maxConnections: 2 }),
      ),
      Layer.mock(Prober, { probe: (spec) => Effect.succeed(outcomes[new URL(spec.url).pathname.slice(1)] ?? up) }),
    )
    yield* Effect.gen(function* () {
      const sql = yield* SqlClient
      const stream = yield* CheckStream
      const ids = yield* storedMonitors(names.length)
      const slot = yield* Clock.currentTimeMillis
      yield* stream.trim([usa])
      yield* stream.publish(
        Arr.zip(names, ids).map(([name, monitorId]) => ({
          v: jobVersion,
          monitorId,
          slot,
          deadline: jobDeadline(slot, 60),
          configVersion: 1,
          spec: { kind: "http", url: `http://target/${name}`, timeoutMs: 5000 },
        })),
      )
      yield* Layer.build(Layer.provide(layer({ region: usa, concurrency: 10 }), MemoryEvents.layer))
      const group = yield* eventually(
        Effect.map(stream.groups([usa]), ([state]) => state),
        (state) => state?.pending === 0 && state.lag === 0,
        "10 seconds",
      )
      const rows = yield* sql<{ readonly status: string; readonly text: string | null }>`
        SELECT status, error_message AS text FROM check_results ORDER BY status, text`
      assert.strictEqual(rows.filter(({ status }) => status === "Up").length, 3)
      assert.isTrue(rows.every(({ text }) => text === null || text.isWellFormed()))
      assert.strictEqual(rows.length + (group?.dead ?? 0), names.length, "each is a row, or set aside")
      assert.isAtMost(group?.dead ?? 0, 2)
    }).pipe(Effect.provide(services))
  }).pipe(Effect.scoped),
)
