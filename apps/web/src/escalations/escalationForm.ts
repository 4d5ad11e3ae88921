import type { Answer, Request } from "../api/call.ts"

/** An escalation policy as the api shows it. */
export type Escalation = Answer<"escalations", "get">

/** One step as it is typed: the time as text. */
export interface StepForm {
  readonly minutes: string
  readonly channels: ReadonlyArray<string>
}

/** What the form of a policy holds. */
export interface EscalationForm {
  readonly name: string
  readonly steps: ReadonlyArray<StepForm>
}

/** The most steps of a policy, the most channels of one, and the latest of all, in minutes: a week. */
export const limits = { steps: 10, channels: 20, minutes: 10_080 } as const

/** The form of a policy that is not there yet. */
export const newEscalation: EscalationForm = { name: "", steps: [{ minutes: "15", channels: [] }] }

/** The form of a policy as it is. */
export const formOfEscalation = ({ name, steps }: Escalation): EscalationForm => ({
  name,
  steps: steps.map(({ afterMinutes, channels }) => ({ minutes: String(afterMinutes), channels })),
})

/** What the api is sent for a form in which `problemsOfEscalation` finds nothing. */
export const payloadOfEscalation = ({ name, steps }: EscalationForm): Request<"escalations", "create">["payload"] => ({
  name: name.trim(),
  steps: steps.map(({ channels, minutes }) => ({ afterMinutes: Number(minutes), channels })),
})

/** With one more step, a quarter of an hour after the last one. */
export const withStep = (steps: ReadonlyArray<StepForm>): ReadonlyArray<StepForm> => {
  const last = minutesOf(steps.at(-1)?.minutes ?? "0") ?? 0
  return [...steps, { minutes: String(Math.min(last + 15, limits.minutes)), channels: [] }]
}

/** With the channels of a step told earlier (`-1`) or later (`1`): the times stay where they are, in their order. */
export const withMoved = (steps: ReadonlyArray<StepForm>, at: number, by: -1 | 1): ReadonlyArray<StepForm> => {
  const [one, other] = [steps[at], steps[at + by]]
  if (one === undefined || other === undefined) return steps
  return steps
    .with(at, { minutes: one.minutes, channels: other.channels })
    .with(at + by, { minutes: other.minutes, channels: one.channels })
}

const minutesOf = (text: string): number | undefined => {
  const minutes = /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0
  return minutes >= 1 && minutes <= limits.minutes ? minutes : undefined
}

/** What is wrong with a form, by the path of the field: `name`, `steps.0.afterMinutes`, `steps.0.channels`. */
export const problemsOfEscalation = ({ name, steps }: EscalationForm): ReadonlyMap<string, string> => {
  const problems = new Map<string, string>()
  const called = name.trim()
  if (called === "") problems.set("name", "Give it a name.")
  else if (called.length > 200) problems.set("name", "At most 200 characters.")
  else if (/\p{Cc}/u.test(called) || !called.isWellFormed()) {
    problems.set("name", "This holds characters that cannot be stored.")
  }
  steps.forEach(({ channels, minutes }, index) => {
    const time = minutesOf(minutes)
    const before = minutesOf(steps[index - 1]?.minutes ?? "")
    const path = `steps.${index}`
    if (time === undefined) problems.set(`${path}.afterMinutes`, "A whole number of minutes, up to 10,080: a week.")
    else if (before !== undefined && time <= before) {
      problems.set(`${path}.afterMinutes`, "Each step comes later than the one before.")
    }
    if (channels.length === 0) problems.set(`${path}.channels`, "Choose whom to tell.")
    if (channels.length > limits.channels) problems.set(`${path}.channels`, "At most 20 channels.")
  })
  return problems
}
