import { useEffect, useRef } from "react"
import uPlot from "uplot"
import { coloursOf, useColourScheme } from "./chartColours.ts"
import { type ChartProps, chartOptions, drawnOrder } from "./chartOptions.ts"
import "./uplot.css"

/** The lines of a chart on a canvas; what they say stands beside it in words and in a table. */
export const Chart = (props: ChartProps) => {
  const { data, hidden, marks, stacked, stretch } = props
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<uPlot | null>(null)
  const latest = useRef(props)
  latest.current = props
  const scheme = useColourScheme()
  const names = data.lines.map(({ name }) => name).join("\n")
  // biome-ignore lint/correctness/useExhaustiveDependencies: made anew when colours or lines are others
  useEffect(() => {
    const element = place.current
    if (element === null) return
    const size = () => ({ width: element.clientWidth, height: element.clientHeight })
    const made = new uPlot(
      chartOptions(() => latest.current, coloursOf(element), size()),
      plotted(latest.current),
      element,
    )
    chart.current = made
    const resized = new ResizeObserver(() => made.setSize(size()))
    resized.observe(element)
    return () => {
      resized.disconnect()
      made.destroy()
      chart.current = null
    }
  }, [scheme, names, stacked])
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is drawn is read when it is drawn
  useEffect(() => {
    const made = chart.current
    made?.batch(() => {
      drawnOrder(latest.current).forEach((line, at) => {
        const show = !hidden.has(data.lines[line]?.name ?? "")
        if (made.series[at + 1]?.show !== show) made.setSeries(at + 1, { show })
      })
      made.setData(plotted(latest.current))
    })
  }, [data, hidden, marks, stretch])
  return <div ref={place} className="chart-canvas" aria-hidden="true" />
}

const plotted = (props: Pick<ChartProps, "data" | "stacked">): uPlot.AlignedData => [
  [...props.data.at],
  ...drawnOrder(props).map((line) => [...(props.data.lines[line]?.values ?? [])]),
]
