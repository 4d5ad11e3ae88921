import type { Request } from "../api/call.ts"
import type { Rule } from "./rules.ts"

/** The settings of a channel, as the api takes and gives them. */
export type ChannelConfig = Request<"channels", "create">["payload"]["config"]

/** Which provider a channel speaks to. */
export type ChannelKind = ChannelConfig["kind"]

interface Common {
  /** Where it is in the settings, with dots: `server.auth.username`. */
  readonly path: string
  readonly label: string
  /** What belongs there, and where it is to be found. */
  readonly hint?: string
  /** It may be left empty. */
  readonly optional?: true
  /** It is asked for only while the field of this path has this value. */
  readonly when?: readonly [path: string, value: string]
}

/** A line of text. */
interface TextField extends Common {
  readonly type: "text"
  readonly rule: Rule
  readonly placeholder?: string
  /** Which keys a phone shows. */
  readonly keys?: "url" | "email" | "tel"
}

/** A line of text that is never shown again. */
interface SecretField extends Common {
  readonly type: "secret"
  readonly rule: Rule
}

/** A number. */
interface WholeField extends Common {
  readonly type: "whole"
  readonly rule: Rule
  readonly placeholder?: string
}

/** One of several. */
interface ChoiceField extends Common {
  readonly type: "choice"
  /** What it is unless the settings say so; then they say nothing. */
  readonly start: string
  readonly options: ReadonlyArray<{ readonly value: string; readonly label: string }>
  /** The settings have it as a number. */
  readonly numeric?: true
}

/** On or off; off leaves it out. */
interface SwitchField extends Common {
  readonly type: "switch"
}

/** Several texts, one a line. */
interface LinesField extends Common {
  readonly type: "lines"
  readonly rule: Rule
  readonly most: number
  readonly placeholder?: string
}

/** Names with values. */
export interface PairsField extends Common {
  readonly type: "pairs"
  readonly most: number
  readonly name: Rule
  readonly value: Rule
  /** Values that are empty are values, too. */
  readonly emptyValues?: true
  /** The values are never shown again. */
  readonly secret?: true
  /** What one of them is called: `header`. */
  readonly each: string
}

/**
 * A choice that is not in the settings but decides which of their parts are given: the first option whose `has` is there is
 * the one that was chosen.
 */
interface BranchField extends Common {
  readonly type: "branch"
  readonly options: ReadonlyArray<{ readonly value: string; readonly label: string; readonly has: string | null }>
}

/** One field of a channel's form. */
export type ChannelField =
  | TextField
  | SecretField
  | WholeField
  | ChoiceField
  | SwitchField
  | LinesField
  | PairsField
  | BranchField

/** The groups in which kinds are offered. */
export const kindGroups = ["Email and phone", "Chat", "On-call", "Your own systems"] as const

/** All that the dashboard knows of a kind of channel. */
export interface KindDescription<K extends ChannelKind = ChannelKind> {
  readonly kind: K
  readonly label: string
  readonly group: (typeof kindGroups)[number]
  /** What it does, in a line. */
  readonly about: string
  /** Other words that it is looked for by. */
  readonly words?: string
  /** The steps by which a person gets what the fields ask for. */
  readonly steps: ReadonlyArray<string>
  readonly fields: ReadonlyArray<ChannelField>
  /** The path of what tells it from others of its kind, which the list shows: no secret; null where there is none. */
  readonly shows: string | null
}
