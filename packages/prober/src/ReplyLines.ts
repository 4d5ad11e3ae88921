import type { Reader } from "./Conversation.ts"

/** A reply of SMTP (RFC 5321, section 4.2) or FTP (RFC 959, section 4.2): a code of three digits and lines of text. */
export interface Reply {
  readonly code: number
  /** The text of each line, without the code where the line has it. */
  readonly lines: ReadonlyArray<string>
}

/**
 * Reads one reply: `250 text`, or several lines of which the last has the code and a space, those before it the code and a
 * hyphen or, in FTP, anything. A reader for one reply, because it looks at each line once, however they come.
 */
export const readReply = (): Reader<Reply> => {
  const lines: Array<string> = []
  let code = ""
  let at = 0
  return (bytes) => {
    if (at === 0) {
      code = bytes.toString("latin1", 0, 3)
      if (/\D/.test(code)) return "malformed"
    }
    for (let end = bytes.indexOf(0x0a, at); end >= 0; end = bytes.indexOf(0x0a, at)) {
      const line = bytes.toString("utf8", at, end).replace(/\r$/, "")
      at = end + 1
      const hasCode = line.startsWith(code)
      const isLast = hasCode && (line.length === 3 || line[3] === " ")
      if (lines.length === 0 && !isLast && line[3] !== "-") return "malformed"
      lines.push(isLast || (hasCode && line[3] === "-") ? line.slice(4) : line)
      if (isLast) return { value: { code: Number(code), lines }, size: at }
    }
    return "more"
  }
}
