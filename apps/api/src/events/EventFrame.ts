import { eventRetryMs } from "@uptime/contract/EventsApi"

/** The kinds of events that people are sent (`contract/EventsApi`). */
export type EventName = "result" | "monitor" | "incident" | "reset"

/** An event as server-sent events write it (https://html.spec.whatwg.org/multipage/server-sent-events.html). JSON has no line breaks. */
export const eventFrame = (name: EventName, id: string, data: unknown): string =>
  `id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`

/** The beginning of a stream: how soon a client comes back when it breaks. */
export const firstFrame = `retry: ${eventRetryMs}\n\n`

/** What keeps the way open when nothing happens. */
export const heartbeatFrame = ": still here\n\n"
