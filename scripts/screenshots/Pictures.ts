import { Clock, Effect } from "effect"
import { browser, visitor } from "../../apps/web/test/browser/Dashboard.ts"
import { testRun } from "./TestRun.ts"
import { account, type world } from "./World.ts"

type Opened = Effect.Effect.Success<typeof browser>
type Page = Awaited<ReturnType<Opened["newPage"]>>
type World = Effect.Effect.Success<typeof world>

/** The largest that a picture may be, in bytes. */
export const maxBytes = 150_000

/** A picture: what is opened, what is done there, and the window that is shown of it. */
interface Picture {
  readonly name: string
  readonly path: string
  readonly theme: "light" | "dark"
  readonly width: number
  readonly height: number
  /** What is waited for before it is taken. */
  readonly ready: (page: Page) => Promise<unknown>
}

const pictures = (world: World, now: number): ReadonlyArray<Picture> => [
  {
    name: "monitors",
    path: "/",
    theme: "light",
    width: 1280,
    height: 800,
    ready: async (page) => {
      await page.getByRole("heading", { name: "2 of 15 monitors are down" }).waitFor()
      await page.waitForFunction("document.querySelectorAll('.monitor-row .check-bar rect').length > 200")
    },
  },
  {
    name: "monitor",
    path: `/monitors/${world.idOf("Shop")}?range=90d`,
    theme: "dark",
    width: 1280,
    height: 1180,
    ready: async (page) => {
      await page.locator(".chart-canvas canvas").waitFor()
    },
  },
  {
    name: "incident",
    path: `/incidents/${world.incidentId}`,
    theme: "light",
    width: 1280,
    height: 760,
    ready: (page) => page.getByRole("heading", { name: "Timeline" }).waitFor(),
  },
  {
    name: "check",
    path: "/monitors/new",
    theme: "light",
    width: 1280,
    height: 920,
    ready: async (page) => {
      await page.route("**/api/monitor/test", (route) =>
        route.fulfill({ contentType: "application/json", body: testRun(now) }),
      )
      await page.getByLabel("URL", { exact: true }).fill("https://api.northlight.example/orders/health")
      await page.getByLabel("Name", { exact: true }).fill("Orders API")
      await page.locator("summary").filter({ hasText: "Conditions" }).click()
      for (const [index, condition] of [
        "[STATUS] == 200",
        '[BODY].status == "ok"',
        "[RESPONSE_TIME] < 400",
      ].entries()) {
        await page.getByRole("button", { name: "Add condition" }).click()
        await page.getByRole("combobox", { name: `Condition ${index + 1}`, exact: true }).fill(condition)
        await page.keyboard.press("Escape")
      }
      await page.getByRole("combobox", { name: "Condition 3: else" }).selectOption("Degraded")
      await page.getByRole("button", { name: "Try it" }).click()
      await page.getByRole("heading", { name: "India" }).waitFor()
      await page.evaluate("document.activeElement.blur(), scrollTo(0, 0)")
    },
  },
]

/** The public status page at the width of a desk and of a phone, side by side. */
const statusPage = (page: Page, phone: Page, url: string) => async (): Promise<Buffer> => {
  await Promise.all([page, phone].map((each) => each.goto(`${url}/status/northlight`)))
  const [wide, narrow] = await Promise.all([page.screenshot(), phone.screenshot()])
  const image = (bytes: Buffer) => `<img src="data:image/png;base64,${bytes.toString("base64")}">`
  await page.setViewportSize({ width: 1280, height: 844 })
  await page.setContent(
    `<style>body { margin: 0; display: flex; gap: 24px; background: #dfe3e8 } img { display: block }</style>${image(wide)}${image(narrow)}`,
  )
  return page.screenshot()
}

/**
 * Takes the pictures of a world, and writes them to a folder.
 *
 * @returns the name and the size of each, in bytes
 */
export const takePictures = (world: World, write: (name: string, picture: Buffer) => Effect.Effect<void>) =>
  Effect.gen(function* () {
    const opened = yield* browser
    const now = yield* Clock.currentTimeMillis
    const open = (width: number, height: number, colorScheme: "light" | "dark") =>
      Effect.gen(function* () {
        const context = yield* visitor(opened, {
          viewport: { width, height },
          colorScheme,
          locale: "en-US",
          timezoneId: "Europe/Berlin",
        })
        return yield* Effect.promise(async () => {
          const { email, password } = account
          const data = { email, password }
          await context.request.post(`${world.url}/api/auth/login`, { headers: { origin: world.url }, data })
          return context.newPage()
        })
      })
    const sizes: Array<readonly [name: string, bytes: number]> = []
    const keep = (name: string, picture: Buffer) => {
      sizes.push([name, picture.byteLength])
      return write(name, picture)
    }
    for (const { height, name, path, ready, theme, width } of pictures(world, now)) {
      const page = yield* open(width, height, theme)
      const picture = yield* Effect.promise(async () => {
        await page.goto(`${world.url}${path}`)
        await ready(page)
        await page.waitForFunction("document.querySelectorAll('.skeleton').length === 0")
        return page.screenshot({ animations: "disabled" })
      })
      yield* keep(`${name}.png`, picture)
    }
    const [desk, phone] = [yield* open(866, 844, "light"), yield* open(390, 844, "dark")]
    yield* keep("status-page.png", yield* Effect.promise(statusPage(desk, phone, world.url)))
    return sizes
  }).pipe(Effect.scoped)
