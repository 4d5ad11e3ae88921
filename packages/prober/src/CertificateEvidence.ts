import type { PeerCertificate } from "node:tls"
import { storableText } from "@uptime/domain/CheckError"
import type { CertificateEvidence } from "@uptime/domain/Result"
import type { ProbeTrace } from "./ProbeTrace.ts"

/** Notes the certificate that a server showed. */
export const recordCertificate = (trace: ProbeTrace, certificate: PeerCertificate): void => {
  const evidence = certificateEvidence(certificate)
  trace.certificate = evidence
  trace.certificateExpiresAt = evidence?.validTo ?? null
}

/** What a certificate says of itself, as storable text; null when there is none. */
export const certificateEvidence = (certificate: PeerCertificate): CertificateEvidence | null => {
  if (Object.keys(certificate).length === 0) return null
  return {
    subject: storableText(nameOf(certificate.subject), 300),
    issuer: storableText(nameOf(certificate.issuer), 300),
    validFrom: instantOf(certificate.valid_from),
    validTo: instantOf(certificate.valid_to),
    fingerprint: storableText(certificate.fingerprint256 ?? "", 95),
  }
}

const nameOf = (name: PeerCertificate["subject"] | undefined): string =>
  Object.entries(name ?? {})
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(", ")

const instantOf = (text: string): number | null => {
  const instant = Date.parse(text)
  return Number.isNaN(instant) ? null : instant
}
