import { useMutation } from "@tanstack/react-query"
import { useEffect, useRef } from "react"
import { Button } from "../../ui/Button.tsx"
import { FailureNotice } from "../../ui/Feedback.tsx"
import { runTest } from "../testRun/runTest.ts"
import { TestRunView } from "../testRun/TestRunView.tsx"

/** A check that is run at once from every region, and what it found: nothing of it is stored. */
export const TestNow = ({ id, onClose }: { readonly id: string; readonly onClose: () => void }) => {
  const place = useRef<HTMLDivElement>(null)
  const test = useMutation({ mutationFn: () => runTest({ monitorId: id }) })
  const { mutate } = test
  useEffect(() => {
    place.current?.focus()
    mutate()
  }, [mutate])
  return (
    // biome-ignore lint/a11y/useSemanticElements: what was asked for, so that the focus can go there
    <div className="stack test-now" ref={place} tabIndex={-1} role="group" aria-label="Test">
      {test.isError ? <FailureNotice error={test.error} /> : <TestRunView run={test.data} />}
      <div className="row">
        <Button className="small" busy={test.isPending} onClick={() => mutate()}>
          Test again
        </Button>
        <Button tone="quiet" className="small" onClick={onClose}>
          Close
        </Button>
      </div>
    </div>
  )
}
