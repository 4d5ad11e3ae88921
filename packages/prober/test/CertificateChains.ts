import "reflect-metadata"
import { webcrypto } from "node:crypto"
import {
  BasicConstraintsExtension,
  cryptoProvider,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509"
import type { Pair } from "@uptime/testing/Certificates"
import { Effect } from "effect"

cryptoProvider.set(webcrypto)

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" }

interface Link {
  readonly certificate: X509Certificate
  readonly keys: webcrypto.CryptoKeyPair
}

const link = (name: string, issuer: Link | null, to: Date, host: string | null) =>
  Effect.promise(async (): Promise<Link> => {
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"])
    const certificate = await X509CertificateGenerator.create({
      serialNumber: Buffer.from(name).toString("hex"),
      subject: `CN=${name}`,
      issuer: issuer === null ? `CN=${name}` : issuer.certificate.subject,
      notBefore: new Date("2020-01-01T00:00:00Z"),
      notAfter: to,
      signingAlgorithm: algorithm,
      publicKey: keys.publicKey,
      signingKey: (issuer?.keys ?? keys).privateKey,
      extensions: [
        new BasicConstraintsExtension(host === null, undefined, true),
        ...(host === null ? [] : [new SubjectAlternativeNameExtension([{ type: "dns", value: host }])]),
      ],
    })
    return { certificate, keys }
  })

/**
 * A chain of three certificates for a host: what its server shows, its own and the intermediate, and the root that
 * vouches for them.
 *
 * @param ends when each of them ends
 */
export const chainFor = (
  host: string,
  ends: { readonly leaf: Date; readonly intermediate: Date; readonly root: Date },
) =>
  Effect.gen(function* () {
    const root = yield* link("root", null, ends.root, null)
    const intermediate = yield* link("intermediate", root, ends.intermediate, null)
    const leaf = yield* link("leaf", intermediate, ends.leaf, host)
    const key = yield* Effect.promise(() => webcrypto.subtle.exportKey("pkcs8", leaf.keys.privateKey))
    const pair: Pair = {
      cert: `${leaf.certificate.toString("pem")}\n${intermediate.certificate.toString("pem")}\n`,
      key: `-----BEGIN PRIVATE KEY-----\n${Buffer.from(key).toString("base64")}\n-----END PRIVATE KEY-----\n`,
    }
    return { pair, root: `${root.certificate.toString("pem")}\n` }
  })
