import { Config, ConfigError, Either, Option, Redacted } from "effect"

/** How one variable of the environment is read, and what the line about a wrong value says. */
export interface VariableOptions<A> {
  /** A value that would do, shown in the line about a missing or wrong one. */
  readonly example: string
  /** The typed value, or what the value must be, as the end of the sentence `NAME must be …`. */
  readonly parse: (text: string) => Either.Either<A, string>
}

/**
 * A variable that must be set. Its errors carry one whole line for the person who starts the process: the name, what is
 * wrong, and an example. Values are trimmed.
 *
 * @param name the variable's name
 */
export const required = <A>(name: string, options: VariableOptions<A>): Config.Config<A> =>
  read(name, false, options, () => Either.left(missing(name, options.example)))

/** A variable with a default: what it is when it is not set. */
export const withDefault = <A>(name: string, fallback: A, options: VariableOptions<A>): Config.Config<A> =>
  read(name, false, options, () => Either.right(fallback))

/** A variable that may be left out. */
export const optional = <A>(name: string, options: VariableOptions<A>): Config.Config<Option.Option<A>> =>
  read(name, false, { ...options, parse: (text) => Either.map(options.parse(text), Option.some) }, () =>
    Either.right(Option.none()),
  )

/** A secret that must be set: its value is redacted, and no error ever quotes it. */
export const secret = (name: string, options: VariableOptions<string>): Config.Config<Redacted.Redacted> =>
  read(name, true, redacting(options), () => Either.left(missing(name, options.example)))

/** A secret that may be left out. */
export const optionalSecret = (
  name: string,
  options: VariableOptions<string>,
): Config.Config<Option.Option<Redacted.Redacted>> =>
  read(name, true, { ...options, parse: (text) => Either.map(redacting(options).parse(text), Option.some) }, () =>
    Either.right(Option.none()),
  )

const redacting = (options: VariableOptions<string>): VariableOptions<Redacted.Redacted> => ({
  ...options,
  parse: (text) => Either.map(options.parse(text), Redacted.make),
})

const read = <A>(
  name: string,
  isSecret: boolean,
  options: VariableOptions<A>,
  whenUnset: () => Either.Either<A, ConfigError.ConfigError>,
): Config.Config<A> =>
  Config.string(name).pipe(
    Config.map((text) => text.trim()),
    Config.option,
    Config.mapOrFail((text) =>
      Option.isNone(text) || text.value === ""
        ? whenUnset()
        : Either.mapLeft(options.parse(text.value), (expected) =>
            wrong(name, isSecret ? undefined : text.value, expected, options.example),
          ),
    ),
  )

const missing = (name: string, example: string): ConfigError.ConfigError =>
  ConfigError.MissingData([], `${name} is not set; for example ${name}=${example}`)

const wrong = (name: string, value: string | undefined, expected: string, example: string): ConfigError.ConfigError =>
  ConfigError.InvalidData(
    [],
    `${name} must be ${expected}${value === undefined ? "" : `, not ${quote(value)}`}; for example ${name}=${example}`,
  )

/** A value as it is shown: one line, at most 80 characters. */
const quote = (value: string): string => JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value)
