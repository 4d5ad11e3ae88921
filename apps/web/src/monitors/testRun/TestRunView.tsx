import { Loading, Skeleton } from "../../ui/Feedback.tsx"
import type { TestRun } from "./runTest.ts"
import { TestRegions } from "./TestRegions.tsx"

/**
 * What a check that was run at once found, a region each: nothing of it is stored.
 *
 * @param run undefined while it runs
 */
export const TestRunView = ({ run }: { readonly run: TestRun | undefined }) => (
  <section className="card stack test-run" aria-labelledby="test-run-title">
    <div className="spread">
      <h2 id="test-run-title">Test run</h2>
      <p className="muted small" role="status">
        {run === undefined ? "Checking from every region …" : "Nothing of this is stored."}
      </p>
    </div>
    {run === undefined ? (
      <Loading>
        <div className="stack">
          <Skeleton height={96} />
          <Skeleton height={96} />
        </div>
      </Loading>
    ) : (
      <TestRegions run={run} />
    )}
  </section>
)
