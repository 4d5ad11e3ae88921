import { duration } from "../../ui/format.ts"
import type { ResultDetail } from "../detail/queries.ts"
import { phaseNames, phaseTexts } from "../phases.ts"
import "./seen.css"

type Phases = ResultDetail["phases"]

/** Where the time of a check went: each phase as long as it took, one after the other. */
export const PhaseBar = ({ phases }: { readonly phases: Phases }) => {
  const total = phaseNames.reduce((sum, name) => sum + (phases[name] ?? 0), 0)
  if (phaseNames.every((name) => phases[name] === null)) return <p className="muted">No phase was reached.</p>
  let before = 0
  return (
    <dl className="phase-bars">
      {phaseNames.map((name, index) => {
        const value = phases[name]
        const from = before
        before += value ?? 0
        return (
          <div key={name}>
            <dt>{phaseTexts[name]}</dt>
            <dd className="bar">
              {value !== null && total > 0 && (
                <svg width="100%" height="8" aria-hidden="true" className={`line-${index + 1}`}>
                  <rect
                    x={`${(from / total) * 100}%`}
                    width={`${Math.max(0.5, (value / total) * 100)}%`}
                    height="8"
                    rx="2"
                    fill="currentColor"
                  />
                </svg>
              )}
            </dd>
            <dd className="number">{value === null ? "–" : duration(value)}</dd>
          </div>
        )
      })}
    </dl>
  )
}
