/** A value at an instant, in milliseconds since the epoch. */
export interface Point {
  readonly at: number
  readonly value: number
}

/** By how much a value grows in an hour, by the straight line that fits best (least squares); null below three points. */
export const slopePerHour = (points: ReadonlyArray<Point>): number | null => {
  if (points.length < 3) return null
  const mean = (values: ReadonlyArray<number>) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [at, value] = [mean(points.map((point) => point.at)), mean(points.map((point) => point.value))]
  const spread = points.reduce((sum, point) => sum + (point.at - at) ** 2, 0)
  return spread === 0
    ? null
    : (points.reduce((sum, point) => sum + (point.at - at) * (point.value - value), 0) / spread) * 3_600_000
}
