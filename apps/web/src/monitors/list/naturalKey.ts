/** The most digits of a number that are compared by value; longer ones are compared as text. */
const numberWidth = 16

/**
 * A text whose order by code units is that of `name` as a person would sort it: without regard to case and accents, numbers by
 * value. Made once per name and then compared at once: a collator takes a fifth of a second to sort ten thousand names.
 */
export const naturalKey = (name: string): string => {
  const plain = /[^\0-\x7f]/.test(name) ? name.normalize("NFD").replace(/\p{M}+/gu, "") : name
  return plain.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(numberWidth, "0"))
}
