import type { Measured, View } from "./dashboardRounds.ts"
import { type Figure, figure, median, quantile } from "./figure.ts"

/** A frame that lasts longer is one that eyes see, in milliseconds: one of two was left out. */
const longFrame = 33.4

const viewFigures = (name: string, views: ReadonlyArray<View>): ReadonlyArray<Figure> => [
  figure(`${name}: first paint`, median(views.map((view) => view.firstPaint)), "ms"),
  figure(`${name}: first rows painted`, median(views.map((view) => view.firstRows)), "ms", { budget: 1_000 }),
  figure(`${name}: slowest of all`, Math.max(...views.map((view) => view.firstRows)), "ms"),
  figure(`${name}: largest layout shift`, Math.max(...views.map((view) => view.layoutShift)), "shift", { budget: 0.1 }),
  figure(`${name}: heap of the page`, median(views.map((view) => view.heap)) / 2 ** 20, "MB"),
]

const callFigures = (views: ReadonlyArray<View>): ReadonlyArray<Figure> => {
  const calls = views.flatMap(({ resources }) => resources.filter(({ path }) => path.startsWith("/api/")))
  return [...new Set(calls.map(({ path }) => path))].flatMap((path): ReadonlyArray<Figure> => {
    const those = calls.filter((each) => each.path === path)
    return [
      figure(`${path}: until its first byte`, median(those.map(({ waited }) => waited)), "ms"),
      figure(`${path}: in all`, median(those.map(({ began, ended }) => ended - began)), "ms"),
      figure(`${path}: sent`, median(those.map(({ bytes }) => bytes)) / 1000, "KB"),
    ]
  })
}

const inputFigures = ({ interactions }: Measured): ReadonlyArray<Figure> => {
  const all = Object.values(interactions).flat()
  const both = (name: string, values: ReadonlyArray<number>, budget: number | null): ReadonlyArray<Figure> => [
    figure(`${name}: p50`, median(values), "ms"),
    figure(`${name}: p95`, quantile(values, 0.95), "ms", { budget }),
  ]
  return [
    ...both(
      "all input, to the next frame",
      all.map(({ frame }) => frame),
      100,
    ),
    ...both(
      "all input, until it is shown",
      all.map(({ shown }) => shown),
      100,
    ),
    ...Object.entries(interactions).flatMap(([name, latencies]) =>
      both(
        `${name}, until it is shown`,
        latencies.map(({ shown }) => shown),
        null,
      ),
    ),
  ]
}

const scrollFigures = (name: string, frames: ReadonlyArray<number>): ReadonlyArray<Figure> => [
  figure(`${name}: frames`, frames.length, "frames"),
  figure(
    `${name}: frames over 33 ms`,
    (100 * frames.filter((frame) => frame > longFrame).length) / Math.max(1, frames.length),
    "%",
    { budget: 1 },
  ),
  figure(`${name}: longest frame`, Math.max(0, ...frames), "ms"),
]

/** What was measured, each figure beside its budget. */
export const figuresOf = (measured: Measured): ReadonlyArray<Figure> => [
  figure("JavaScript of the first view, gzip", measured.scriptBytes / 1000, "KB", { budget: 170 }),
  ...viewFigures("cold cache", measured.cold),
  ...viewFigures("warm cache", measured.warm),
  figure("/api/monitor/summaries by itself: until its first byte", median(measured.summaries), "ms", { budget: 300 }),
  ...callFigures(measured.cold),
  ...inputFigures(measured),
  ...scrollFigures("scrolling by a wheel", measured.scroll.slow),
  ...scrollFigures("scrolling a screen per frame", measured.scroll.fast),
  figure("heap after scrolling through all", measured.scroll.heap / 2 ** 20, "MB"),
  figure("checked every minute: the page at rest, of a core", 100 * measured.live.atRest, "%", { budget: 10 }),
  ...scrollFigures("checked every minute: scrolling by a wheel", measured.live.slow),
]
