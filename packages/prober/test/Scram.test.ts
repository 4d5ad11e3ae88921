import { assert, describe, it } from "@effect/vitest"
import { isScramServer, scramFirst, scramProof } from "@uptime/prober/Scram"
import { Effect } from "effect"

/** The example of RFC 7677, section 3. */
const nonce = "rOprNGfwEbeRWgbNEkqO"
const challenge = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"

describe("SCRAM-SHA-256", () => {
  it.effect("proves and demands what the RFC's example does", () =>
    Effect.gen(function* () {
      const proof = yield* scramProof("pencil", nonce, challenge, "user")
      if (proof === null) return assert.fail("no proof")
      assert.strictEqual(
        proof.message,
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
      )
      assert.isTrue(isScramServer(proof, "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="))
      for (const message of ["v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", "v=", "", "e=invalid-proof", "v=6rri"]) {
        assert.isFalse(isScramServer(proof, message), message)
      }
    }),
  )

  it("begins with the nonce", () => {
    assert.strictEqual(scramFirst("abc"), "n,,n=,r=abc")
  })

  it.effect.each([
    ["is not for the nonce", "r=other,s=W22Z,i=4096"],
    ["adds nothing to the nonce", `r=${nonce},s=W22Z,i=4096`],
    ["asks for no work", `r=${nonce}x,s=W22Z,i=0`],
    ["asks for too much work", `r=${nonce}x,s=W22Z,i=100001`],
    ["asks for endless work", `r=${nonce}x,s=W22Z,i=99999999999`],
    ["has no salt", `r=${nonce}x,s=,i=4096`],
    ["is empty", ""],
    ["is nonsense", "\u0000\ufffd"],
  ] as const)("does not answer a challenge that %s", ([_, wrong]) =>
    Effect.gen(function* () {
      assert.isNull(yield* scramProof("pencil", nonce, wrong))
    }),
  )
})
