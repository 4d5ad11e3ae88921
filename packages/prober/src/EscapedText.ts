const escapes = /\\(?:([rnt\\])|x([0-9a-fA-F]{2}))/g

const meanings: Readonly<Record<string, string>> = { r: "\r", n: "\n", t: "\t", "\\": "\\" }

/**
 * The bytes that a text with escapes stands for: `\r`, `\n`, `\t` and `\\` are what they are everywhere, `\xHH` is the byte
 * of that value, and all other text, a backslash that begins none of these included, is itself in UTF-8.
 */
export const unescaped = (text: string): Buffer => {
  const pieces: Array<Buffer> = []
  let at = 0
  for (const match of text.matchAll(escapes)) {
    const [whole, letter, hex] = match
    pieces.push(Buffer.from(text.slice(at, match.index), "utf8"))
    pieces.push(hex === undefined ? Buffer.from(meanings[letter ?? ""] ?? "", "latin1") : Buffer.from(hex, "hex"))
    at = match.index + whole.length
  }
  pieces.push(Buffer.from(text.slice(at), "utf8"))
  return Buffer.concat(pieces)
}
