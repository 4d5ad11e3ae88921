import { Loading, Skeleton } from "../../ui/Feedback.tsx"

/** The place of a form that is loading. */
export const FormSkeleton = () => (
  <div className="monitor-form-page">
    <Loading>
      <div className="stack">
        <Skeleton width={200} height={28} />
        <Skeleton height={320} />
        <Skeleton height={384} />
      </div>
    </Loading>
  </div>
)
