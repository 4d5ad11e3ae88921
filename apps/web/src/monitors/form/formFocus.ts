/** A field of a form that can be focused. */
type FormControl = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement

const controlsOf = (form: HTMLFormElement | null): ReadonlyArray<FormControl> => [
  ...(form?.querySelectorAll<FormControl>("input, select, textarea") ?? []),
]

/** The first field with something in it that cannot be right; null when there is none. */
export const firstInvalid = (form: HTMLFormElement | null): FormControl | null =>
  controlsOf(form).find((control) => !control.checkValidity()) ?? null

/**
 * The first field that stands for one of some paths: it is named so, or belongs to a set of fields that is, or stands for the
 * list that the path leads into.
 */
export const firstOf = (form: HTMLFormElement | null, paths: ReadonlyArray<string>): FormControl | null => {
  const stands = (name: string) => paths.some((path) => path === name || isItemOf(path, name))
  return (
    controlsOf(form).find((control) => stands(control.name) || stands(control.closest("fieldset")?.name ?? "")) ?? null
  )
}

/** Whether a path leads to an item of a list: `tags.3` for `tags`. */
const isItemOf = (path: string, list: string): boolean =>
  list !== "" && path.startsWith(`${list}.`) && /^\d+$/.test(path.slice(list.length + 1))

/** Opens the sections that a field is in. */
export const reveal = (control: FormControl): void => {
  for (
    let section = control.closest("details");
    section !== null;
    section = section.parentElement?.closest("details") ?? null
  ) {
    section.open = true
  }
}
