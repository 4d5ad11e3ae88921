import { Effect } from "effect"

/** An answer of a process over HTTP: its status, 0 for none, and how long it took in milliseconds. */
export interface Answer {
  readonly status: number
  readonly text: string
  readonly ms: number
}

/** Asks a process, for at most ten seconds. */
export const ask = (url: string, init: RequestInit = {}): Effect.Effect<Answer> =>
  Effect.promise(async () => {
    const began = performance.now()
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(10_000), ...init })
      return { status: answer.status, text: await answer.text(), ms: performance.now() - began }
    } catch (error) {
      return { status: 0, text: String(error), ms: performance.now() - began }
    }
  })

/** Sends JSON. */
export const post = (url: string, body: unknown, token?: string): Effect.Effect<Answer> =>
  ask(url, {
    method: "POST",
    body: JSON.stringify(body),
    headers: {
      "content-type": "application/json",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
  })
