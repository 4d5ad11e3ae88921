/**
 * Names that mean something on every JavaScript object. No call has a field of such a name, and what reads one where a
 * value is expected breaks: an object with a `toString` of its own cannot be shown in a message, and a parameter
 * `__proto__` vanishes from the record it is put into.
 */
const reserved: ReadonlySet<string> = new Set(["__proto__", "constructor", "toString", "valueOf", "toJSON"])

/** The first such name among the fields of an object; undefined when there is none. */
export const reservedField = (value: object): string | undefined =>
  Object.keys(value).find((name) => reserved.has(name))

/** The first such name among the parameters of a request's URL; undefined when there is none. */
export const reservedParameter = (url: string): string | undefined => {
  const query = url.indexOf("?")
  if (query < 0) return undefined
  for (const name of new URLSearchParams(url.slice(query)).keys()) if (reserved.has(name)) return name
  return undefined
}
