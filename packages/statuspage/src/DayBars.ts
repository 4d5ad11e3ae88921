import { type Markup, markup } from "./Markup.ts"
import type { PublicDay } from "./PublicPage.ts"
import type { Words } from "./Words.ts"

/** The days that are drawn. */
const days = 90

/** How a day is drawn: its colour, and a height that says the same. */
type Look = "u" | "p" | "d" | "n"

/** The middle of a look's bars, which stand on the line 32; style sheets give them the width that goes with it. */
const middle: Readonly<Record<Look, number>> = { u: 20, p: 18, d: 16, n: 28 }

/** Below this uptime of a day, in percent, an outage is shown as a large one. */
const largeBelow = 99

/** The most days that are named in words. */
const maxNamed = 5

const isDown = (day: PublicDay): boolean => day.worst === "Down" || day.downSeconds > 0

const lookOf = (day: PublicDay): Look => {
  if (isDown(day)) return day.uptime !== null && day.uptime >= largeBelow ? "p" : "d"
  return day.worst === null && day.uptime === null ? "n" : "u"
}

const dayInWords = (day: PublicDay, words: Words): string =>
  words.fill(words.texts.page.dayDown, {
    day: words.day(day.day),
    uptime: words.percent(day.uptime),
    duration: words.duration(day.downSeconds * 1000),
  })

/**
 * The last 90 days as a sentence: their uptime, and the newest of the days with downtime.
 *
 * @param uptime percent over these days
 */
export const daysInWords = (all: ReadonlyArray<PublicDay>, uptime: number | null, words: Words): string => {
  const { texts } = words
  const shown = all.slice(-days)
  const down = shown.filter(isDown)
  const values = { days: words.count(texts.lastDays, days), uptime: words.percent(uptime) }
  if (uptime === null && down.length === 0) return words.labelled(values.days, texts.page.noData)
  if (down.length === 0) return words.fill(texts.page.barsUp, values)
  const named = down.slice(-maxNamed).reverse()
  const rest = down.length - named.length
  return words.fill(texts.page.barsDown, {
    ...values,
    count: words.count(texts.daysDown, down.length),
    list: [...named.map((day) => dayInWords(day, words)), ...(rest > 0 ? [words.count(texts.more, rest)] : [])].join(
      "; ",
    ),
  })
}

/** The last 90 days of one monitor, drawn. */
export interface DayBars {
  /** The drawing without what is around it. */
  readonly paths: Markup
  /** The same in words. */
  readonly label: string
  /** How many of the days say what happened when they are pointed at. */
  readonly named: number
}

/**
 * The last 90 days as bars, in one drawing: days that look the same are one line, which its dashes divide. The dashes of
 * each subpath begin anew (SVG 2, 13.5.6). Days before the first are drawn as days without data.
 *
 * @param named how many days with downtime may say what happened when they are pointed at
 */
export const dayBars = (all: ReadonlyArray<PublicDay>, uptime: number | null, words: Words, named: number): DayBars => {
  const shown = all.slice(-days)
  const first = days - shown.length
  const paths: Record<Look, string> = { u: "", p: "", d: "", n: first === 0 ? "" : line("n", 0, first) }
  const own: Array<Markup> = []
  for (let from = 0; from < shown.length; ) {
    const day = shown[from]
    if (day === undefined) break
    const look = lookOf(day)
    if (isDown(day) && own.length < named) {
      own.push(
        markup`<path class="b${look}" d="${line(look, first + from, 1)}"><title>${dayInWords(day, words)}</title></path>`,
      )
      from++
      continue
    }
    let until = from + 1
    while (
      until < shown.length &&
      sameLook(shown[until], look) &&
      !(look !== "u" && look !== "n" && own.length < named)
    )
      until++
    paths[look] += line(look, first + from, until - from)
    from = until
  }
  const drawn = (["n", "u", "p", "d"] as const).map(
    (look) => paths[look] !== "" && markup`<path class="b${look}" d="${paths[look]}"/>`,
  )
  return { paths: markup`${drawn}${own}`, label: daysInWords(all, uptime, words), named: own.length }
}

const sameLook = (day: PublicDay | undefined, look: Look): boolean => day !== undefined && lookOf(day) === look

const line = (look: Look, from: number, count: number): string => `M${from * 4} ${middle[look]}h${count * 4 - 1}`

const box = markup`viewBox="0 0 359 32" preserveAspectRatio="none"`

/**
 * Drawings of one document: those that several monitors have are in it once.
 *
 * @returns what stands before all, and what stands for each, in their order
 */
export const barDrawings = (
  all: ReadonlyArray<DayBars>,
): { readonly shared: Markup | null; readonly each: ReadonlyArray<Markup> } => {
  const counts = new Map<string, number>()
  for (const { paths } of all) counts.set(String(paths), (counts.get(String(paths)) ?? 0) + 1)
  const ids = new Map([...counts].filter(([, count]) => count > 1).map(([paths], i) => [paths, `b${i}`]))
  const symbols = new Map(
    all.flatMap(({ paths }) => {
      const id = ids.get(String(paths))
      return id === undefined ? [] : [[id, markup`<symbol id="${id}" ${box}>${paths}</symbol>`] as const]
    }),
  )
  return {
    shared:
      symbols.size === 0
        ? null
        : markup`<svg class="h" width="0" height="0" aria-hidden="true">${[...symbols.values()]}</svg>`,
    each: all.map(({ label, paths }) => {
      const id = ids.get(String(paths))
      return id === undefined
        ? markup`<svg class="b" ${box} role="img" aria-label="${label}">${paths}</svg>`
        : markup`<svg class="b" role="img" aria-label="${label}"><use href="#${id}"/></svg>`
    }),
  }
}
