import * as Fs from "node:fs"
import * as FsPromises from "node:fs/promises"
import * as Os from "node:os"
import * as Path from "node:path"
import { fileURLToPath } from "node:url"
import { startApp } from "@uptime/testing/AppProcess"
import { Effect } from "effect"
import { type BrowserContext, chromium } from "playwright-core"

const root = fileURLToPath(new URL("../../../..", import.meta.url))
const bundle = Path.join(root, "apps/standalone/dist/main.js")

/** Where Debian's package puts the browser. */
const browserPath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) =>
  Fs.existsSync(path),
)

/** A real browser, closed with the scope. */
export const browser = Effect.acquireRelease(
  browserPath === undefined
    ? Effect.dieMessage("These tests need a browser: install Debian's package chromium (apt-get install chromium).")
    : Effect.promise(() => chromium.launch({ executablePath: browserPath, args: ["--no-sandbox"] })),
  (opened) => Effect.promise(() => opened.close()),
)

/** The standalone app, which serves the dashboard, in a folder of its own: the address to open. */
export const dashboard = Effect.gen(function* () {
  const folder = yield* Effect.acquireRelease(
    Effect.promise(() => FsPromises.mkdtemp(Path.join(Os.tmpdir(), "uptime-browser-"))),
    (path) => Effect.promise(() => FsPromises.rm(path, { recursive: true, force: true })),
  )
  const app = yield* startApp(bundle, { DATA_DIR: folder, PORT: "0", LOG_FORMAT: "json" })
  yield* app.awaitOutput("Uptime runs at").pipe(Effect.timeout("60 seconds"))
  return { url: /Uptime runs at (\S+)/.exec(yield* app.output)?.[1] ?? "" }
})

/** A visitor of their own, at a size: nothing is shared with others. */
export const visitor = (
  open: Effect.Effect.Success<typeof browser>,
  size: { readonly width: number; readonly height: number } = { width: 1440, height: 900 },
): Effect.Effect<BrowserContext, never, import("effect").Scope.Scope> =>
  Effect.acquireRelease(
    Effect.promise(() => open.newContext({ viewport: size, reducedMotion: "reduce" })),
    (context) => Effect.promise(() => context.close()),
  )
