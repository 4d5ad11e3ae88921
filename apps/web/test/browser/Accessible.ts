import { assert } from "@effect/vitest"
import axe from "axe-core"
import type { Page } from "playwright-core"

interface Found {
  readonly violations: ReadonlyArray<{
    readonly id: string
    readonly help: string
    readonly nodes: ReadonlyArray<{ readonly html: string; readonly failureSummary?: string }>
  }>
}

/** The second theme differs from the first by its colours, so that it is held to the rules about them: the others cost most. */
const themes = [
  ["light", {}],
  ["dark", { runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] } }],
] as const

/** Waits until the theme is in what is painted, and what goes over to it has done so. */
const painted = `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))).then(() =>
  Promise.allSettled(
    document.getAnimations()
      .filter(({ effect }) => Number.isFinite(effect.getComputedTiming().endTime))
      .map(({ finished }) => finished),
  ).then(() => undefined)
)`

/**
 * Holds a page to the Web Content Accessibility Guidelines 2.2, levels A and AA, and axe's best practices, as it is now, in
 * the light and in the dark theme.
 */
export const assertAccessible = async (page: Page, what: string): Promise<void> => {
  if (!(await page.evaluate<boolean>("'axe' in window"))) await page.evaluate(axe.source)
  for (const [colorScheme, options] of themes) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" })
    await page.evaluate(painted)
    const { violations } = await page.evaluate<Found>(`axe.run(document, ${JSON.stringify(options)})`)
    const said = violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ html, failureSummary = "" }) => `${id}: ${help}\n  ${html.slice(0, 300)}\n  ${failureSummary}`),
    )
    assert.deepStrictEqual(said, [], `${what}, ${colorScheme}`)
  }
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" })
}
