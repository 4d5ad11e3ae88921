import type { Progress } from "./useRelabel.ts"

/** How far a change of many monitors has come; nothing while there is none. */
export const ProgressNotice = ({ progress }: { readonly progress: Progress | null }) => (
  <div role="status" className="relabel-status">
    {progress !== null && (
      <div className="card relabel-progress">
        <span>
          {progress.text}: {progress.done.toLocaleString("en")} of {progress.total.toLocaleString("en")} monitors
        </span>
        <progress value={progress.done} max={progress.total} aria-label={progress.text} />
      </div>
    )}
  </div>
)
