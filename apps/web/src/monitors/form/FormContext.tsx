import type { CheckKind } from "@uptime/domain/CheckKind"
import { createContext, type ReactNode, useContext, useMemo } from "react"
import { ApiFailure, issueAt } from "../../api/ApiFailure.ts"
import type { SeenThere } from "./conditions/conditionsSeen.ts"
import type { Draft, MonitorForm, Options } from "./MonitorForm.ts"
import { emptyForm, withOptions } from "./MonitorForm.ts"

interface FormState {
  readonly form: MonitorForm
  /** The monitor that is edited; null for one that is not there yet. */
  readonly monitorId: string | null
  /** What the server said against it. */
  readonly error: unknown
  /** What the check that was tried last, or else the last results, saw for a condition. */
  readonly seen: (condition: string) => ReadonlyArray<SeenThere>
  readonly update: (next: (form: MonitorForm) => MonitorForm) => void
}

const Context = createContext<FormState>({
  form: emptyForm,
  monitorId: null,
  error: null,
  seen: () => [],
  update: () => {},
})

/** Gives the sections of a form what stands in it. */
export const FormProvider = ({
  children,
  error,
  form,
  monitorId,
  seen,
  update,
}: FormState & { readonly children: ReactNode }) => {
  const state = useMemo(() => ({ form, monitorId, error, seen, update }), [form, monitorId, error, seen, update])
  return <Context value={state}>{children}</Context>
}

/** What stands in the form, and how it is changed. */
export const useForm = () => {
  const { form, monitorId, update } = useContext(Context)
  return { form, monitorId, change: (changes: Partial<MonitorForm>) => update((old) => ({ ...old, ...changes })) }
}

/** The options of a kind, and how they are changed. */
export const useOptions = <K extends CheckKind>(kind: K) => {
  const { form, update } = useContext(Context)
  return [form.options[kind], (changes: Draft<Options<K>>) => update((old) => withOptions(old, kind, changes))] as const
}

/** What was seen for a condition, a region each. */
export const useSeen = (condition: string): ReadonlyArray<SeenThere> => useContext(Context).seen(condition)

/** What the server said against the field of a path such as `http.headers.0.name`. */
export const useIssue = (path: string): string | undefined => issueAt(useContext(Context).error, path)

/** What the server said against a list or the first thing within it. */
export const useIssueWithin = (path: string): string | undefined => {
  const { error } = useContext(Context)
  if (!(error instanceof ApiFailure)) return undefined
  return error.issues.find((issue) => `${issue.path.join(".")}.`.startsWith(`${path}.`))?.message
}
