import * as FsPromises from "node:fs/promises"
import * as Os from "node:os"
import * as Path from "node:path"
import { fileURLToPath } from "node:url"
import { startApp } from "@uptime/testing/AppProcess"
import { Effect, Schema } from "effect"

const root = fileURLToPath(new URL("../../..", import.meta.url))

/** The built app. */
export const bundle = Path.join(root, "apps/standalone/dist/main.js")

/** A folder for its data, empty, which goes with the scope. */
export const dataDir = Effect.acquireRelease(
  Effect.promise(() => FsPromises.mkdtemp(Path.join(Os.tmpdir(), "uptime-standalone-"))),
  (path) => Effect.promise(() => FsPromises.rm(path, { recursive: true, force: true })),
)

/** Starts it as `npm start` does, and waits for the lines that say it runs. */
export const started = (folder: string, env: Readonly<Record<string, string>> = {}) =>
  Effect.gen(function* () {
    const app = yield* startApp(bundle, { DATA_DIR: folder, PORT: "0", LOG_FORMAT: "json", ...env })
    yield* app.awaitOutput("Uptime runs at").pipe(
      Effect.timeout("60 seconds"),
      Effect.tapError(() => Effect.flatMap(app.output, Effect.logError)),
    )
    const url = /Uptime runs at (\S+)/.exec(yield* app.output)?.[1] ?? ""
    return { app, url }
  })

/** A call of its API: `POST` with a body and `GET` without. */
export const call = (url: string, options: { readonly body?: unknown; readonly token?: string } = {}) =>
  Effect.promise(async () => {
    const response = await fetch(url, {
      ...(options.body === undefined ? {} : { method: "POST", body: JSON.stringify(options.body) }),
      headers: {
        "content-type": "application/json",
        ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
      },
    })
    return { status: response.status, body: await response.json() }
  })

const Session = Schema.Struct({ token: Schema.String })

/** What an answer says that made something. */
export const Created = Schema.Struct({ id: Schema.String })

/** Whose account the tests make. */
export const person = { email: "ada@example.com", password: "a long enough sentence" }

/** Makes that account; its token. */
export const signUp = (url: string) =>
  call(`${url}/api/auth/signup`, { body: { ...person, name: "Ada" } }).pipe(
    Effect.map(({ body }) => Schema.decodeUnknownSync(Session)(body).token),
  )
