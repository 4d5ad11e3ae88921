/** A family of the exposition as a scraper reads it. */
export interface ExpositionFamily {
  readonly type: string
  readonly help: string | undefined
  readonly samples: Array<{
    readonly name: string
    readonly labels: Readonly<Record<string, string>>
    readonly value: number
  }>
}

const unescaped = (text: string): string =>
  text.replaceAll(/\\(.)/gs, (_, character: string) => (character === "n" ? "\n" : character))

/**
 * A strict parser of the Prometheus text format 0.0.4. Throws where a scraper would refuse: a line that is no sample and
 * no comment, a family told twice, a sample outside its family, the same series twice, a label twice.
 */
export const parseExposition = (text: string): ReadonlyMap<string, ExpositionFamily> => {
  const families = new Map<string, ExpositionFamily>()
  const seen = new Set<string>()
  if (text !== "" && !text.endsWith("\n")) throw new Error("the last line must end with a line feed")
  let help: { readonly name: string; readonly text: string } | undefined
  let current: { readonly name: string; readonly family: ExpositionFamily } | undefined
  for (const line of text.split("\n").slice(0, -1)) {
    const helpLine = /^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/s.exec(line)
    if (helpLine !== null) {
      help = { name: helpLine[1] ?? "", text: unescaped(helpLine[2] ?? "") }
      continue
    }
    const typeLine = /^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram|summary|untyped)$/.exec(line)
    if (typeLine !== null) {
      const name = typeLine[1] ?? ""
      if (families.has(name)) throw new Error(`family ${name} twice`)
      current = {
        name,
        family: { type: typeLine[2] ?? "", help: help?.name === name ? help.text : undefined, samples: [] },
      }
      families.set(name, current.family)
      continue
    }
    const sample = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/s.exec(line)
    if (sample === null || current === undefined) throw new Error(`not a sample: ${JSON.stringify(line)}`)
    const [, name = "", labelText = "", valueText = ""] = sample
    const suffix = name.slice(current.name.length)
    const suffixes = current.family.type === "histogram" ? ["_bucket", "_sum", "_count"] : ["", "_sum", "_count"]
    if (!name.startsWith(current.name) || !suffixes.includes(suffix)) throw new Error(`${name} outside its family`)
    const labels: Record<string, string> = {}
    let rest = labelText
    while (rest !== "") {
      const label = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/s.exec(rest)
      if (label === null) throw new Error(`not labels: ${JSON.stringify(labelText)}`)
      const [whole, key = "", value = ""] = label
      if (Object.hasOwn(labels, key)) throw new Error(`label ${key} twice`)
      labels[key] = unescaped(value)
      rest = rest.slice(whole.length)
    }
    const value = Number(valueText.replace("Inf", "Infinity"))
    if (Number.isNaN(value) && valueText !== "NaN") throw new Error(`not a value: ${valueText}`)
    const series = `${name}${JSON.stringify(Object.entries(labels).sort())}`
    if (seen.has(series)) throw new Error(`series twice: ${series}`)
    seen.add(series)
    current.family.samples.push({ name, labels, value })
  }
  return families
}
