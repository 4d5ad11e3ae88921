import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import type { CheckSpec } from "@uptime/domain/CheckSpec"
import { pingProbe } from "@uptime/prober/PingProbe"
import { systemPing } from "@uptime/prober/PingProgram"
import { publicOnly } from "@uptime/prober/TargetGuard"
import { eventually } from "@uptime/testing/Eventually"
import { Duration, Effect, Fiber } from "effect"
import { probeServices, type ServicesOptions } from "./ProbeServicesFixture.ts"
import { loopbackPolicy, verdict } from "./TestProber.ts"

const spec = (url: string, options: CheckSpec["ping"] = {}, timeoutMs = 5_000): CheckSpec => ({
  kind: "ping",
  url,
  timeoutMs,
  ping: options,
})

const ping = (checked: CheckSpec, find = systemPing, options: ServicesOptions = {}) =>
  Effect.flatMap(probeServices(options), (services) => pingProbe(services, checked, find))

const ipv6Loopback = { condition: '[IP] == "::1"', severity: "Down" } as const

/** A program in place of `ping`: a shell script that does `body`, in a folder that goes with the scope. */
const program = (body: string) =>
  Effect.gen(function* () {
    const folder = yield* Effect.acquireRelease(
      Effect.promise(() => mkdtemp(join(tmpdir(), "ping-"))),
      (made) => Effect.promise(() => rm(made, { recursive: true })),
    )
    const path = join(folder, "ping")
    yield* Effect.promise(() => writeFile(path, `#!/bin/sh\n${body}\n`))
    yield* Effect.promise(() => chmod(path, 0o755))
    return { path, find: () => path }
  })

/** What `ping` prints when `received` of four requests came back. */
const summary = (received: number) =>
  `echo '4 packets transmitted, ${received} received, 1% packet loss, time 9ms\nrtt min/avg/max/mdev = 1/20.5/40/1 ms'`

const isRunning = (pid: number) =>
  Effect.sync(() => {
    try {
      return process.kill(pid, 0)
    } catch {
      return false
    }
  })

describe("a ping", () => {
  it.live("is Up when the host replies, and its response time is the average round trip", () =>
    Effect.gen(function* () {
      const outcome = yield* ping(spec("icmp://127.0.0.1"))
      assert.deepStrictEqual(verdict(outcome), { status: "Up", httpStatus: null, kind: null, message: null })
      // Three requests take 400 ms to send; what is told is how long a reply takes.
      assert.isBelow(outcome.responseTimeMs ?? 400, 100)
      assert.strictEqual(outcome.phases.firstByte, outcome.responseTimeMs)
    }),
  )

  it.live("looks up a name, in the family that is asked for", () =>
    Effect.gen(function* () {
      const names = { "host.test": [["::1", "127.0.0.1"]] }
      const outcome = yield* ping(spec("icmp://host.test", { count: 1, ipFamily: "ipv4" }), systemPing, {
        names,
        policy: { ...loopbackPolicy, allowPrivate: true },
      })
      assert.strictEqual(outcome.status, "Up")
      assert.isNotNull(outcome.phases.dns)
      const six = { ...spec("icmp://host.test", { count: 1, ipFamily: "ipv6" }), conditions: [ipv6Loopback] }
      const over = yield* ping(six, systemPing, { names, policy: { ...loopbackPolicy, allowPrivate: true } })
      assert.deepStrictEqual([over.status, over.errorMessage], ["Up", null])
    }),
  )

  it.live("is measured with the smallest payload and the largest", () =>
    Effect.gen(function* () {
      for (const sizeBytes of [16, 1_400]) {
        const outcome = yield* ping(spec("icmp://127.0.0.1", { count: 1, sizeBytes }))
        assert.strictEqual(outcome.status, "Up")
        assert.isNotNull(outcome.phases.firstByte)
      }
    }),
  )

  it.scopedLive("asks for what it was told, on the address that the guard has seen", () =>
    Effect.gen(function* () {
      const { find, path } = yield* program('echo "$LC_ALL $*" > "$0.asked"')
      yield* ping(spec("icmp://host.test", { count: 10, sizeBytes: 1_000 }, 3_000), find, {
        names: { "host.test": [["127.0.0.7"]] },
      })
      const asked = yield* Effect.promise(() => readFile(`${path}.asked`, "utf8"))
      // Ten requests a fifth of a second apart would leave the last ones no time to be answered.
      assert.match(asked, /^C -n -q -c 8 -i 0\.2 -s 1000 -W 3 127\.0\.0\.7\n$/)
    }),
  )

  it.scopedLive("is Up while no more is lost than may be", () =>
    Effect.gen(function* () {
      const { find } = yield* program(summary(3))
      for (const options of [{}, { maxLossPercent: 25 }]) {
        const outcome = yield* ping(spec("icmp://127.0.0.1", options), find)
        assert.strictEqual(outcome.status, "Up")
        assert.strictEqual(outcome.responseTimeMs, 20.5)
      }
    }),
  )

  it.scopedLive("is Down when more is lost than may be, and says how much", () =>
    Effect.gen(function* () {
      const { find } = yield* program(summary(3))
      const outcome = yield* ping(spec("icmp://127.0.0.1", { maxLossPercent: 24 }), find)
      assert.deepStrictEqual(verdict(outcome), {
        status: "Down",
        httpStatus: null,
        kind: "protocol",
        message: "25 % of the echo requests had no reply",
      })
      assert.strictEqual(outcome.responseTimeMs, 20.5)
      assert.strictEqual(outcome.evidence?.address, "127.0.0.1")
    }),
  )

  it.scopedLive(
    "is Down when nothing comes back, at its deadline, with the sums of the program that is told to stop",
    () =>
      Effect.gen(function* () {
        const { find } = yield* program(
          "trap \"echo '3 packets transmitted, 0 received, 100% packet loss, time 9ms'; exit 1\" INT\nwhile :; do /bin/sleep 0.02; done",
        )
        const [took, outcome] = yield* Effect.timed(ping(spec("icmp://127.0.0.1", {}, 500), find))
        assert.deepStrictEqual(verdict(outcome), {
          status: "Down",
          httpStatus: null,
          kind: "timeout",
          message: "no reply to 3 echo requests",
        })
        assert.isNull(outcome.responseTimeMs)
        assert.isAtMost(Duration.toMillis(took), 1_000)
      }),
  )

  it.scopedLive("ends within its deadline when the program neither ends nor stops, and kills it", () =>
    Effect.gen(function* () {
      const { find, path } = yield* program('trap "" INT TERM\necho $$ > "$0.pid"\nwhile :; do /bin/sleep 0.02; done')
      const [took, outcome] = yield* Effect.timed(ping(spec("icmp://127.0.0.1", {}, 500), find))
      assert.deepInclude(verdict(outcome), { status: "Unknown", kind: "internal" })
      assert.isAtMost(Duration.toMillis(took), 1_000)
      const pid = Number(yield* Effect.promise(() => readFile(`${path}.pid`, "utf8")))
      yield* eventually(isRunning(pid), (running) => !running, "2 seconds")
    }),
  )

  it.scopedLive("holds no more than a little of what a program writes without end", () =>
    Effect.gen(function* () {
      const { find } = yield* program("exec /usr/bin/yes")
      const before = process.memoryUsage().rss
      const outcome = yield* ping(spec("icmp://127.0.0.1", {}, 500), find)
      assert.strictEqual(outcome.status, "Unknown")
      assert.isBelow(process.memoryUsage().rss - before, 50 * 1_048_576)
    }),
  )

  it.scopedLive("kills the program when it is interrupted", () =>
    Effect.gen(function* () {
      const { find, path } = yield* program('echo $$ > "$0.pid"\nexec /bin/sleep 60')
      const fiber = yield* Effect.fork(ping(spec("icmp://127.0.0.1", {}, 60_000), find))
      const written = Effect.promise(() => readFile(`${path}.pid`, "utf8").catch(() => ""))
      const pid = Number(yield* eventually(written, (text) => text.endsWith("\n"), "5 seconds"))
      yield* Fiber.interrupt(fiber)
      yield* eventually(isRunning(pid), (running) => !running, "2 seconds")
    }),
  )

  it.scopedLive("gives every one of many its turn", () =>
    Effect.gen(function* () {
      const { find } = yield* program(summary(4))
      const outcomes = yield* Effect.all(
        Array.from({ length: 100 }, () => ping(spec("icmp://127.0.0.1", {}, 10_000), find)),
        { concurrency: "unbounded" },
      )
      assert.isTrue(outcomes.every(({ status }) => status === "Up"))
    }),
  )
})

