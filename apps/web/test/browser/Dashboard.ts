import * as Fs from "node:fs"
import * as FsPromises from "node:fs/promises"
import * as Os from "node:os"
import * as Path from "node:path"
import { fileURLToPath } from "node:url"
import { startApp } from "@uptime/testing/AppProcess"
import { startedFolder } from "@uptime/testing/StartedFolder"
import { Effect } from "effect"
import { type BrowserContext, type BrowserContextOptions, chromium } from "playwright-core"

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

const emptyFolder = Effect.acquireRelease(
  Effect.promise(() => FsPromises.mkdtemp(Path.join(Os.tmpdir(), "uptime-browser-"))),
  (path) => Effect.promise(() => FsPromises.rm(path, { recursive: true, force: true })),
)

/**
 * A folder for the data of an app that nobody has used, gone with the scope: a copy of what the run of these tests has started
 * once, since a first start takes twice as long.
 */
export const dataFolder = Effect.tap(emptyFolder, (path) =>
  Effect.promise(() => FsPromises.cp(startedFolder, path, { recursive: true })),
)

/**
 * The standalone app, which serves the dashboard, in a folder of its own unless `DATA_DIR` names one: the address to open.
 *
 * @param env more variables of its environment
 */
export const startDashboard = (env: Readonly<Record<string, string>>) =>
  Effect.gen(function* () {
    const folder = env["DATA_DIR"] ?? (yield* emptyFolder)
    const app = yield* startApp(bundle, { DATA_DIR: folder, PORT: "0", LOG_FORMAT: "json", ...env })
    yield* app.awaitOutput("Uptime runs at").pipe(Effect.timeout("60 seconds"))
    return { url: /Uptime runs at (\S+)/.exec(yield* app.output)?.[1] ?? "" }
  })

/** The same, as it is started by one command. */
export const dashboard = Effect.flatMap(dataFolder, (path) => startDashboard({ DATA_DIR: path }))

/**
 * A visitor of their own: nothing is shared with others.
 *
 * @param options the size of their window and the like; 1440 by 900 unless given
 */
export const visitor = (
  open: Effect.Effect.Success<typeof browser>,
  options: BrowserContextOptions = {},
): Effect.Effect<BrowserContext, never, import("effect").Scope.Scope> =>
  Effect.acquireRelease(
    Effect.promise(() =>
      open.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce", ...options }),
    ),
    (context) => Effect.promise(() => context.close()),
  )
