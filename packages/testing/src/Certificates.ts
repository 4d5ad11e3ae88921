import "reflect-metadata"
import { webcrypto } from "node:crypto"
import {
  BasicConstraintsExtension,
  cryptoProvider,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509"
import { Effect } from "effect"

cryptoProvider.set(webcrypto)

/** A certificate and its key, as PEM texts. */
export interface Pair {
  readonly cert: string
  readonly key: string
}

export interface CertificateOptions {
  /** Whose it says it is, as RFC 4514 writes a common name. */
  readonly name?: string
  /** DNS names it is for. */
  readonly names?: ReadonlyArray<string>
  /** IP addresses it is for. */
  readonly addresses?: ReadonlyArray<string>
  /** When it begins and ends. */
  readonly from?: Date
  readonly to?: Date
}

interface Issuer {
  readonly certificate: X509Certificate
  readonly keys: webcrypto.CryptoKeyPair
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" }
/** Instants that stay in the past and in the future for as long as these tests will run. */
const begin = new Date("2020-01-01T00:00:00Z")
/** When every certificate ends that is not made to end earlier. */
export const end = new Date("2120-01-01T00:00:00Z")

const pem = (keys: webcrypto.CryptoKeyPair) =>
  Effect.map(
    Effect.promise(() => webcrypto.subtle.exportKey("pkcs8", keys.privateKey)),
    (bytes) => {
      const base64 = Buffer.from(bytes).toString("base64")
      return `-----BEGIN PRIVATE KEY-----\n${base64.replace(/.{64}/g, "$&\n")}\n-----END PRIVATE KEY-----\n`
    },
  )

const makeKeys = Effect.promise(() => webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]))

let serial = 1

/** Issues a certificate: by an authority, or signed by its own key. */
const issue = Effect.fnUntraced(function* (
  name: string,
  issuer: Issuer | null,
  isAuthority: boolean,
  options: CertificateOptions,
) {
  const keys = yield* makeKeys
  const certificate = yield* Effect.promise(() =>
    X509CertificateGenerator.create({
      serialNumber: (serial++).toString(16).padStart(4, "0"),
      subject: `CN=${name}`,
      issuer: issuer === null ? `CN=${name}` : issuer.certificate.subject,
      notBefore: options.from ?? begin,
      notAfter: options.to ?? end,
      signingAlgorithm: algorithm,
      publicKey: keys.publicKey,
      signingKey: issuer === null ? keys.privateKey : issuer.keys.privateKey,
      extensions: [
        new BasicConstraintsExtension(isAuthority, undefined, true),
        new KeyUsagesExtension(
          isAuthority ? KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign : KeyUsageFlags.digitalSignature,
          true,
        ),
        new SubjectAlternativeNameExtension([
          ...(options.names ?? []).map((value) => ({ type: "dns" as const, value })),
          ...(options.addresses ?? []).map((value) => ({ type: "ip" as const, value })),
        ]),
      ],
    }),
  )
  return { certificate, keys, cert: `${certificate.toString("pem")}\n`, key: yield* pem(keys) }
})

/** A certificate that vouches for itself. */
export const selfSigned = (options: CertificateOptions): Effect.Effect<Pair> =>
  issue(options.name ?? "self", null, false, options)

/** An authority of the test's own. */
export interface Authority {
  readonly cert: string
  readonly issue: (options: CertificateOptions) => Effect.Effect<Pair>
}

/** An authority by a name of its own, beside others. */
export const authorityOf = (name: string): Effect.Effect<Authority> =>
  Effect.map(issue(name, null, true, {}), (issuer) => ({
    cert: issuer.cert,
    issue: (options) => issue("leaf", issuer, false, options),
  }))

export const authority: Effect.Effect<Authority> = authorityOf("Test authority")
