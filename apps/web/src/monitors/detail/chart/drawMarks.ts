import type uPlot from "uplot"
import { span } from "../../../ui/format.ts"
import type { ChartColours } from "./chartColours.ts"
import { type Mark, markWords } from "./marks.ts"

/** How much of a band's colour is seen, and how far apart the strokes of a maintenance are, in CSS pixels. */
const shade = 0.16
const strokesApart = 8

/** How high the sign of an incident is, in CSS pixels. */
const signHeight = 9

/** Draws the times of outages and maintenances, under the lines: outages are plain, maintenances striped. */
export const drawBands = (chart: uPlot, marks: ReadonlyArray<Mark>, colours: ChartColours): void => {
  const { ctx } = chart
  for (const mark of marks) {
    if (mark.kind === "incident") continue
    const box = boxOf(chart, mark)
    ctx.save()
    ctx.beginPath()
    ctx.rect(box.left, box.top, box.width, box.height)
    ctx.clip()
    ctx.globalAlpha = shade
    ctx.fillStyle = colours[mark.kind]
    ctx.fillRect(box.left, box.top, box.width, box.height)
    ctx.globalAlpha = 1
    if (mark.kind === "maintenance") drawStrokes(ctx, box, colours.maintenance)
    else ctx.fillRect(box.left, box.top, box.width, 3 * devicePixelRatio)
    ctx.restore()
  }
}

/** Draws where incidents began, and the words of bands that have room for them, over the lines. */
export const drawSigns = (chart: uPlot, marks: ReadonlyArray<Mark>, colours: ChartColours): void => {
  const { bbox, ctx } = chart
  const pixel = devicePixelRatio
  ctx.save()
  ctx.font = `550 ${11 * pixel}px ${colours.font}`
  ctx.textBaseline = "top"
  for (const mark of marks) {
    const box = boxOf(chart, mark)
    if (mark.kind === "incident") {
      ctx.strokeStyle = colours.incident
      ctx.fillStyle = colours.incident
      ctx.lineWidth = pixel
      ctx.setLineDash([3 * pixel, 3 * pixel])
      ctx.beginPath()
      ctx.moveTo(box.left, bbox.top)
      ctx.lineTo(box.left, bbox.top + bbox.height)
      ctx.stroke()
      ctx.setLineDash([])
      ctx.beginPath()
      ctx.moveTo(box.left - (signHeight / 2) * pixel, bbox.top)
      ctx.lineTo(box.left + (signHeight / 2) * pixel, bbox.top)
      ctx.lineTo(box.left, bbox.top + signHeight * pixel)
      ctx.fill()
      continue
    }
    const text = mark.to === null ? markWords[mark.kind] : `${markWords[mark.kind]}, ${span(mark.to - mark.from)}`
    if (ctx.measureText(text).width + 12 * pixel > box.width) continue
    ctx.fillStyle = colours.text
    ctx.textAlign = "left"
    ctx.fillText(text, box.left + 6 * pixel, box.top + (signHeight + 4) * pixel)
  }
  ctx.restore()
}

interface Box {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** Where a mark lies on the canvas, never narrower than can be seen. */
const boxOf = (chart: uPlot, { from, to }: Mark): Box => {
  const { height, left, top, width } = chart.bbox
  const place = (at: number) => Math.min(left + width, Math.max(left, chart.valToPos(at, "x", true)))
  const begin = place(from)
  const least = 2 * devicePixelRatio
  const end = to === null ? left + width : place(to)
  return { left: Math.min(begin, left + width - least), top, width: Math.max(least, end - begin), height }
}

const drawStrokes = (ctx: CanvasRenderingContext2D, { height, left, top, width }: Box, colour: string): void => {
  const apart = strokesApart * devicePixelRatio
  ctx.strokeStyle = colour
  ctx.globalAlpha = 0.35
  ctx.lineWidth = devicePixelRatio
  ctx.beginPath()
  for (let x = left - height; x < left + width; x += apart) {
    ctx.moveTo(x, top + height)
    ctx.lineTo(x + height, top)
  }
  ctx.stroke()
}
