import { createHmac } from "node:crypto"

/**
 * The headers that sign a message by Standard Webhooks
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md): HMAC-SHA256 over
 * `id.timestamp.body`. Made anew for each try, since receivers refuse what was signed more than some minutes ago.
 *
 * @param secret `whsec_` and the key in base64, or a text whose UTF-8 bytes are the key
 * @param nowMs milliseconds since the epoch
 */
export const signatureHeaders = (
  secret: string,
  id: string,
  nowMs: number,
  body: string,
): Readonly<Record<string, string>> => {
  const timestamp = String(Math.floor(nowMs / 1000))
  const key = secret.startsWith(prefix) ? Buffer.from(secret.slice(prefix.length), "base64") : Buffer.from(secret)
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${signature}` }
}

/** Whether a text can be a secret to sign with: what follows `whsec_` must be base64. */
export const isSigningSecret = (secret: string): boolean =>
  !secret.startsWith(prefix) || /^(?:[A-Za-z0-9+/]{4})*[A-Za-z0-9+/]{2,4}={0,2}$/.test(secret.slice(prefix.length))

const prefix = "whsec_"
