import { printPath } from "@uptime/conditions/jsonpath/JsonPathPrinter"
import type { Observation } from "@uptime/conditions/Observation"
import {
  isSource,
  type Literal,
  type ParsedCondition,
  type Source,
  type Target,
} from "@uptime/conditions/ParsedCondition"
import type { Placeholder } from "@uptime/conditions/Placeholder"
import { query } from "json-p3"

type Value = string | number | boolean | null | object
/** What is looked at: the values, and whether they are several by nature. Null where there is nothing. */
type Looked = { readonly values: ReadonlyArray<Value>; readonly isMany: boolean } | null

const one = (value: Value | null | undefined): Looked =>
  value === null || value === undefined ? null : { values: [value], isMany: false }

const json = (body: string | null): { readonly value: Value } | null => {
  try {
    return body === null ? null : { value: JSON.parse(body) }
  } catch {
    return null
  }
}

const lookAt = (placeholder: Placeholder, seen: Observation): Looked => {
  if (placeholder._tag === "Phase") return one(seen.phases[placeholder.phase])
  if (placeholder._tag === "Header") {
    const fields = seen.headers.filter(([name]) => name.toLowerCase() === placeholder.name)
    return fields.length === 0 ? null : one(fields.map(([, value]) => value).join(", "))
  }
  if (placeholder._tag === "Body") {
    if (placeholder.path === null) return one(seen.body?.trim())
    const document = json(seen.body)
    if (document === null) return null
    const values = query(`$${printPath(placeholder.path)}`, JSON.parse(JSON.stringify(document.value)))
      .values()
      .filter((value) => value !== undefined)
    if (!placeholder.path.isSingular) return { values, isMany: true }
    return values.length === 0 ? null : { values, isMany: false }
  }
  const plain = {
    STATUS: seen.status,
    RESPONSE_TIME: seen.responseTimeMs,
    IP: seen.ip,
    CONNECTED: seen.connected,
    CERTIFICATE_EXPIRATION: seen.certificateExpiresInMs,
    DOMAIN_EXPIRATION: seen.domainExpiresInMs,
    DNS_RCODE: seen.dnsRcode,
    PACKET_LOSS: seen.packetLossPercent,
    GRPC_STATUS: seen.grpcStatus,
    RECORDS: null,
  }
  if (placeholder.name !== "RECORDS") return one(plain[placeholder.name])
  return seen.records === null ? null : { values: seen.records, isMany: true }
}

const text = (value: Value): string => (typeof value === "string" ? value : JSON.stringify(value))

const look = (source: Source, seen: Observation): Looked => {
  if (source._tag === "Has") {
    const looked = lookAt(source.of, seen)
    const isBody = source.of._tag === "Body" && source.of.path === null
    return one(looked?.values.some((value) => value !== null && !(isBody && value === "")) ?? false)
  }
  if (source._tag !== "Length") return lookAt(source, seen)
  const looked = lookAt(source.of, seen)
  if (looked === null) return null
  if (looked.isMany) return one(looked.values.length)
  const [value = null] = looked.values
  const whole = source.of._tag === "Body" && source.of.path === null ? json(seen.body)?.value : undefined
  const array = Array.isArray(whole) ? whole : value
  return one(Array.isArray(array) ? array.length : [...text(value)].length)
}

const unit: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, ms: 1, s: 1e3, m: 6e4, h: 36e5, d: 864e5 }

/** The number that a text says. */
const said = (written: string): number | null => {
  const [, sign = "", rest = ""] = /^([-+]?)(.*)$/s.exec(written) ?? []
  const factor = sign === "-" ? -1 : 1
  if (/^(\d|\.\d)/.test(rest) && /[\da-fA-F]$/.test(rest) && !/\.e/i.test(rest) && Number.isFinite(Number(rest))) {
    return factor * Number(rest)
  }
  const parts = rest.split(/(?<=[a-z])(?=[\d.])/)
  const amounts = parts.map(
    (part) => Number(/^[\d.]+/.exec(part)?.[0]) * (unit[part.replace(/^[\d.]+/, "")] ?? Number.NaN),
  )
  const total = amounts.reduce((sum, amount) => sum + amount, 0)
  return Number.isNaN(total) ? null : factor * total
}

const asNumber = (value: Value | Literal): number | null => {
  if (typeof value === "number") return value
  if (typeof value === "string") return said(value)
  return value !== null && typeof value === "object" && "_tag" in value && "value" in value ? Number(value.value) : null
}

const asText = (value: Value | Literal): string =>
  value !== null && typeof value === "object" && "_tag" in value && "text" in value ? String(value.text) : text(value)

const same = (left: Value, right: Value | Literal): boolean => {
  const a = asNumber(left)
  const b = asNumber(right)
  return a !== null && b !== null ? a === b : asText(left) === asText(right)
}

const sameAs = (left: Value, target: Value | Target): boolean => {
  if (target === null || typeof target !== "object" || !("_tag" in target)) return same(left, target)
  switch (target._tag) {
    case "Any":
      return target.options.some((option) => same(left, option))
    case "Glob": {
      const pieces = target.pattern.split("*").map((piece) => piece.replace(/[^\w\s]/g, (mark) => `\\${mark}`))
      return new RegExp(`^${pieces.join("[^]*")}$`).test(text(left))
    }
    case "Regex":
      return new RegExp(target.pattern).test(text(left))
    default:
      return same(left, target)
  }
}

const contained = (values: ReadonlyArray<Value>, isMany: boolean, target: Value | Target): boolean => {
  const [first = null] = values
  const elements = isMany ? values : Array.isArray(first) ? first : null
  if (elements !== null) return elements.some((element) => sameAs(element, target))
  if (target === null || typeof target !== "object" || !("_tag" in target)) return text(first).includes(text(target))
  if (target._tag === "Any") return target.options.some((option) => text(first).includes(option.text))
  if (target._tag === "Glob") return sameAs(text(first), { _tag: "Glob", pattern: `*${target.pattern}*` })
  return "text" in target && text(first).includes(target.text)
}

const ordered = (left: Value, right: Value | Target): number => {
  if (right !== null && typeof right === "object" && "_tag" in right && !("text" in right)) return Number.NaN
  const a = asNumber(left)
  const b = asNumber(right)
  if (a !== null && b !== null) return a - b
  if (a !== null || b !== null) return Number.NaN
  return asText(left) === asText(right) ? 0 : asText(left) < asText(right) ? -1 : 1
}

/** What `evaluate` says, worked out in the plainest way: everything is looked at, read and compared anew each time. */
export const naively = ({ left, operator, right }: ParsedCondition, seen: Observation): boolean => {
  const looked = look(left, seen)
  const other = isSource(right) ? look(right, seen) : { values: [right], isMany: false }
  if (looked === null || other === null || looked.values.length === 0) return false
  const [target = null] = other.values
  const each = (holds: (value: Value) => boolean) => looked.values.every(holds)
  switch (operator) {
    case "contains":
      return contained(looked.values, looked.isMany, target)
    case "not contains":
      return !contained(looked.values, looked.isMany, target)
    case "==":
    case "matches":
      return each((value) => sameAs(value, target))
    case "!=":
    case "not matches":
      return each((value) => !sameAs(value, target))
    case "<":
      return each((value) => ordered(value, target) < 0)
    case "<=":
      return each((value) => ordered(value, target) <= 0)
    case ">":
      return each((value) => ordered(value, target) > 0)
    case ">=":
      return each((value) => ordered(value, target) >= 0)
  }
}
