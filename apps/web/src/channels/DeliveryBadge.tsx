import { StatusIcon } from "../ui/StatusIcon.tsx"
import { type Delivery, fateOf, fateWords } from "./deliveryWords.ts"

/** How a message fares, by sign, word and colour. */
export const DeliveryBadge = ({ delivery }: { readonly delivery: Pick<Delivery, "attempts" | "state"> }) => {
  const { status, word } = fateWords[fateOf(delivery)]
  return (
    <span className={`status-badge status-${status}`}>
      <StatusIcon status={status} />
      {word}
    </span>
  )
}
