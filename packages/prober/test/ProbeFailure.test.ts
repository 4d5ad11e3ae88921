import { assert, describe, it } from "@effect/vitest"
import { certificateFailure, connectFailure, handshakeFailure, transferFailure } from "@uptime/prober/ProbeFailure"

const online = () => true
const offline = () => false

describe("a socket error", () => {
  it.each(["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM", "EADDRNOTAVAIL", "ENETUNREACH", "ENETDOWN", "EACCES", "EPERM"])(
    "%s is ours in every phase",
    (code) => {
      assert.strictEqual(connectFailure(code, online).kind, "internal")
      assert.strictEqual(handshakeFailure(code).kind, "internal")
      assert.strictEqual(transferFailure(code).kind, "internal")
    },
  )

  it.each(["ECONNREFUSED", "ECONNRESET", "EPIPE", "EHOSTUNREACH", "EHOSTDOWN", "ETIMEDOUT", "EOTHER", undefined])(
    "%s is the target's",
    (code) => {
      assert.strictEqual(connectFailure(code, online).kind, "connect")
      assert.strictEqual(handshakeFailure(code).kind, "tls")
      assert.strictEqual(transferFailure(code).kind, "body")
    },
  )

  it("says nothing about a host that cannot be reached from a machine on no network", () => {
    assert.strictEqual(connectFailure("EHOSTUNREACH", offline).kind, "internal")
    assert.strictEqual(connectFailure("ECONNREFUSED", offline).kind, "connect")
  })

  it("has a message that repeats nothing of what it was given", () => {
    for (const code of ["ERR_SSL_<script>", "\u0000", "toString", "__proto__", "constructor"]) {
      for (const { message } of [
        connectFailure(code, online),
        handshakeFailure(code),
        transferFailure(code),
        certificateFailure(code),
      ]) {
        assert.isString(message)
        assert.match(message, /^[a-zA-Z /.,'0-9-]+$/)
      }
    }
  })
})
