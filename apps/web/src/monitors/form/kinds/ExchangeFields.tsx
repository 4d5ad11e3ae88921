import { LinesField } from "../fields.tsx"

/** What is sent on a connection, and what its answer must hold. */
export const ExchangeFields = ({
  kind,
  expectHint,
  send,
  expect,
  onSend,
  onExpect,
}: {
  readonly kind: "tcp" | "websocket"
  readonly expectHint: string
  readonly send: string | undefined
  readonly expect: string | undefined
  readonly onSend: (text: string | undefined) => void
  readonly onExpect: (text: string | undefined) => void
}) => (
  <>
    <LinesField
      label="Send"
      path={`${kind}.send`}
      value={send}
      onText={onSend}
      rows={2}
      maxLength={1_000}
      hint="\r \n \t \\ and \xHH stand for what they do elsewhere."
    />
    <LinesField
      label="Expect"
      path={`${kind}.expect`}
      value={expect}
      onText={onExpect}
      rows={2}
      maxLength={1_000}
      hint={expectHint}
    />
  </>
)
