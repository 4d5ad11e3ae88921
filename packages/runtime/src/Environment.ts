import { readFile } from "node:fs/promises"
import { parseEnv } from "node:util"
import { ConfigProvider, Data, Effect, Layer } from "effect"

/** The file `.env` is there and cannot be read. */
export class EnvironmentError extends Data.TaggedError("EnvironmentError")<{ readonly message: string }> {}

/**
 * Where configuration comes from: the environment, and below it the file `.env` of the working directory, if there is
 * one. A variable that is set to nothing counts as not set, in either.
 */
export const environmentLayer: Layer.Layer<never, EnvironmentError> = Layer.unwrapEffect(
  Effect.map(readDotEnv(), (dotEnv) => Layer.setConfigProvider(environmentProvider(dotEnv, process.env))),
)

/**
 * A provider over two sets of variables.
 *
 * @param below what holds where `above` says nothing
 * @param above what wins, even by an empty value, which unsets
 */
export const environmentProvider = (
  below: Readonly<Record<string, string | undefined>>,
  above: Readonly<Record<string, string | undefined>>,
): ConfigProvider.ConfigProvider => {
  const variables = new Map<string, string>()
  for (const [name, value] of Object.entries({ ...below, ...above })) {
    if (value !== undefined && value.trim() !== "") variables.set(name, value)
  }
  return ConfigProvider.fromMap(variables, { pathDelim: "_" })
}

function readDotEnv(): Effect.Effect<Record<string, string | undefined>, EnvironmentError> {
  return Effect.tryPromise({
    try: () => readFile(".env", "utf8"),
    catch: (cause) => (cause instanceof Error && "code" in cause ? String(cause.code) : String(cause)),
  }).pipe(
    Effect.map((text): Record<string, string | undefined> => ({ ...parseEnv(text) })),
    Effect.catchAll((code) =>
      code === "ENOENT"
        ? Effect.succeed({})
        : Effect.fail(new EnvironmentError({ message: `.env is there but cannot be read (${code})` })),
    ),
  )
}
