import { secretMask } from "@uptime/domain/SecretMask"
import { absoluteTime, counted } from "../ui/format.ts"
import type { ChannelField } from "./fields.ts"
import type { Channel } from "./form.ts"
import { pairsAt, shownFields, textAt, type Values, valuesOf } from "./settings.ts"
import { quietText } from "./summary.ts"

/** How a channel is set up. Of secrets it says that they are there. */
export const ChannelFacts = ({ channel }: { readonly channel: Channel }) => {
  const { config } = channel
  const values = valuesOf(config.kind, config)
  const settings = shownFields(config.kind, values).flatMap((field) => {
    const text = factOf(field, values)
    return text === "" ? [] : [{ label: field.label, text }]
  })
  return (
    <section className="stack" aria-labelledby="settings-title">
      <h2 id="settings-title">Settings</h2>
      <dl className="channel-facts card">
        {settings.map(({ label, text }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{text}</dd>
          </div>
        ))}
        <div>
          <dt>Told of</dt>
          <dd>{channel.isDefault ? "All monitors that name no channels" : "Monitors that name it"}</dd>
        </div>
        <div>
          <dt>Quiet hours</dt>
          <dd>{quietText(channel) ?? "None"}</dd>
        </div>
        <div>
          <dt>Changed</dt>
          <dd>{absoluteTime(Date.parse(channel.updatedAt))}</dd>
        </div>
      </dl>
    </section>
  )
}

const factOf = (field: ChannelField, values: Values): string => {
  const text = textAt(values, field.path)
  switch (field.type) {
    case "secret":
      return text === secretMask ? "Kept, and never shown" : ""
    case "switch":
      return values[field.path] === true ? "Yes" : ""
    case "lines":
      return text.replaceAll("\n", ", ")
    case "pairs": {
      const pairs = pairsAt(values, field.path)
      return pairs.length === 0
        ? ""
        : `${counted(pairs.length, field.each)}: ${pairs.map(({ name }) => name).join(", ")}`
    }
    case "choice":
    case "branch":
      return field.options.find(({ value }) => value === text)?.label ?? text
    default:
      return text
  }
}
