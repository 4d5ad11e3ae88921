/** A month as the address of the calendar has it, such as `2026-11`. */
const monthForm = /^2\d{3}-(0[1-9]|1[0-2])$/
/** A day as the address of the form has it, such as `2026-11-04`. */
const dayForm = /^2\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/

/** What the address of the calendar says: a month, this one unless said. */
export interface MaintenanceSearch {
  readonly month?: string | undefined
}

/** What the address of the form says: the day that it begins with, and whether it begins at once. */
export interface NewMaintenanceSearch {
  readonly day?: string | undefined
  readonly now?: boolean | undefined
}

/** Reads the address of the calendar; what means nothing is left out. */
export const readMaintenanceSearch = ({ month }: Record<string, unknown>): MaintenanceSearch =>
  typeof month === "string" && monthForm.test(month) ? { month } : {}

/** Reads the address of the form; what means nothing is left out. */
export const readNewMaintenanceSearch = ({ day, now }: Record<string, unknown>): NewMaintenanceSearch => ({
  ...(typeof day === "string" && dayForm.test(day) ? { day } : {}),
  ...(now === true ? { now } : {}),
})
