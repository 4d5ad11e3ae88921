import { DurationField } from "../../ui/DurationField.tsx"
import { addressForKind, kindOfAddress } from "./addressKind.ts"
import { useForm, useIssue } from "./FormContext.tsx"
import { LineField } from "./fields.tsx"
import { KindPicker } from "./KindPicker.tsx"
import { kindChoice } from "./kindChoices.ts"
import { HeartbeatFields } from "./kinds/HeartbeatFields.tsx"

/** What matters first: the kind of check and its address, a name, and how often. */
export const BasicFields = () => {
  const { change, form, monitorId } = useForm()
  const { intervalSeconds, kind, name, url } = form
  const intervalWrong = useIssue("intervalSeconds")
  const isNew = monitorId === null
  return (
    <>
      <KindPicker
        kind={kind}
        fixed={!isNew}
        onKind={(next) => change({ kind: next, url: addressForKind(url, next) })}
      />
      {kind !== "heartbeat" && (
        <LineField
          label="URL"
          path="url"
          value={url}
          onText={(text = "") => {
            const typed = kindOfAddress(text) ?? kind
            change({ url: text, kind: typed === "heartbeat" && !isNew ? kind : typed })
          }}
          inputMode="url"
          placeholder={kindChoice(kind).example}
          required
          autoFocus={isNew}
          maxLength={2_048}
          hint={
            kind === "http"
              ? "The scheme says what is checked: also tcp://, icmp://, dns://, tls://, wss:// and more."
              : undefined
          }
        />
      )}
      <div className="field-row">
        <LineField
          label="Name"
          path="name"
          value={name}
          onText={(text = "") => change({ name: text })}
          required={!isNew}
          spellCheck
          maxLength={200}
          hint={
            isNew
              ? kind === "heartbeat"
                ? "“Heartbeat” when left empty."
                : "The host of the URL when left empty."
              : undefined
          }
        />
        {kind !== "heartbeat" && (
          <DurationField
            label="Check every"
            name="intervalSeconds"
            wrong={intervalWrong}
            seconds={intervalSeconds}
            onSeconds={(seconds) => change({ intervalSeconds: seconds })}
            min={10}
            max={86_400}
          />
        )}
      </div>
      {kind === "heartbeat" && <HeartbeatFields />}
    </>
  )
}
