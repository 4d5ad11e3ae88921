import { Schema } from "effect"

/** What of a JSON Schema values are made by. */
export interface JsonSchema {
  readonly $ref?: string
  readonly type?: string
  readonly enum?: ReadonlyArray<unknown>
  readonly anyOf?: ReadonlyArray<JsonSchema>
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: ReadonlyArray<string>
  readonly items?: JsonSchema | boolean
  readonly minItems?: number
  readonly maxItems?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly format?: string
  readonly minimum?: number
  readonly exclusiveMinimum?: number
  readonly maximum?: number
}

const exactly = <A, I>(schema: Schema.Schema<A, I>) => Schema.optionalWith(schema, { exact: true })

const JsonSchema: Schema.Schema<JsonSchema> = Schema.Struct({
  $ref: exactly(Schema.String),
  type: exactly(Schema.String),
  enum: exactly(Schema.Array(Schema.Unknown)),
  anyOf: exactly(Schema.Array(Schema.suspend(() => JsonSchema))),
  properties: exactly(Schema.Record({ key: Schema.String, value: Schema.suspend(() => JsonSchema) })),
  required: exactly(Schema.Array(Schema.String)),
  items: exactly(
    Schema.Union(
      Schema.Boolean,
      Schema.suspend(() => JsonSchema),
    ),
  ),
  minItems: exactly(Schema.Number),
  maxItems: exactly(Schema.Number),
  minLength: exactly(Schema.Number),
  maxLength: exactly(Schema.Number),
  pattern: exactly(Schema.String),
  format: exactly(Schema.String),
  minimum: exactly(Schema.Number),
  exclusiveMinimum: exactly(Schema.Number),
  maximum: exactly(Schema.Number),
})

const Content = Schema.Record({ key: Schema.String, value: Schema.Struct({ schema: JsonSchema }) })

const Parameter = Schema.Struct({
  name: Schema.String,
  in: Schema.Literal("path", "query", "header", "cookie"),
  schema: JsonSchema,
  required: exactly(Schema.Boolean),
})

const PathItem = Schema.Record({
  key: Schema.String,
  value: Schema.Struct({
    operationId: Schema.String,
    parameters: Schema.Array(Parameter),
    security: Schema.Array(Schema.Unknown),
    requestBody: exactly(Schema.Struct({ content: Content })),
    responses: Schema.Record({ key: Schema.String, value: Schema.Struct({ content: exactly(Content) }) }),
  }),
})

const Document = Schema.Struct({
  paths: Schema.Record({ key: Schema.String, value: PathItem }),
  components: Schema.Struct({ schemas: Schema.Record({ key: Schema.String, value: JsonSchema }) }),
})

/** A call of the API, as the document tells of it. */
export interface Operation {
  readonly id: string
  /** In upper case. */
  readonly method: string
  /** With its parameters in braces: `/api/monitor/{id}`. */
  readonly path: string
  readonly parameters: ReadonlyArray<typeof Parameter.Type>
  /** What the body must be; null for a call that takes none. */
  readonly body: JsonSchema | null
  readonly isPublic: boolean
  /** By status: the content types of an answer, none for an answer without a body. */
  readonly answers: ReadonlyMap<number, ReadonlyArray<string>>
}

/** An OpenAPI document, read. */
export interface OpenApiDocument {
  readonly operations: ReadonlyArray<Operation>
  readonly schemas: Readonly<Record<string, JsonSchema>>
}

/** Reads a document as the api serves it; throws where it is not one. */
export const readDocument = (json: unknown): OpenApiDocument => {
  const { components, paths } = Schema.decodeUnknownSync(Document)(json)
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(
      ([method, { operationId, parameters, requestBody, responses, security }]): Operation => ({
        id: operationId,
        method: method.toUpperCase(),
        path,
        parameters,
        body: requestBody?.content["application/json"]?.schema ?? null,
        isPublic: security.length === 0,
        answers: new Map(
          Object.entries(responses).map(([status, { content }]) => [Number(status), Object.keys(content ?? {})]),
        ),
      }),
    ),
  )
  return { operations, schemas: components.schemas }
}
