import { assert, describe, it } from "@effect/vitest"
import { parsePing, pingFailure } from "@uptime/prober/PingOutput"
import { FastCheck as fc } from "effect"

/** What ping programs wrote in the C locale, on real networks. */
const samples = {
  iputils: `PING 127.0.0.1 (127.0.0.1) 56(84) bytes of data.

--- 127.0.0.1 ping statistics ---
3 packets transmitted, 3 received, 0% packet loss, time 407ms
rtt min/avg/max/mdev = 0.037/0.041/0.049/0.005 ms
`,
  iputilsHalfLost: `PING 10.8.8.1 (10.8.8.1) 56(84) bytes of data.

--- 10.8.8.1 ping statistics ---
8 packets transmitted, 4 received, 50% packet loss, time 1428ms
rtt min/avg/max/mdev = 0.041/0.089/0.222/0.076 ms
`,
  iputilsSilence: `PING 10.9.9.2 (10.9.9.2) 56(84) bytes of data.

--- 10.9.9.2 ping statistics ---
3 packets transmitted, 0 received, 100% packet loss, time 407ms

`,
  iputilsUnreachable: `PING 2001:db8::1(2001:db8::1) 56 data bytes

--- 2001:db8::1 ping statistics ---
2 packets transmitted, 0 received, +2 errors, 100% packet loss, time 201ms

`,
  iputilsTiny: `PING 127.0.0.1 (127.0.0.1) 0(28) bytes of data.

--- 127.0.0.1 ping statistics ---
2 packets transmitted, 2 received, 0% packet loss, time 203ms

`,
  busybox: `PING 127.0.0.1 (127.0.0.1): 56 data bytes

--- 127.0.0.1 ping statistics ---
3 packets transmitted, 3 packets received, 0% packet loss
round-trip min/avg/max = 0.034/0.054/0.066 ms
`,
  busyboxSilence: `PING 10.9.9.2 (10.9.9.2): 56 data bytes

--- 10.9.9.2 ping statistics ---
3 packets transmitted, 0 packets received, 100% packet loss
`,
  busyboxNoRoute: `PING 9.9.9.8 (9.9.9.8): 56 data bytes
`,
}

describe("what a ping program prints", () => {
  for (const [sample, expected] of [
    ["iputils", { transmitted: 3, received: 3, errors: 0, averageMs: 0.041 }],
    ["iputilsHalfLost", { transmitted: 8, received: 4, errors: 0, averageMs: 0.089 }],
    ["iputilsSilence", { transmitted: 3, received: 0, errors: 0, averageMs: null }],
    ["iputilsUnreachable", { transmitted: 2, received: 0, errors: 2, averageMs: null }],
    ["iputilsTiny", { transmitted: 2, received: 2, errors: 0, averageMs: null }],
    ["busybox", { transmitted: 3, received: 3, errors: 0, averageMs: 0.054 }],
    ["busyboxSilence", { transmitted: 3, received: 0, errors: 0, averageMs: null }],
    ["busyboxNoRoute", null],
  ] as const) {
    it(`is read: ${sample}`, () => assert.deepStrictEqual(parsePing(samples[sample]), expected))
  }

  it("counts neither duplicates nor what arrived broken as replies", () => {
    const line = (counts: string) => `--- host ping statistics ---\n${counts}, 25% packet loss, time 3ms\n`
    const expected = { transmitted: 4, received: 3, errors: 1, averageMs: null }
    assert.deepStrictEqual(
      parsePing(line("4 packets transmitted, 3 received, +2 duplicates, +1 corrupted, +1 errors")),
      expected,
    )
    assert.deepStrictEqual(parsePing(line("4 packets transmitted, 3 packets received, 2 duplicates")), {
      ...expected,
      errors: 0,
    })
  })

  const summaries = fc.record({
    transmitted: fc.integer({ min: 1, max: 10 }),
    lost: fc.integer({ min: 0, max: 10 }),
    averageMs: fc.integer({ min: 0, max: 60_000_000 }).map((micros) => micros / 1_000),
  })
  it.prop(
    "is read whatever the numbers, in both programs' words",
    [summaries],
    ([{ averageMs, lost, transmitted }]) => {
      const received = Math.max(0, transmitted - lost)
      const times = `0.1/${averageMs.toFixed(3)}/99999.0`
      const expected = { transmitted, received, errors: 0, averageMs: received === 0 ? null : averageMs }
      const iputils = `${transmitted} packets transmitted, ${received} received, 1% packet loss, time 1ms\nrtt min/avg/max/mdev = ${times}/0.1 ms\n`
      const busybox = `${transmitted} packets transmitted, ${received} packets received, 1% packet loss\nround-trip min/avg/max = ${times} ms\n`
      assert.deepStrictEqual([parsePing(iputils), parsePing(busybox)], [expected, expected])
    },
  )

  it.prop("is refused or makes sense, whatever it is", [fc.string(), fc.nat(), fc.nat()], ([noise, sent, got]) => {
    for (const text of [noise, `${noise}\n${sent} packets transmitted, ${got} received, ${noise}`]) {
      const summary = parsePing(text)
      if (summary === null) continue
      assert.isAtLeast(summary.transmitted, 1)
      assert.isAtMost(summary.received, summary.transmitted)
    }
  })
})

describe("a ping without any reply", () => {
  for (const [complaint, kind] of [
    ["ping: permission denied (are you root?)", "internal"],
    ["ping: socktype: SOCK_RAW\nping: socket: Operation not permitted", "internal"],
    ["ping: sendmsg: Operation not permitted", "internal"],
    ["ping: connect: Network is unreachable", "internal"],
    ["ping: sendto: Network is unreachable", "internal"],
    ["ping: connect: Invalid argument", "internal"],
    ["ping: connect: Cannot assign requested address", "internal"],
    ["ping: sendmsg: No buffer space available", "internal"],
    ["ping: bad option", "internal"],
  ] as const) {
    it(`is a fault of ours: ${complaint}`, () => assert.strictEqual(pingFailure(null, complaint).kind, kind))
  }

  it("is the host's fault when it or a router says so", () => {
    assert.deepStrictEqual(pingFailure(parsePing(samples.iputilsUnreachable), ""), {
      kind: "connect",
      message: "host unreachable",
    })
    assert.strictEqual(pingFailure(null, "ping: sendto: No route to host").kind, "connect")
  })

  it("is silence otherwise", () =>
    assert.deepStrictEqual(pingFailure(parsePing(samples.busyboxSilence), ""), {
      kind: "timeout",
      message: "no reply to 3 echo requests",
    }))
})
