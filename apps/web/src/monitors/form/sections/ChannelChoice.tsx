import { useQuery } from "@tanstack/react-query"
import { CheckField } from "../../../ui/CheckField.tsx"
import { FailureNotice, Loading, Skeleton } from "../../../ui/Feedback.tsx"
import { SelectField } from "../../../ui/SelectField.tsx"
import { useIssueWithin } from "../FormContext.tsx"
import { allChannelsQuery } from "../queries.ts"

const choices = [
  ["default", "The default channels"],
  ["some", "These channels"],
  ["none", "Nobody"],
] as const

/** Which channels are told: null for those that are told by default. */
export const ChannelChoice = ({
  channels,
  onChannels,
}: {
  readonly channels: ReadonlyArray<string> | null
  readonly onChannels: (channels: ReadonlyArray<string> | null) => void
}) => {
  const all = useQuery(allChannelsQuery)
  const wrong = useIssueWithin("alerts.channels")
  const known = all.data ?? []
  const toDefault = known.filter(({ enabled, isDefault }) => enabled && isDefault)
  const chosen = channels === null ? "default" : channels.length === 0 ? "none" : "some"
  return (
    <>
      <SelectField
        label="Tell"
        name="alerts.channels"
        wrong={wrong}
        value={chosen}
        options={known.length === 0 ? choices.filter(([value]) => value !== "some" || chosen === "some") : choices}
        onValue={(choice) => {
          if (choice === "default") onChannels(null)
          else
            onChannels(
              choice === "none"
                ? []
                : toDefault.length > 0
                  ? toDefault.map(({ id }) => id)
                  : known.slice(0, 1).map(({ id }) => id),
            )
        }}
        {...(chosen === "default" && all.isSuccess ? { hint: defaultText(toDefault.map(({ name }) => name)) } : {})}
      />
      {chosen === "some" && (
        <fieldset className="field checks">
          <legend className="visually-hidden">Channels that are told</legend>
          {all.isPending && (
            <Loading>
              <Skeleton height={64} />
            </Loading>
          )}
          <FailureNotice error={all.error} />
          {known.map(({ enabled, id, name }) => (
            <CheckField
              key={id}
              label={enabled ? name : `${name} (off)`}
              checked={channels?.includes(id) ?? false}
              onChecked={(checked) =>
                onChannels(checked ? [...(channels ?? []), id] : (channels ?? []).filter((each) => each !== id))
              }
            />
          ))}
        </fieldset>
      )}
    </>
  )
}

const defaultText = (names: ReadonlyArray<string>): string =>
  names.length === 0 ? "There is none yet, so nobody is told." : `Now: ${names.join(", ")}.`
