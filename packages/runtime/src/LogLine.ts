import { Cause, HashMap, Inspectable, List, type Logger, type LogLevel } from "effect"

/** The longest text, in characters, that one field of a line holds. */
const maxFieldLength = 8192

/**
 * A log entry as one line of JSON: `time` (ISO 8601), `level`, `service`, `message`, then `cause` (a failure with its
 * stack), `spans` (milliseconds) and every annotation under its own name. Secrets stay redacted, line breaks escaped.
 *
 * @param service the process's name
 */
export const jsonLine =
  (service: string) =>
  (entry: Logger.Logger.Options<unknown>): string => {
    const { data, message } = messageOf(entry)
    const fields: Record<string, unknown> = {
      time: entry.date.toISOString(),
      level: levelName(entry.logLevel),
      service,
      message,
    }
    if (data.length > 0) fields["data"] = data
    if (!Cause.isEmpty(entry.cause)) fields["cause"] = causeOf(entry.cause)
    if (List.isCons(entry.spans)) {
      fields["spans"] = Object.fromEntries(
        [...entry.spans].map((span) => [span.label, entry.date.getTime() - span.startTime]),
      )
    }
    for (const [name, value] of entry.annotations)
      fields[Object.hasOwn(fields, name) ? `${name}_` : name] = plain(value)
    return stringify(fields)
  }

/**
 * A log entry for a person at a terminal: one line (`time level service: message name=value …`), and the failure, if
 * there is one, on the lines below. Control characters are escaped.
 *
 * @param service the process's name
 * @param colors whether the terminal shows colours
 */
export const prettyLine =
  (service: string, colors: boolean) =>
  (entry: Logger.Logger.Options<unknown>): string => {
    const { data, message } = messageOf(entry)
    const level = levelName(entry.logLevel)
    const time = entry.date.toISOString().slice(11, 23)
    const head = `${time} ${paint(level.toUpperCase().padEnd(5), levelColor(level), colors)} ${service}: ${visible(message)}`
    const rest = [
      ...data.map((value) => visible(stringify(value))),
      ...[...HashMap.entries(entry.annotations)].map(([name, value]) => visible(`${name}=${annotation(plain(value))}`)),
      ...[...entry.spans].map((span) => `${span.label}=${entry.date.getTime() - span.startTime}ms`),
    ]
    const line = [head, ...rest.map((part) => paint(part, gray, colors))].join(" ")
    const cause = Cause.isEmpty(entry.cause) ? "" : `\n${causeOf(entry.cause)}`
    return line + cause
  }

const messageOf = (entry: Logger.Logger.Options<unknown>) => {
  const parts = (Array.isArray(entry.message) ? entry.message : [entry.message]).map(plain)
  return {
    message: clip(parts.filter((part) => typeof part === "string").join(" ")),
    data: parts.filter((part) => typeof part !== "string"),
  }
}

/** A value as it may be shown: errors as their message, secrets redacted, big integers as text. */
const plain = (value: unknown): unknown => {
  if (value instanceof Error) return withoutCredentials(value.message === "" ? value.name : value.message)
  if (typeof value === "bigint" || typeof value === "symbol" || typeof value === "function") return String(value)
  return typeof value === "string" ? clip(value) : Inspectable.toJSON(value)
}

/** JSON of anything: what JSON has no form for (a bigint within, a getter that throws) costs its own value, not the line. */
const stringify = (value: unknown): string => {
  try {
    return Inspectable.stringifyCircular(value) ?? String(value)
  } catch {
    return JSON.stringify(
      typeof value === "object" && value !== null
        ? Object.fromEntries(Object.entries(value).filter(([, field]) => typeof field === "string"))
        : String(value),
    )
  }
}

const annotation = (value: unknown): string =>
  typeof value === "string" && /^[^\s"=]+$/.test(value) ? value : stringify(value)

const clip = (text: string): string => (text.length > maxFieldLength ? `${text.slice(0, maxFieldLength)}…` : text)

const causeOf = (cause: Cause.Cause<unknown>): string =>
  clip(withoutCredentials(Cause.pretty(cause, { renderErrorCause: true })))

/** An error's text without the user and password of URLs in it: drivers put connection strings there. */
export const withoutCredentials = (text: string): string =>
  text.replaceAll(/\/\/[^\s/@"]*:[^\s/@"]*@/g, "//<redacted>@")

const visible = (text: string): string =>
  text.replaceAll(/\p{Cc}/gu, (character) =>
    JSON.stringify(character)
      .slice(1, -1)
      .replace(/^[\x7f-\x9f]$/, "\ufffd"),
  )

const levelName = (level: LogLevel.LogLevel): string => (level._tag === "Warning" ? "warn" : level._tag.toLowerCase())

const gray = "90"

const levelColor = (level: string): string =>
  level === "fatal" || level === "error" ? "31" : level === "warn" ? "33" : level === "info" ? "32" : gray

const paint = (text: string, color: string, colors: boolean): string =>
  colors ? `\u001b[${color}m${text}\u001b[0m` : text
