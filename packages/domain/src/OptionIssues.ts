import type { CheckKind } from "./CheckKind.ts"
import type { KindOptions } from "./CheckSpec.ts"
import { isFramingHeader } from "./checks/HttpCheck.ts"
import { readUrl } from "./MonitorUrl.ts"

/** What is wrong with an option, and where it stands among those of a check. */
interface OptionIssue {
  readonly path: ReadonlyArray<string | number>
  readonly message: string
}

/**
 * What speaks against the options of a kind, each of which may be well by itself: those that would silently do nothing, and
 * what no check can use. Not a part of their schemas, so that what was stored before it was refused can be read.
 */
export const optionIssues = <Secret>(kind: CheckKind, options: KindOptions<Secret>): ReadonlyArray<OptionIssue> => {
  switch (kind) {
    case "postgres":
    case "mysql":
      return databaseIssues(kind, options[kind])
    case "tcp":
      return options.tcp?.tls === true && options.tcp.startTls !== undefined
        ? [
            {
              path: ["tcp", "startTls"],
              message: "is TLS after a beginning without it, and tls is TLS from the first byte: give one",
            },
          ]
        : []
    case "websocket":
      return (options.websocket?.secretHeaders ?? []).flatMap(({ name }, i) =>
        isFramingHeader(name) || /^sec-websocket-/i.test(name)
          ? [
              {
                path: ["websocket", "secretHeaders", i, "name"],
                message: "is a header that the checker sets by itself",
              },
            ]
          : [],
      )
    case "dns":
      return options.dns?.resolver === undefined || isNameServer(options.dns.resolver)
        ? []
        : [{ path: ["dns", "resolver"], message: "is no address that a name server can have, or no port" }]
    default:
      return []
  }
}

const databaseIssues = <Secret>(
  kind: "postgres" | "mysql",
  options: KindOptions<Secret>["postgres"],
): ReadonlyArray<OptionIssue> => {
  if (options === undefined || options.username !== undefined) return []
  const idle = (["password", "database", "query"] as const).filter((name) => options[name] !== undefined)
  if (idle.length === 0) return []
  return [
    {
      path: [kind, "username"],
      message: `must be given with ${idle.join(" and ")}: a check without a user name does not log in`,
    },
  ]
}

/** Whether an address with or without a port is one: `01.1.1.1` and port 0 are not. */
const isNameServer = (text: string): boolean => {
  const url = readUrl(`http://${text}`)
  const address = text.replace(/:\d+$/, "")
  return url !== null && !/:0+$/.test(text) && (address.startsWith("[") || url.hostname === address)
}
