import type { JudgedMonitor } from "./World.ts"

/** How long the first message waits for what else is failing. */
const holdAloneMs = 5_000
/** How long it waits where a parent may turn out to be the cause, which may be confirmed later. */
const holdBehindParentsMs = 60_000

/** How long what is new about a monitor is held before it is told. */
export const holdMs = ({ parents }: JudgedMonitor): number => (parents.length > 0 ? holdBehindParentsMs : holdAloneMs)
