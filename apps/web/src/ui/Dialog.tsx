import { type ReactNode, useEffect, useId, useRef } from "react"

/** A dialog over the page: Escape and a click beside it close it, and the focus goes back to where it was. */
export const Dialog = ({
  title,
  onClose,
  className = "",
  children,
}: {
  readonly title: string
  readonly onClose: () => void
  readonly className?: string
  readonly children: ReactNode
}) => {
  const ref = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useEffect(() => {
    const before = document.activeElement
    ref.current?.showModal()
    // What is focused first may stand at the end of a long dialog, which is read from its title on.
    ref.current?.scrollTo(0, 0)
    // A dialog that is taken out of the page gives no focus back by itself. Where a key led elsewhere since, it stays there.
    return () => {
      const isFree = document.activeElement === null || document.activeElement === document.body
      if (isFree && before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself
    <dialog
      ref={ref}
      className={`dialog ${className}`}
      aria-labelledby={titleId}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === ref.current) ref.current?.close()
      }}
    >
      <h2 id={titleId}>{title}</h2>
      {children}
    </dialog>
  )
}
