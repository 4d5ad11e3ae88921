import type { CheckKind } from "@uptime/domain/CheckKind"
import { schemes } from "@uptime/domain/UrlScheme"
import { withScheme } from "./address.ts"
import { kindChoice } from "./kindChoices.ts"

/** The kind of check that an address asks for by its scheme; undefined while it names none that is known. */
export const kindOfAddress = (typed: string): CheckKind | undefined => {
  const scheme = withScheme.exec(typed.trim())?.[1]?.toLowerCase() ?? ""
  return Object.hasOwn(schemes, scheme) ? schemes[scheme]?.kind : undefined
}

/** The same address for another kind of check: with a scheme of that kind, and no path or port where it has none. */
export const addressForKind = (typed: string, kind: CheckKind): string => {
  if (kind === "heartbeat" || kindOfAddress(typed) === kind || typed.trim() === "") return typed
  const { scheme } = kindChoice(kind)
  const rest = typed.trim().replace(withScheme, "")
  const rules = schemes[scheme]
  const host = rules?.path === true ? rest : rest.replace(/[/?#].*$/, "")
  return `${scheme}://${rules?.port === null ? host.replace(/:\d*$/, "") : host}`
}
