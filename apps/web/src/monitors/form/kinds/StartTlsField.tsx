import type { StartTls } from "@uptime/domain/checks/SocketChecks"
import { SelectField } from "../../../ui/SelectField.tsx"
import { useIssue } from "../FormContext.tsx"

const protocols = [
  ["none", "No"],
  ["smtp", "SMTP"],
  ["imap", "IMAP"],
  ["pop3", "POP3"],
  ["ftp", "FTP"],
  ["xmpp", "XMPP"],
  ["postgres", "PostgreSQL"],
] as const

/** Whether a connection begins in plain text and turns to TLS, by the request of which protocol. */
export const StartTlsField = ({
  path,
  value,
  onValue,
}: {
  readonly path: string
  readonly value: StartTls | undefined
  readonly onValue: (value: StartTls | undefined) => void
}) => (
  <SelectField
    label="STARTTLS"
    name={path}
    wrong={useIssue(path)}
    value={value ?? "none"}
    options={protocols}
    onValue={(next) => onValue(next === "none" ? undefined : next)}
    hint="Turns to TLS after the protocol's own request for it."
  />
)
