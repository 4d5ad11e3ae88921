import { kindOfUrl } from "@uptime/domain/UrlScheme"
import { Predicate } from "effect"
import type { List, Tenant } from "./Belongings.ts"
import type { JsonSchema, OpenApiDocument } from "./OpenApiDocument.ts"
import type { Random } from "./Random.ts"
import { freshSecret, matching, namedText, plainText } from "./SampleTexts.ts"

/** Who asks, and what else there is that a request may speak of. */
export interface Cast {
  readonly tenant: Tenant
  readonly stranger: Tenant
}

const unknownId = "0190a5f4-0000-7000-8000-00000000dead"

/** Which list an id is of, by the name of its field. */
const listOf: Readonly<Record<string, List>> = {
  id: "monitor",
  ids: "monitor",
  monitorId: "monitor",
  monitorIds: "monitor",
  parents: "monitor",
  channels: "channels",
  escalationId: "escalations",
}

/** An id: mostly one of the person's own, else a deleted one, a stranger's, or one that nothing has. */
export const someId = (list: List, { stranger, tenant }: Cast, random: Random): string => {
  const kind = random.below(20)
  const id =
    kind < 17
      ? tenant.belongings.one(list, random)
      : kind === 17
        ? tenant.belongings.deleted(list, random)
        : kind === 18
          ? stranger.belongings.one(list, random)
          : unknownId
  return id ?? unknownId
}

/** Values that a schema of the document takes, as far as it says what it takes. */
export class Values {
  private readonly schemas: OpenApiDocument["schemas"]
  private readonly random: Random
  constructor({ schemas }: OpenApiDocument, random: Random) {
    this.schemas = schemas
    this.random = random
  }

  /** @param name the field that the value is for */
  of(schema: JsonSchema, name: string, cast: Cast): unknown {
    const { random } = this
    if (schema.$ref !== undefined) {
      const ref = schema.$ref.split("/").at(-1) ?? ""
      const { $ref: _, ...own } = schema
      return this.of(
        { ...this.schemas[ref], ...own },
        ref === "Secret4096" ? `secret:${name}` : nameOf(ref, name),
        cast,
      )
    }
    if (schema.enum !== undefined) return random.any(schema.enum)
    if (schema.anyOf !== undefined) return this.of(random.any(schema.anyOf) ?? {}, name, cast)
    switch (schema.type) {
      case "object":
        return this.object(schema, cast)
      case "array":
        return this.array(schema, name, cast)
      case "integer":
      case "number":
        return this.number(schema)
      case "boolean":
        return random.chance(0.5)
      case "string":
        return this.text(schema, name, cast)
      default:
        return null
    }
  }

  private object({ properties = {}, required = [] }: JsonSchema, cast: Cast): unknown {
    const kept = this.random.pick([0.1, 0.3, 0.7] as const)
    const entries = Object.entries(properties)
      .filter(([name]) => required.includes(name) || this.random.chance(kept))
      .map(([name, schema]): [string, unknown] => [name, this.of(schema, name, cast)])
    return fitKind(Object.fromEntries(entries))
  }

  private array({ items, maxItems = 4, minItems = 0 }: JsonSchema, name: string, cast: Cast): unknown {
    if (typeof items !== "object") return []
    const length = Math.min(maxItems, minItems + this.random.below(3))
    const all = Array.from({ length }, () => this.of(items, name, cast))
    // Nothing is asked for twice, and more of the same says no more.
    return [...new Map(all.map((item) => [JSON.stringify(item), item])).values()]
  }

  private number({ exclusiveMinimum, maximum, minimum, type }: JsonSchema): number {
    const least = minimum ?? (exclusiveMinimum === undefined ? 0 : exclusiveMinimum + 1)
    const most = maximum ?? least + 1_000
    const { random } = this
    const value = random.pick([least, most, least + random.below(Math.max(1, Math.floor(most - least)))])
    return type === "integer" ? Math.round(value) : value
  }

  private text(schema: JsonSchema, name: string, cast: Cast): string {
    const { random } = this
    if (name.startsWith("secret:")) {
      return name.endsWith("url") ? `https://hooks.invalid/${freshSecret(random)}` : freshSecret(random)
    }
    if (schema.format === "password" || name === "PagePassword") {
      return name === "NewPassword" || name === "PagePassword" ? freshSecret(random) : cast.tenant.password
    }
    if (schema.format === "email" || name === "Email") return this.email(cast)
    const list = listOf[name]
    if (schema.format === "uuid" && list !== undefined) return someId(list, cast, random)
    const known = namedText(name, random)
    if (known !== undefined && (schema.maxLength ?? known.length) >= known.length && matches(schema, known))
      return known
    if (schema.format === "uuid") return unknownId
    if (schema.pattern !== undefined) return matching(schema.pattern, schema.maxLength ?? 1_000, random)
    return plainText(schema.minLength ?? 0, schema.maxLength ?? 50, random)
  }

  private email({ tenant }: Cast): string {
    return this.random.chance(0.5) ? tenant.email : `a${this.random.below(2 ** 31)}@example.com`
  }
}

/** Schemas whose texts are told by the field and not by themselves. */
const nameOf = (ref: string, name: string): string => (ref === "Int" || ref === "UUID" ? name : ref)

const matches = ({ pattern }: JsonSchema, text: string): boolean =>
  pattern === undefined || new RegExp(pattern).test(text)

const kinds = new Set("http tcp dns ping tls websocket grpc smtp postgres mysql redis domain heartbeat".split(" "))

/** A monitor has options of its own kind alone, and a heartbeat must have its own. */
const fitKind = (value: Readonly<Record<string, unknown>>): unknown => {
  const { url } = value
  if (!Predicate.isString(url) || "kind" in value) return value
  const kind = kindOfUrl(url)
  const rest = Object.fromEntries(Object.entries(value).filter(([name]) => name === kind || !kinds.has(name)))
  return kind === "heartbeat" ? { ...rest, heartbeat: { periodSeconds: 60 } } : rest
}