describe("a ping that measures nothing", () => {
  it.live("says what to install where there is no program for it", () =>
    Effect.gen(function* () {
      const outcome = yield* ping(spec("icmp://127.0.0.1"), () => null)
      assert.deepInclude(verdict(outcome), { status: "Unknown", kind: "internal" })
      assert.include(outcome.errorMessage, "iputils-ping")
    }),
  )

  it.scopedLive("says what to allow where the program may not send", () =>
    Effect.gen(function* () {
      const { find } = yield* program("echo 'ping: socket: Operation not permitted' >&2; exit 2")
      const outcome = yield* ping(spec("icmp://127.0.0.1"), find)
      assert.deepInclude(verdict(outcome), { status: "Unknown", kind: "internal" })
      assert.include(outcome.errorMessage, "cap_net_raw")
    }),
  )

  it.live("is Unknown when the program is none", () =>
    Effect.gen(function* () {
      for (const path of ["/nonexistent/ping", "/etc/hostname"]) {
        const outcome = yield* ping(spec("icmp://127.0.0.1"), () => path)
        assert.deepInclude(verdict(outcome), { status: "Unknown", kind: "internal" })
      }
    }),
  )

  it.scopedLive("tries the other family where this machine has no route to the first", () =>
    Effect.gen(function* () {
      const { find } = yield* program(
        `case "$*" in *::1) echo 'ping: connect: Network is unreachable' >&2; exit 2;; esac\n${summary(4)}`,
      )
      const options = {
        names: { "host.test": [["::1", "127.0.0.1"]] },
        policy: { ...loopbackPolicy, allowPrivate: true },
      }
      const outcome = yield* ping(spec("icmp://host.test"), find, options)
      assert.strictEqual(outcome.status, "Up")
    }),
  )

  it.scopedLive("starts no program for a target that policy refuses", () =>
    Effect.gen(function* () {
      const { find, path } = yield* program('echo yes > "$0.started"')
      const names = { "inside.test": [["192.168.1.1"]] }
      for (const url of ["icmp://10.0.0.1", "icmp://[::1]", "icmp://inside.test"]) {
        const outcome = yield* ping(spec(url), find, { policy: publicOnly, names })
        assert.deepInclude(verdict(outcome), { status: "Unknown", kind: "blocked" })
      }
      const started = yield* Effect.promise(() => readFile(`${path}.started`, "utf8").catch(() => "no"))
      assert.strictEqual(started, "no")
    }),
  )
})
