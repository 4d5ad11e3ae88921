import "reflect-metadata"
import { webcrypto } from "node:crypto"
import {
  BasicConstraintsExtension,
  cryptoProvider,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from "@peculiar/x509"
import { Effect } from "effect"

cryptoProvider.set(webcrypto)

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" }
/** Instants that stay in the past and in the future for as long as these tests will run. */
const validity = { notBefore: new Date("2020-01-01T00:00:00Z"), notAfter: new Date("2120-01-01T00:00:00Z") }

const makeKeys = Effect.promise(() => webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]))

/** A certificate for a name, its key, and the authority that vouches for it, as PEM texts. */
export const certificateFor = (name: string) =>
  Effect.gen(function* () {
    const root = yield* makeKeys
    const leaf = yield* makeKeys
    const authority = yield* Effect.promise(() =>
      X509CertificateGenerator.createSelfSigned({
        serialNumber: "01",
        name: "CN=Test authority",
        ...validity,
        signingAlgorithm: algorithm,
        keys: root,
        extensions: [new BasicConstraintsExtension(true, undefined, true)],
      }),
    )
    const certificate = yield* Effect.promise(() =>
      X509CertificateGenerator.create({
        serialNumber: "02",
        subject: `CN=${name}`,
        issuer: authority.subject,
        ...validity,
        signingAlgorithm: algorithm,
        publicKey: leaf.publicKey,
        signingKey: root.privateKey,
        extensions: [new SubjectAlternativeNameExtension([{ type: "dns", value: name }])],
      }),
    )
    const key = yield* Effect.promise(() => webcrypto.subtle.exportKey("pkcs8", leaf.privateKey))
    const base64 = Buffer.from(key).toString("base64")
    return {
      authority: authority.toString("pem"),
      cert: certificate.toString("pem"),
      key: `-----BEGIN PRIVATE KEY-----\n${base64.replace(/.{64}/g, "$&\n")}\n-----END PRIVATE KEY-----\n`,
    }
  })
