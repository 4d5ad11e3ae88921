import type { Row } from "./Fault.ts"

/** A time as a person reads it: `340 ms`, `4.2 s`. */
const time = (ms: number | null): string =>
  ms === null ? "" : ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`

const count = (value: number | null): string => (value === null ? "" : String(value))

interface Column {
  readonly title: string
  readonly cell: (row: Row) => string
}

const columns: ReadonlyArray<Column> = [
  { title: "fault", cell: ({ id, name }) => `${id} ${name}` },
  { title: "seed", cell: ({ seed }) => String(seed) },
  { title: "scheduled", cell: ({ scheduled }) => String(scheduled) },
  { title: "stored", cell: ({ stored }) => String(stored) },
  { title: "lost", cell: ({ lost }) => String(lost) },
  { title: "doubled", cell: ({ doubled }) => String(doubled) },
  { title: "phantom", cell: ({ phantom }) => String(phantom) },
  { title: "run twice", cell: ({ executedTwice }) => String(executedTwice) },
  { title: "expired", cell: ({ expired }) => String(expired) },
  { title: "dead", cell: ({ dead }) => String(dead) },
  {
    title: "incidents false/missed",
    cell: ({ falseIncidents, missedIncidents }) => `${falseIncidents}/${missedIncidents}`,
  },
  { title: "messages raw/distinct", cell: ({ distinctMessages, messages }) => `${messages}/${distinctMessages}` },
  { title: "detect", cell: ({ detectMs }) => time(detectMs) },
  { title: "take over", cell: ({ takeoverMs }) => time(takeoverMs) },
  { title: "recover", cell: ({ recoverMs }) => time(recoverMs) },
  { title: "peak RSS", cell: ({ peakRss }) => (peakRss === null ? "" : `${Math.round(peakRss / 2 ** 20)} MB`) },
  {
    title: "PG/Redis connections",
    cell: ({ postgresConnections, redisConnections }) => `${count(postgresConnections)}/${count(redisConnections)}`,
  },
  { title: "verdict", cell: ({ breaches }) => (breaches.length === 0 ? "passed" : "FAILED") },
]

/** The rows for a terminal, in columns as wide as what is in them. */
export const textTable = (rows: ReadonlyArray<Row>): string => {
  const lines = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ cell }) => cell(row)))]
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)))
  return lines
    .map((line) =>
      line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  "),
    )
    .join("\n")
}

/**
 * The rows as a table in Markdown, and below it what was broken and what else was seen.
 *
 * @param order the ids of all faults, in the order of the table
 * @param now such a table, whose rows of other faults stay
 */
export const markdownTable = (order: ReadonlyArray<string>, rows: ReadonlyArray<Row>, now: string): string => {
  const isMade = new Set(rows.map(({ id }) => id))
  const kept = now.split("\n").filter((line) => !isMade.has(idOf(line)))
  const lines = [
    ...kept,
    ...rows.map((row) => `| ${columns.map(({ cell }) => cell(row)).join(" | ")} |`),
    ...rows.flatMap((row) => notes(row).map((line) => `- ${line}`)),
  ]
  const inOrder = order.map((id) => lines.filter((line) => idOf(line) === id))
  return [
    `| ${columns.map(({ title }) => title).join(" | ")} |`,
    `| ${columns.map((_, i) => (i === 0 ? "---" : "---:")).join(" | ")} |`,
    ...inOrder.flatMap((own) => own.filter((line) => line.startsWith("|"))),
    "",
    ...inOrder.flatMap((own) => own.filter((line) => line.startsWith("-"))),
  ].join("\n")
}

/** The fault that a line of the document is about; empty for its head. */
const idOf = (line: string): string => /^[|-] (F\d+)\b/.exec(line)?.[1] ?? ""

/** What was broken by a fault, and what else was seen, a line each. */
export const notes = ({ breaches, id, remarks }: Row): ReadonlyArray<string> => [
  ...breaches.map(({ promise, what }) => `${id} broke "${promise}": ${what}`),
  ...remarks.map((remark) => `${id}: ${remark}`),
]
