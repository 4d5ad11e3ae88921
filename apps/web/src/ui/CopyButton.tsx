import { useEffect, useState } from "react"
import { Button } from "./Button.tsx"
import { Icon } from "./Icon.tsx"

/** How long a button says that it has copied, in milliseconds. */
const saidFor = 2_000

/** Puts text where it can be pasted from, also on pages that did not come by https, where browsers have no clipboard. */
const copy = async (text: string): Promise<boolean> => {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const area = document.createElement("textarea")
    area.value = text
    area.setAttribute("readonly", "")
    area.className = "visually-hidden"
    const before = document.activeElement
    document.body.append(area)
    area.select()
    const done = document.execCommand("copy")
    area.remove()
    if (before instanceof HTMLElement) before.focus()
    return done
  }
}

/**
 * Copies a text, and says whether it could.
 *
 * @param label what is copied, such as `the ping URL`
 */
export const CopyButton = ({ text, label }: { readonly text: string; readonly label: string }) => {
  const [said, setSaid] = useState<"Copied" | "Select it and copy it by hand" | null>(null)
  useEffect(() => {
    if (said === null) return
    const timer = setTimeout(() => setSaid(null), saidFor)
    return () => clearTimeout(timer)
  }, [said])
  return (
    <>
      <Button
        className="small copy-button"
        onClick={async () => setSaid((await copy(text)) ? "Copied" : "Select it and copy it by hand")}
      >
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
