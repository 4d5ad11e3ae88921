import { Icon } from "../../../ui/Icon.tsx"
import { useSeen } from "../FormContext.tsx"

/** What the last check of each region saw for a condition. */
export const SeenList = ({ condition }: { readonly condition: string }) => {
  const seen = useSeen(condition)
  if (seen.length === 0) return null
  return (
    <ul className="condition-seen" aria-label="What the last check saw">
      {seen.map(({ holds, location, seen: text }) => (
        <li key={location} className={holds ? "status-Up" : "status-Down"}>
          <Icon name={holds ? "check" : "close"} />
          <span>
            <strong>{location}</strong> {holds ? "held" : "failed"}
            {text === null ? "" : `: ${text}`}
          </span>
        </li>
      ))}
    </ul>
  )
}
