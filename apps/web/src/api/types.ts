import type { Answer } from "./call.ts"

/** A monitor as the list shows it. */
export type MonitorSummary = Answer<"monitors", "summaries">["items"][number]
/** A monitor with all that is known of it now. */
export type MonitorOverview = Answer<"monitors", "get">
/** The newest checks of a monitor. */
export type RecentChecks = Answer<"monitors", "recent">["items"][number]
