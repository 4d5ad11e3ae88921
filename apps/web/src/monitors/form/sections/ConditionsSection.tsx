import { lazy, Suspense, useState } from "react"
import { Disclosure } from "../../../ui/Disclosure.tsx"
import { Loading, Skeleton } from "../../../ui/Feedback.tsx"
import { counted } from "../../../ui/format.ts"
import { useForm, useIssue } from "../FormContext.tsx"

/** The language of conditions comes when it is asked for: it is larger than the rest of the form. */
const ConditionList = lazy(async () => ({ default: (await import("../conditions/ConditionList.tsx")).ConditionList }))

/** What a check must have seen. */
export const ConditionsSection = () => {
  const { form } = useForm()
  const { conditions, kind } = form
  const wrong = useIssue("conditions")
  const [isAsked, setAsked] = useState(conditions.length > 0)
  if (kind === "heartbeat") return null
  return (
    <Disclosure
      title="Conditions"
      summary={conditions.length === 0 ? ruleOf(kind) : counted(conditions.length, "condition")}
      onOpen={() => setAsked(true)}
    >
      <fieldset className="field plain" name="conditions" aria-describedby={wrong && "conditions-wrong"}>
        <legend className="visually-hidden">Conditions</legend>
        <p className="hint">
          What a check must have seen; a condition that fails makes it Down, or Degraded. Ctrl Space shows what may
          stand where the caret is.
        </p>
        {wrong !== undefined && (
          <p className="wrong" id="conditions-wrong" role="alert">
            {wrong}
          </p>
        )}
        {isAsked && (
          <Suspense
            fallback={
              <Loading>
                <Skeleton height={36} />
              </Loading>
            }
          >
            <ConditionList />
          </Suspense>
        )}
      </fieldset>
    </Disclosure>
  )
}

/** What decides where there is no condition. */
const ruleOf = (kind: string): string => (kind === "http" ? "None: an accepted status is Up" : "None")
