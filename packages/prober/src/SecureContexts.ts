import { createHash, X509Certificate } from "node:crypto"
import { createSecureContext, rootCertificates, type SecureContext } from "node:tls"
import type { CheckSpec } from "@uptime/domain/CheckSpec"
import { LruCache } from "@uptime/runtime/LruCache"
import { Either } from "effect"
import { failure, type ProbeFailure, unreadableSecret } from "./ProbeFailure.ts"
import type { ProbeServices } from "./ProbeRun.ts"

/** The most contexts that are kept; each holds all trusted roots. */
const maxContexts = 64

const badAuthority = failure(
  "internal",
  "the monitor's own certificate authority cannot be read: give it as certificates in PEM",
)
const badClientCertificate = failure(
  "internal",
  "the monitor's client certificate cannot be used: its certificate and its private key must be PEM and belong together",
)

/**
 * What TLS needs of a check that brings its own authorities or a client certificate. Made once per set of them and kept, 64
 * at most: reading the trusted roots costs more than a whole probe.
 *
 * @param authorities those that this installation trusts besides the usual ones, as PEM texts
 * @returns gives the context for a check; `withClient` says whether the target may see the client's certificate
 */
export const makeSecureContexts = (services: ProbeServices, authorities: ReadonlyArray<string>) => {
  const cache = new LruCache<SecureContext>(maxContexts)

  return (http: CheckSpec["http"], withClient: boolean): Either.Either<SecureContext, ProbeFailure> => {
    const own = http?.certificateAuthority
    const client = withClient ? http?.clientCertificate : undefined
    if (own === undefined && client === undefined) return Either.right(services.secureContext)
    const parts = [own ?? null, client?.certificate ?? null, client?.privateKey.sealed ?? null]
    const key = createHash("sha256").update(JSON.stringify(parts)).digest("base64")
    const known = cache.get(key)
    if (known !== undefined) return Either.right(known)
    const privateKey = client === undefined ? null : services.secrets.unseal(client.privateKey)
    if (privateKey !== null && Either.isLeft(privateKey)) return Either.left(unreadableSecret(privateKey.left))
    if (own !== undefined && !areCertificates(own)) return Either.left(badAuthority)
    return Either.map(
      Either.try({
        try: () =>
          createSecureContext({
            ...(own === undefined && authorities.length === 0
              ? undefined
              : { ca: [...rootCertificates, ...authorities, ...(own === undefined ? [] : [own])] }),
            ...(client === undefined || privateKey === null
              ? undefined
              : { cert: client.certificate, key: privateKey.right }),
          }),
        catch: () => (client === undefined ? badAuthority : badClientCertificate),
      }),
      (context) => {
        cache.set(key, context)
        return context
      },
    )
  }
}

/** Whether a text is certificates in PEM and nothing else passes for one: OpenSSL silently trusts nothing instead. */
const areCertificates = (pem: string): boolean => {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []
  try {
    return blocks.length > 0 && blocks.every((block) => new X509Certificate(block).raw.length > 0)
  } catch {
    return false
  }
}
