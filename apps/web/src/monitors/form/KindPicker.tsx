import type { CheckKind } from "@uptime/domain/CheckKind"
import { kindChoice, kindChoices } from "./kindChoices.ts"

/**
 * The kinds of check, of which one is chosen.
 *
 * @param fixed whether heartbeats stay heartbeats, and checks checks
 */
export const KindPicker = ({
  kind,
  fixed,
  onKind,
}: {
  readonly kind: CheckKind
  readonly fixed: boolean
  readonly onKind: (kind: CheckKind) => void
}) => {
  if (fixed && kind === "heartbeat") return <p className="muted">{kindChoice(kind).about}</p>
  return (
    <fieldset className="kind-picker" aria-describedby="kind-about">
      <legend className="label">What to watch</legend>
      <div>
        {kindChoices
          .filter((choice) => !fixed || choice.kind !== "heartbeat")
          .map((choice) => (
            <label key={choice.kind}>
              <input
                type="radio"
                name="kind"
                value={choice.kind}
                checked={choice.kind === kind}
                onChange={() => onKind(choice.kind)}
              />
              {choice.label}
            </label>
          ))}
      </div>
      <p className="hint" id="kind-about">
        {kindChoice(kind).about}
      </p>
    </fieldset>
  )
}
