import type { Measured, View } from "./dashboardRounds.ts"
import { type Figure, median, quantile } from "./figure.ts"

/** A frame that lasts longer is one that eyes see, in milliseconds: one of two was left out. */
const longFrame = 33.4

const viewFigures = (name: string, views: ReadonlyArray<View>): ReadonlyArray<Figure> => [
  { name: `${name}: first paint`, value: median(views.map((view) => view.firstPaint)), unit: "ms", budget: null },
  {
    name: `${name}: first rows painted`,
    value: median(views.map((view) => view.firstRows)),
    unit: "ms",
    budget: 1_000,
  },
  {
    name: `${name}: slowest of all`,
    value: Math.max(...views.map((view) => view.firstRows)),
    unit: "ms",
    budget: null,
  },
  {
    name: `${name}: largest layout shift`,
    value: Math.max(...views.map((view) => view.layoutShift)),
    unit: "shift",
    budget: 0.1,
  },
  {
    name: `${name}: heap of the page`,
    value: median(views.map((view) => view.heap)) / 2 ** 20,
    unit: "MB",
    budget: null,
  },
]

const callFigures = (views: ReadonlyArray<View>): ReadonlyArray<Figure> => {
  const calls = views.flatMap(({ resources }) => resources.filter(({ path }) => path.startsWith("/api/")))
  return [...new Set(calls.map(({ path }) => path))].flatMap((path): ReadonlyArray<Figure> => {
    const those = calls.filter((each) => each.path === path)
    return [
      {
        name: `${path}: until its first byte`,
        value: median(those.map(({ waited }) => waited)),
        unit: "ms",
        budget: null,
      },
      {
        name: `${path}: in all`,
        value: median(those.map(({ began, ended }) => ended - began)),
        unit: "ms",
        budget: null,
      },
      { name: `${path}: sent`, value: median(those.map(({ bytes }) => bytes)) / 1000, unit: "KB", budget: null },
    ]
  })
}

const inputFigures = ({ interactions }: Measured): ReadonlyArray<Figure> => {
  const all = Object.values(interactions).flat()
  const both = (name: string, values: ReadonlyArray<number>, budget: number | null): ReadonlyArray<Figure> => [
    { name: `${name}: p50`, value: median(values), unit: "ms", budget: null },
    { name: `${name}: p95`, value: quantile(values, 0.95), unit: "ms", budget },
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
  { name: `${name}: frames`, value: frames.length, unit: "frames", budget: null },
  {
    name: `${name}: frames over 33 ms`,
    value: (100 * frames.filter((frame) => frame > longFrame).length) / Math.max(1, frames.length),
    unit: "%",
    budget: 1,
  },
  { name: `${name}: longest frame`, value: Math.max(0, ...frames), unit: "ms", budget: null },
]

/** What was measured, each figure beside its budget. */
export const figuresOf = (measured: Measured): ReadonlyArray<Figure> => [
  { name: "JavaScript of the first view, gzip", value: measured.scriptBytes / 1000, unit: "KB", budget: 170 },
  ...viewFigures("cold cache", measured.cold),
  ...viewFigures("warm cache", measured.warm),
  {
    name: "/api/monitor/summaries by itself: until its first byte",
    value: median(measured.summaries),
    unit: "ms",
    budget: 300,
  },
  ...callFigures(measured.cold),
  ...inputFigures(measured),
  ...scrollFigures("scrolling by a wheel", measured.scroll.slow),
  ...scrollFigures("scrolling a screen per frame", measured.scroll.fast),
  { name: "heap after scrolling through all", value: measured.scroll.heap / 2 ** 20, unit: "MB", budget: null },
]
