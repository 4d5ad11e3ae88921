import { Schema } from "effect"

/**
 * A struct for what people send: a field that is not known is an error (a misspelt setting is not silently ignored), and
 * everything that is wrong is reported, not only the first.
 */
export const StrictStruct = <Fields extends Schema.Struct.Fields>(fields: Fields): Schema.Struct<Fields> =>
  Schema.Struct(fields).annotations({
    parseOptions: { onExcessProperty: "error", errors: "all" },
    message: () => "must be an object",
  })

/** A field that may be left out; given, it must be of its type: JSON has no `undefined`. */
export const optional = <S extends Schema.Schema.Any>(schema: S) => Schema.optionalWith(schema, { exact: true })

/** The query string of a call that takes none: any parameter is an error. */
export const NoQuery = Schema.Struct({}).pipe(
  Schema.filter((query) =>
    Object.keys(query).map((name) => ({ path: [name], message: "is not a field that this call knows" })),
  ),
)
