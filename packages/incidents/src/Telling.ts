import type { Voice } from "./Audience.ts"
import { settleMs } from "./Flapping.ts"
import { earliest, lastDue, lastNumber, type Wanted } from "./Message.ts"
import type { Told } from "./World.ts"

/** How long what joins after the first message is gathered. */
const gatherMs = 30_000
/** When to look again at what waits for a message to be sent. */
export const retryMs = 60_000

/**
 * What a channel is to be told of an incident as it is: `opened` first, or `flapping:1` where all that it hears of is
 * flapping; then `updated` for what joined or became worse, `flapping` when a monitor begins to, and `settled` once none
 * does any more. Everything told says all there is to say, so what is older than a channel's last message is known.
 *
 * @param voices the parts that the channel is told of; at least one
 * @param isCalm whether nothing in the incident flaps
 * @param told what the channel was told of it
 */
export const wantedNews = (
  voices: ReadonlyArray<Voice>,
  isCalm: boolean,
  told: ReadonlyArray<Told>,
  now: number,
): ReadonlyArray<Wanted> => {
  const known = lastDue(told)
  if (known === null) {
    const change = voices.every(({ flappingSince }) => flappingSince !== null) ? "flapping:1" : "opened"
    return [{ change, due: earliest(voices.map(({ hold, part }) => part.newsAt + hold)) }]
  }
  const wanted: Array<Wanted> = []
  const flaps = lastNumber(told, "flapping")
  const lastFlap = lastDue(told.filter(({ change }) => change.startsWith("flapping:")))
  if (isCalm && lastNumber(told, "settled") < flaps) wanted.push({ change: `settled:${flaps}`, due: now })
  const began = voices.flatMap(({ flappingSince }) =>
    flappingSince !== null && flappingSince > known ? [flappingSince] : [],
  )
  if (began.length > 0) {
    const due = lastFlap === null ? earliest(began) : Math.max(earliest(began), lastFlap + settleMs)
    wanted.push({ change: `flapping:${flaps + 1}`, due })
  }
  const news = voices
    .filter(({ flappingSince, part }) => flappingSince === null && part.newsAt > known)
    .map(({ hold, part }) => part.newsAt + Math.max(hold, gatherMs))
  if (news.length > 0) {
    const due = Math.max(earliest(news), heldUpUntil(told, now))
    wanted.push({ change: `updated:${lastNumber(told, "updated") + 1}`, due })
  }
  return wanted
}

/**
 * That somebody acknowledged an incident, to a channel that was told of it: once, and not before what it was told first can
 * be sent. A channel that hears of the incident only later is told then.
 *
 * @param told what the channel was told of it
 */
export const wantedAcknowledgement = (told: ReadonlyArray<Told>): ReadonlyArray<Wanted> =>
  told.length === 0 || told.some(({ change }) => change === "acknowledged")
    ? []
    : [{ change: "acknowledged", due: earliest(told.map(({ dueAt }) => dueAt)) }]

/**
 * Until when what can wait is held up: while an earlier message to the same channel is due and not sent, more of them would
 * only pile up behind it.
 */
export const heldUpUntil = (told: ReadonlyArray<Told>, now: number): number =>
  told.some(({ dueAt, state }) => unsent.has(state) && dueAt < now) ? now + retryMs : 0

const unsent: ReadonlySet<Told["state"]> = new Set<Told["state"]>(["pending", "leased", "tried"])
