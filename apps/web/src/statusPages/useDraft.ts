import { useMutation } from "@tanstack/react-query"
import { useMemo, useState } from "react"
import { issueWithin } from "../api/ApiFailure.ts"
import { call } from "../api/call.ts"
import { showToast } from "../ui/Toasts.tsx"
import { changesOf, type Draft, draftOf, isChanged } from "./draft.ts"
import { keepStatusPage, type StatusPage } from "./queries.ts"

/** What a part of the editor is given: what stands in the form, how it is changed, and what is wrong with a field. */
export interface FormPart {
  readonly draft: Draft
  readonly set: (edits: Partial<Draft>) => void
  /** By the api's name of a field. */
  readonly wrong: (field: string) => string | undefined
}

/** The form of a page: what was edited lies over what is stored, until it is saved or given up. */
export const useDraft = (page: StatusPage) => {
  const [edits, setEdits] = useState<Partial<Draft>>({})
  const draft = useMemo(() => ({ ...draftOf(page), ...edits }), [page, edits])
  const save = useMutation({
    mutationFn: (saved: Partial<Draft>) =>
      call("statusPages", "edit", {
        path: { id: page.id },
        payload: changesOf(page, { ...draftOf(page), ...saved }),
      }),
    onSuccess: (next, saved) => {
      keepStatusPage(next)
      // What was typed meanwhile stays.
      setEdits((now) => (now === saved ? {} : now))
      showToast({ text: "Saved. Visitors see it at once." })
    },
  })
  return {
    draft,
    save,
    isDirty: isChanged(page, draft),
    submit: () => save.mutate(edits),
    giveUp: () => {
      setEdits({})
      save.reset()
    },
    set: (more: Partial<Draft>) => setEdits((now) => ({ ...now, ...more })),
    wrong: (field: string) => issueWithin(save.error, field)?.message,
  }
}
