import { SecretsUnavailable, type ValidationIssue } from "@uptime/contract/ApiErrors"
import type { MonitorEdit } from "@uptime/contract/MonitorsApi"
import { mapSecrets } from "@uptime/domain/CheckSecrets"
import { headerValue, headerValueMessage } from "@uptime/domain/checks/HttpCheck"
import type { MonitorChanges } from "@uptime/domain/MonitorChanges"
import { isPlainSecret, type KeptSecret, type SealedSecret, type Secret } from "@uptime/domain/Secret"
import type { SecretBox } from "@uptime/runtime/SecretBox"
import { type Context, Effect } from "effect"

/** The secrets that are sent in headers as they are: what no header can carry is said when it is given. */
const inHeaders = /^\w+\.secretHeaders\.|^http\.auth\.token$/

/** What is wrong with the secrets in what was asked for. */
export const secretIssues = (input: MonitorEdit): ReadonlyArray<ValidationIssue> => {
  const issues: Array<ValidationIssue> = []
  mapSecrets(input, (secret: Secret, { key, path }) => {
    if (isPlainSecret(secret) && inHeaders.test(key) && !headerValue.test(secret.plain)) {
      issues.push({ path, message: headerValueMessage })
    }
  })
  return issues
}

/** What was asked for, with its secrets sealed, but for those that stay what they are. */
export const sealSecrets = Effect.fnUntraced(function* (
  secrets: Context.Tag.Service<SecretBox>,
  input: MonitorEdit,
): Effect.fn.Return<MonitorChanges, SecretsUnavailable> {
  const plain = new Map<string, string>()
  mapSecrets(input, (secret: Secret, { key }) => {
    if (isPlainSecret(secret)) plain.set(key, secret.plain)
  })
  const sealed = new Map<string, SealedSecret>()
  for (const [key, text] of plain) {
    sealed.set(key, yield* Effect.mapError(secrets.seal(text), () => SecretsUnavailable.create()))
  }
  const { dns, domain, grpc, heartbeat, http, mysql, ping, postgres, redis, smtp, tcp, tls, websocket, ...settings } =
    input
  return {
    ...settings,
    ...mapSecrets(input, (_: Secret, { key }): SealedSecret | KeptSecret => sealed.get(key) ?? { kept: true }),
  }
})
