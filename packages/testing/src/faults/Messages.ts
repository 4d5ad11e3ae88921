import { type Breach, breach } from "./Breach.ts"

/** A message as its receiver got it. */
export interface ReceivedMessage {
  /** The same for every try of one message: what a receiver de-duplicates by. */
  readonly key: string
  readonly incidentId: string
  readonly change: string
}

/** A message that was to be sent to one channel. */
export interface OwedMessage {
  readonly incidentId: string
  readonly change: string
}

/** How many different messages there are. */
export const distinctMessages = (received: ReadonlyArray<ReceivedMessage>): number =>
  new Set(received.map(({ key }) => key)).size

/** I6: each change of an incident that one channel was to be told of came to it once, after de-duplication. */
export const toldOnce = (
  owed: ReadonlyArray<OwedMessage>,
  received: ReadonlyArray<ReceivedMessage>,
): ReadonlyArray<Breach> => {
  const name = ({ change, incidentId }: OwedMessage) => `${change} of ${incidentId}`
  const keys = new Map<string, Set<string>>()
  for (const message of received) {
    const own = keys.get(name(message)) ?? new Set()
    keys.set(name(message), own.add(message.key))
  }
  const wanted = new Set(owed.map(name))
  return [
    ...breach(
      "I6 told once",
      "messages that never came",
      [...wanted].filter((one) => !keys.has(one)),
    ),
    ...breach(
      "I6 told once",
      "messages that came under more than one key",
      [...keys].filter(([, own]) => own.size > 1).map(([one]) => one),
    ),
    ...breach(
      "I6 told once",
      "messages that nobody owed",
      [...keys.keys()].filter((one) => !wanted.has(one)),
    ),
  ]
}
