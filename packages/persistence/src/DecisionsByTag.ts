import type { Decision } from "@uptime/incidents/Decision"

type Tag = Decision["_tag"]

/** Decisions apart by what they are, each kind in the order in which they were made. */
export type DecisionsByTag = { readonly [T in Tag]: ReadonlyArray<Extract<Decision, { readonly _tag: T }>> }

const of = <T extends Tag>(decisions: ReadonlyArray<Decision>, tag: T) =>
  decisions.filter((decision): decision is Extract<Decision, { readonly _tag: T }> => decision._tag === tag)

export const decisionsByTag = (decisions: ReadonlyArray<Decision>): DecisionsByTag => ({
  Open: of(decisions, "Open"),
  Part: of(decisions, "Part"),
  Leave: of(decisions, "Leave"),
  Rename: of(decisions, "Rename"),
  Resolve: of(decisions, "Resolve"),
  Discard: of(decisions, "Discard"),
  Tell: of(decisions, "Tell"),
  Untell: of(decisions, "Untell"),
  Overlay: of(decisions, "Overlay"),
  Flap: of(decisions, "Flap"),
  LookAgain: of(decisions, "LookAgain"),
})
