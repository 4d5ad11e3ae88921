import { useMutation } from "@tanstack/react-query"
import { useEffect, useRef } from "react"
import { Button } from "../../ui/Button.tsx"
import { FailureNotice, Loading, Skeleton } from "../../ui/Feedback.tsx"
import { Icon } from "../../ui/Icon.tsx"
import { runTest } from "../test/runTest.ts"
import { TestRegions } from "../test/TestRegions.tsx"

/** A check that is run at once from every region, and what it found: nothing of it is stored. */
export const TestNow = ({ id, onClose }: { readonly id: string; readonly onClose: () => void }) => {
  const title = useRef<HTMLHeadingElement>(null)
  const test = useMutation({ mutationFn: () => runTest({ monitorId: id }) })
  const { mutate } = test
  useEffect(() => {
    title.current?.focus()
    mutate()
  }, [mutate])
  return (
    <section className="card stack" aria-labelledby="test-title">
      <div className="spread">
        <h2 id="test-title" ref={title} tabIndex={-1}>
          Test
        </h2>
        <div className="row">
          <Button className="small" busy={test.isPending} onClick={() => mutate()}>
            Test again
          </Button>
          <Button tone="quiet" className="small" onClick={onClose}>
            <Icon name="close" />
            Close
          </Button>
        </div>
      </div>
      <p className="muted small" role="status">
        {test.isPending
          ? "Checking from every region …"
          : test.isSuccess
            ? "This is how it is now. Nothing of it is stored."
            : ""}
      </p>
      <FailureNotice error={test.error} />
      {test.isPending && (
        <Loading>
          <Skeleton height={160} />
        </Loading>
      )}
      {test.data !== undefined && <TestRegions run={test.data} />}
    </section>
  )
}
