import { assert } from "@effect/vitest"
import type { BrowserContext, Page } from "playwright-core"

/** Makes something by the api, as whoever is logged in. */
export const post = async (context: BrowserContext, url: string, path: string, data: unknown): Promise<void> => {
  const answer = await context.request.post(`${url}${path}`, { headers: { origin: url }, data })
  assert.strictEqual(answer.status(), 201, await answer.text())
}

/** Makes an account for Ada, who is logged in then. */
export const signUp = (context: BrowserContext, url: string): Promise<void> =>
  post(context, url, "/api/auth/signup", {
    email: "ada@example.com",
    name: "Ada",
    password: "a long enough sentence",
  })

/** What goes wrong in a page from now on: errors that nobody caught, and what its policy refused. */
export const problemsOf = (page: Page): ReadonlyArray<string> => {
  const problems: Array<string> = []
  page.on("pageerror", (error) => problems.push(error.message))
  page.on("console", (message) => {
    if (/Content.Security.Policy/i.test(message.text())) problems.push(message.text())
  })
  return problems
}
