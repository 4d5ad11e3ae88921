/** A JSONPath query as RFC 9535 defines it, without its root. */
export interface JsonPath {
  readonly segments: ReadonlyArray<Segment>
  /** Whether it gives at most one value: only names and indices (RFC 9535, section 2.3.5.1, "singular query"). */
  readonly isSingular: boolean
}

/** One step: to children, or with `isDescendant` to everything below as well. */
export interface Segment {
  readonly isDescendant: boolean
  readonly selectors: ReadonlyArray<Selector>
}

export type Selector =
  | { readonly _tag: "Name"; readonly name: string }
  | { readonly _tag: "Wildcard" }
  | { readonly _tag: "Index"; readonly index: number }
  | {
      readonly _tag: "Slice"
      readonly start: number | null
      readonly end: number | null
      readonly step: number | null
    }
  | { readonly _tag: "Filter"; readonly test: Test }

/** What a filter asks of each child. */
export type Test =
  | { readonly _tag: "Or"; readonly tests: ReadonlyArray<Test> }
  | { readonly _tag: "And"; readonly tests: ReadonlyArray<Test> }
  | { readonly _tag: "Not"; readonly test: Test }
  | { readonly _tag: "Exists"; readonly query: FilterQuery }
  | {
      readonly _tag: "Compare"
      readonly left: Comparable
      readonly operator: ComparisonOperator
      readonly right: Comparable
    }
  | {
      readonly _tag: "Match"
      /** `match` wants the whole text, `search` any part of it. */
      readonly name: "match" | "search"
      readonly of: Comparable
      /** The I-Regexp (RFC 9485) as it was written. */
      readonly pattern: string
      /** The same in RE2's syntax. */
      readonly mapped: string
      /** The number of instructions it compiles to. */
      readonly size: number
    }

/** A query inside a filter: from the child that is tested (`@`) or from the root (`$`). */
export interface FilterQuery {
  readonly from: "@" | "$"
  readonly path: JsonPath
}

export const comparisonOperators = ["==", "!=", "<=", ">=", "<", ">"] as const
export type ComparisonOperator = (typeof comparisonOperators)[number]

export type Comparable =
  | { readonly _tag: "Value"; readonly value: string | number | boolean | null }
  | { readonly _tag: "Query"; readonly query: FilterQuery }
  | { readonly _tag: "LengthOf"; readonly of: Comparable }
  | { readonly _tag: "CountOf"; readonly query: FilterQuery }
  | { readonly _tag: "ValueOf"; readonly query: FilterQuery }

/** A path of these segments. */
export const makePath = (segments: ReadonlyArray<Segment>): JsonPath => ({
  segments,
  isSingular: segments.every(
    ({ isDescendant, selectors: [first, ...others] }) =>
      !isDescendant && others.length === 0 && (first?._tag === "Name" || first?._tag === "Index"),
  ),
})

/** A name that may follow a dot (RFC 9535, section 2.5.1.1, "member-name-shorthand"). */
export const shorthandName = /^[A-Za-z_\u0080-\uffff][A-Za-z\d_\u0080-\uffff]*$/
