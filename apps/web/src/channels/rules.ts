/**
 * What a person may write into a field of a channel, as the api takes it. A rule answers with what is wrong, or nothing; it
 * sees no empty text, which is the field's business.
 */
export type Rule = (text: string) => string | undefined

/** Text that an expression matches, which needs no `^` and `$`. */
export const matching =
  (pattern: RegExp, says: string): Rule =>
  (text) =>
    new RegExp(`^(?:${pattern.source})$`, pattern.flags).test(text) ? undefined : says

/** One line of at most so many characters. */
export const line =
  (most: number): Rule =>
  (text) => {
    if (text.length > most) return `At most ${most} characters.`
    return /\p{Cc}/u.test(text) || !text.isWellFormed() ? "This holds characters that cannot be stored." : undefined
  }

const isWebUrl = (text: string): boolean => {
  if (text.length > 2_048 || !/^https?:\/\/[^\s\\]+$/i.test(text) || !URL.canParse(text)) return false
  const { password, port, username } = new URL(text)
  return username === "" && password === "" && port !== "0"
}

/** Where messages are sent. */
export const webUrl: Rule = (text) =>
  isWebUrl(text) ? undefined : "An address that begins with https:// or http://, without a user name in it."

/** Where a server is: no query, no fragment. */
export const serverUrl: Rule = (text) =>
  isWebUrl(text) && !/[?#]/.test(text)
    ? undefined
    : "The server's address, such as https://chat.example.com, without a user name, ? or #."

/** One mailbox, without a name beside it. */
export const emailAddress: Rule = (text) =>
  text.length <= 254 &&
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(
    text,
  )
    ? undefined
    : "An email address, such as ops@example.com."

/** A host's name or address, without brackets. */
export const hostName: Rule = (text) =>
  text.length <= 253 && /^[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?\.?$|^[0-9A-Fa-f:.]{2,45}$/.test(text)
    ? undefined
    : "A host's name or address, such as mail.example.com."

/** A secret of any form. */
export const secretText: Rule = (text) => (text.length > 4_096 ? "At most 4,096 characters." : undefined)

/** A whole number in a range. */
export const whole =
  (least: number, most: number): Rule =>
  (text) => {
    const number = /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN
    return number >= least && number <= most ? undefined : `A whole number from ${least} to ${most}.`
  }
