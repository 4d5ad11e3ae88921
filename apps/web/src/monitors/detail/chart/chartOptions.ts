import type uPlot from "uplot"
import { durationTexts, timeTexts } from "./axisText.ts"
import { type ChartColours, dashes, lineColours } from "./chartColours.ts"
import { type ChartData, isolated } from "./chartData.ts"
import { drawBands, drawSigns } from "./drawMarks.ts"
import type { Mark } from "./marks.ts"
import type { Stretch } from "./stretch.ts"

/** What a chart draws, and whom it tells. */
export interface ChartProps {
  readonly data: ChartData
  readonly stretch: Stretch
  readonly marks: ReadonlyArray<Mark>
  /** Whether lines are sums, each of which holds the one before it: what is under them is then filled. */
  readonly stacked: boolean
  /** Names of lines that are not drawn. */
  readonly hidden: ReadonlySet<string>
  /** A stretch was chosen by dragging. */
  readonly onSelect: (stretch: Stretch) => void
  /** The pointer is over the values of this place; null when it is over none. */
  readonly onPoint: (index: number | null) => void
}

/** The least top of the axis of response times, in milliseconds: noise of microseconds must not look like mountains. */
const leastTop = 5

/** Below this width, in pixels, an axis takes less room. */
const narrow = 480

/** The places of a chart's lines in the order in which they are drawn: what is filled covers what lies behind it. */
export const drawnOrder = ({ data, stacked }: Pick<ChartProps, "data" | "stacked">): ReadonlyArray<number> => {
  const order = data.lines.map((_, index) => index)
  return stacked ? order.reverse() : order
}

/**
 * What uPlot is told to draw.
 *
 * @param latest what is shown at the moment, which is asked whenever something is drawn
 */
export const chartOptions = (
  latest: () => ChartProps,
  colours: ChartColours,
  size: { readonly width: number; readonly height: number },
): uPlot.Options => ({
  ...size,
  ms: 1,
  legend: { show: false },
  // The text of the last tick may reach beyond the last value.
  padding: [8, 20, 0, 0],
  cursor: { y: false, drag: { x: true, y: false, setScale: false }, points: { size: 7, width: 2 } },
  scales: {
    x: { range: () => [latest().stretch.from, latest().stretch.to] },
    y: { range: (_, __, most) => [0, Math.max(leastTop, (most ?? 0) * 1.15)] },
  },
  axes: [
    {
      ...axis(colours),
      size: 44,
      space: 72,
      values: (_, ticks, __, ___, apart) => [...timeTexts(ticks, apart)],
    },
    {
      ...axis(colours),
      size: size.width < narrow ? 52 : 60,
      values: (_, ticks) => [...durationTexts(ticks)],
    },
  ],
  series: [{}, ...drawnOrder(latest()).map((index) => lineOf(latest(), index, colours))],
  hooks: {
    drawClear: [(chart) => drawBands(chart, latest().marks, colours)],
    draw: [(chart) => drawSigns(chart, latest().marks, colours)],
    setCursor: [(chart) => latest().onPoint(chart.cursor.idx ?? null)],
    setSelect: [
      (chart) => {
        const { left, width } = chart.select
        if (width === 0) return
        latest().onSelect({ from: chart.posToVal(left, "x"), to: chart.posToVal(left + width, "x") })
        chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
      },
    ],
  },
})

const axis = (colours: ChartColours): uPlot.Axis => ({
  stroke: colours.text,
  font: `12px ${colours.font}`,
  grid: { stroke: colours.grid, width: 1 },
  ticks: { show: false },
  gap: 8,
})

const lineOf = ({ data, hidden, stacked }: ChartProps, index: number, colours: ChartColours): uPlot.Series => {
  const line = data.lines[index]
  const colour = colours.lines[index % lineColours] ?? colours.text
  return {
    label: line?.name ?? "",
    show: !hidden.has(line?.name ?? ""),
    stroke: stacked ? colours.surface : colour,
    width: stacked ? 1 : 1.75,
    ...(stacked ? { fill: colour } : {}),
    dash: stacked ? [] : [...(dashes[index % dashes.length] ?? [])],
    points: {
      size: 5,
      fill: colour,
      stroke: colour,
      // A line does not show what stands alone.
      filter: (chart, at, areShown) => (areShown ? null : [...isolated([...(chart.data[at] ?? [])])]),
    },
  }
}
