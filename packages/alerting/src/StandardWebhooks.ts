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

const prefix = "whsec_"
