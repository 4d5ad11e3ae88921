import { useState } from "react"
import { Button } from "./Button.tsx"
import { Icon } from "./Icon.tsx"

/**
 * Copies a text, and says whether it could.
 *
 * @param label what is copied, such as `the ping URL`
 */
export const CopyButton = ({ text, label }: { readonly text: string; readonly label: string }) => {
  const [said, setSaid] = useState<"Copied" | "Not allowed" | null>(null)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setSaid("Copied")
    } catch {
      setSaid("Not allowed")
    }
  }
  return (
    <>
      <Button className="small copy-button" onClick={() => void copy()} onBlur={() => setSaid(null)}>
        <Icon name={said === "Copied" ? "check" : "copy"} />
        {said ?? "Copy"}
        <span className="visually-hidden"> {label}</span>
      </Button>
      <span className="visually-hidden" role="status">
        {said}
      </span>
    </>
  )
}
