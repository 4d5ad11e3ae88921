/** The part of a channel's settings at a path such as `server.host`. */
export const settingAt = (config: unknown, path: string): unknown =>
  path
    .split(".")
    .reduce<unknown>((inner, name) => (isRecord(inner) && Object.hasOwn(inner, name) ? inner[name] : undefined), config)

/** Whether a value is an object with fields. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)
