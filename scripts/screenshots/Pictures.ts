import { Clock, Effect } from "effect"
import { browser, visitor } from "../../apps/web/test/browser/Dashboard.ts"
import { smaller } from "./Png.ts"
import { testRun } from "./TestRun.ts"
import { account, type world } from "./World.ts"

type Opened = Effect.Effect.Success<typeof browser>
type Page = Awaited<ReturnType<Opened["newPage"]>>
type World = Effect.Effect.Success<typeof world>

/** The largest that a picture may be, in bytes. */
export const maxBytes = 150_000

/** How many dots of a picture there are for a pixel of the page, so that small text is sharp where it is shown larger. */
const deviceScaleFactor = 1.5

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
    width: 1440,
    height: 900,
    ready: async (page) => {
      await page.getByRole("heading", { name: "2 of 15 monitors are down" }).waitFor()
      await page.locator(".monitor-row").nth(9).locator(".check-bar path").nth(1).waitFor({ state: "attached" })
    },
  },
  {
    name: "monitor",
    path: `/monitors/${world.idOf("Shop")}?range=90d`,
    theme: "dark",
    width: 1280,
    height: 1440,
    ready: async (page) => {
      await page.locator(".chart-canvas canvas").waitFor()
    },
  },
  {
    name: "incident",
    path: `/incidents/${world.incidentId}`,
    theme: "light",
    width: 1280,
    height: 880,
    ready: (page) => page.getByRole("heading", { name: "Timeline" }).waitFor(),
  },
  {
    name: "check",
    path: "/monitors/new",
    theme: "light",
    width: 1280,
    height: 1040,
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
    },
  },
]

/** The public status page at the width of a desk and of a phone, side by side. */
const statusPage = async (page: Page, phone: Page, url: string): Promise<Buffer> => {
  await Promise.all([page, phone].map((each) => each.goto(`${url}/status/northlight`)))
  const [wide, narrow] = await Promise.all([page.screenshot(), phone.screenshot()])
  const image = (bytes: Buffer, { height, width }: { height: number; width: number }) =>
    `<img width="${width}" height="${height}" src="data:image/png;base64,${bytes.toString("base64")}">`
  // A page of its own: the status page's policy allows no styles of others.
  await page.goto("about:blank")
  await page.setViewportSize({ width: desk.width + gap + hand.width, height: desk.height })
  await page.setContent(
    `<style>body { margin: 0; display: flex; gap: ${gap}px; background: #cfd5dc } img { display: block }</style>${image(wide, desk)}${image(narrow, hand)}`,
  )
  return page.screenshot()
}

/** The windows that the status page is shown in, and what is between them, in pixels. */
const desk = { width: 860, height: 1240 }
const hand = { width: 390, height: 1240 }
const gap = 30

/**
 * Takes the pictures of a world, and writes them to a folder.
 *
 * @returns the name and the size of each, in bytes
 */
export const takePictures = Effect.fnUntraced(function* (
  world: World,
  write: (name: string, picture: Buffer) => Effect.Effect<void>,
) {
  const opened = yield* browser
  const now = yield* Clock.currentTimeMillis
  const open = Effect.fnUntraced(function* (width: number, height: number, colorScheme: "light" | "dark") {
    const context = yield* visitor(opened, {
      viewport: { width, height },
      deviceScaleFactor,
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
  const keep = (name: string, taken: Buffer) => {
    const picture = smaller(taken)
    sizes.push([name, picture.byteLength])
    return write(name, picture)
  }
  for (const { height, name, path, ready, theme, width } of pictures(world, now)) {
    const page = yield* open(width, height, theme)
    const picture = yield* Effect.promise(async () => {
      await page.goto(`${world.url}${path}`)
      await ready(page)
      await page.locator(".skeleton").first().waitFor({ state: "hidden" })
      await page.evaluate("document.activeElement.blur(), scrollTo(0, 0)")
      return page.screenshot({ animations: "disabled" })
    })
    yield* keep(`${name}.png`, picture)
  }
  const onDesk = yield* open(desk.width, desk.height, "light")
  const onPhone = yield* open(hand.width, hand.height, "dark")
  yield* keep("status-page.png", yield* Effect.promise(() => statusPage(onDesk, onPhone, world.url)))
  return sizes
}, Effect.scoped)
