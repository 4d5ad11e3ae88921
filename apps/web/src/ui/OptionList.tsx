import type { ReactNode } from "react"

/**
 * What a text field offers while it is typed in: the focus stays in the field, whose `aria-activedescendant` is
 * `optionId(id, at)`.
 */
export const OptionList = ({
  id,
  label,
  options,
  at,
  onChoose,
}: {
  readonly id: string
  readonly label: string
  readonly options: ReadonlyArray<{ readonly key: string; readonly content: ReactNode }>
  readonly at: number
  readonly onChoose: (index: number) => void
}) => (
  <div id={id} className="option-list" role="listbox" aria-label={label}>
    {options.map(({ key, content }, index) => (
      // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field
      <div
        key={key}
        id={optionId(id, index)}
        role="option"
        tabIndex={-1}
        aria-selected={index === at}
        // The field keeps the focus, so that what is offered is still there when it is clicked.
        onPointerDown={(event) => event.preventDefault()}
        onClick={() => onChoose(index)}
      >
        {content}
      </div>
    ))}
  </div>
)

/** The id of one of the options of a list. */
export const optionId = (listId: string, index: number): string => `${listId}-${index}`
