/** The texts of a form by the names of its fields. */
export const textsOf = (form: HTMLFormElement): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(
    [...new FormData(form)].flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
  )
