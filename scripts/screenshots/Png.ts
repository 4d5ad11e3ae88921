import { crc32, deflateSync, inflateSync } from "node:zlib"

/** A picture: its size, and its colours row by row, each a number of the form 0xrrggbb. */
interface Pixels {
  readonly width: number
  readonly height: number
  readonly colours: Uint32Array
}

/** How far apart two colours of a palette are at least, as the squared distance of their parts. */
const leastApart = 50

/**
 * A picture of a page in about a third of its bytes: by a palette of 256 colours, as few pages have more that anybody tells
 * apart.
 *
 * @param png as Chromium makes them: 8 bits of red, green and blue each, not interlaced
 */
export const smaller = (png: Buffer): Buffer => {
  const pixels = decoded(png)
  const counts = new Map<number, number>()
  for (const colour of pixels.colours) counts.set(colour, (counts.get(colour) ?? 0) + 1)
  const palette: Array<number> = []
  for (const [colour] of [...counts].sort(([, one], [, other]) => other - one)) {
    if (palette.length === 256) break
    if (palette.every((known) => apart(known, colour) >= leastApart)) palette.push(colour)
  }
  return encoded(pixels, palette, new Map([...counts.keys()].map((colour) => [colour, nearest(palette, colour)])))
}

const apart = (one: number, other: number): number =>
  [16, 8, 0].reduce((sum, shift) => sum + (((one >> shift) & 255) - ((other >> shift) & 255)) ** 2, 0)

const nearest = (palette: ReadonlyArray<number>, colour: number): number =>
  palette.reduce((best, known, index) => (apart(known, colour) < apart(palette[best] ?? 0, colour) ? index : best), 0)

const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1")

/** Reads a PNG (W3C recommendation, sections 5 and 9). */
const decoded = (png: Buffer): Pixels => {
  const data: Array<Buffer> = []
  for (let at = signature.length; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString("latin1", at + 4, at + 8) === "IDAT")
      data.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)))
  }
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)]
  if (png[24] !== 8 || png[25] !== 2 || png[28] !== 0) throw new Error("not a picture of 8 bits of red, green and blue")
  const raw = inflateSync(Buffer.concat(data))
  const line = 3 * width
  const bytes = Buffer.alloc(height * line)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < line; x++) {
      const at = y * line + x
      const left = x < 3 ? 0 : (bytes[at - 3] ?? 0)
      const above = bytes[at - line] ?? 0
      const corner = x < 3 ? 0 : (bytes[at - line - 3] ?? 0)
      const guess = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][raw[y * (line + 1)] ?? 0] ?? 0
      bytes[at] = (raw[y * (line + 1) + 1 + x] ?? 0) + guess
    }
  }
  return { width, height, colours: Uint32Array.from({ length: width * height }, (_, i) => bytes.readUIntBE(3 * i, 3)) }
}

const paeth = (left: number, above: number, corner: number): number => {
  const [a, b, c] = [Math.abs(above - corner), Math.abs(left - corner), Math.abs(left + above - 2 * corner)]
  if (a <= b && a <= c) return left
  return b <= c ? above : corner
}

const encoded = (
  { colours, height, width }: Pixels,
  palette: ReadonlyArray<number>,
  index: ReadonlyMap<number, number>,
) => {
  const lines = Buffer.alloc(height * (width + 1))
  colours.forEach((colour, i) => {
    lines[Math.floor(i / width) * (width + 1) + 1 + (i % width)] = index.get(colour) ?? 0
  })
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 3, 0, 0, 0], 8)
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("PLTE", Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]))),
    chunk("IDAT", deflateSync(lines, { level: 9, memLevel: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ])
}

const chunk = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}
