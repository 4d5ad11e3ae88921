import * as HttpApi from "@effect/platform/HttpApi"
import { Api } from "@uptime/contract/Api"
import { Option, Schema, SchemaAST } from "effect"

/** A call of the contract, as reflection shows it. */
export interface Endpoint {
  readonly group: string
  readonly method: string
  readonly path: string
  /** The names of the parameters in the path. */
  readonly pathParams: ReadonlyArray<string>
  /** The names of the parameters in the query string. */
  readonly queryParams: ReadonlyArray<string>
  readonly payload: Option.Option<Schema.Schema<unknown, unknown>>
  readonly isPublic: boolean
}

/** The names of a struct's fields, below whatever refines it. */
const fieldsOf = (ast: SchemaAST.AST): ReadonlyArray<string> => {
  if (SchemaAST.isRefinement(ast)) return fieldsOf(ast.from)
  return SchemaAST.isTypeLiteral(ast) ? ast.propertySignatures.map((field) => String(field.name)) : []
}

/** Every call of the contract. */
export const endpoints: ReadonlyArray<Endpoint> = (() => {
  const found: Array<Endpoint> = []
  HttpApi.reflect(Api, {
    onGroup: () => undefined,
    onEndpoint: ({ endpoint, group, middleware }) => {
      const { method, path, payloadSchema, urlParamsSchema } = endpoint
      found.push({
        group: group.identifier,
        method,
        path,
        pathParams: [...path.matchAll(/:(\w+)/g)].flatMap(([, name]) => (name === undefined ? [] : [name])),
        queryParams: Option.match(urlParamsSchema, { onNone: () => [], onSome: ({ ast }) => fieldsOf(ast) }),
        payload: Option.map(payloadSchema, ({ ast }) => Schema.make<unknown, unknown>(ast)),
        isPublic: middleware.size === 0,
      })
    },
  })
  return found
})()

/** The route of an endpoint with its parameters filled in. */
export const routeTo = (endpoint: Endpoint, param: string, query = ""): string =>
  `${endpoint.method} ${endpoint.path.replace(/:\w+/g, param)}${query}`
