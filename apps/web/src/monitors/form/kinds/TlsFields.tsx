import { useOptions } from "../FormContext.tsx"
import { CountField, LineField } from "../fields.tsx"
import { StartTlsField } from "./StartTlsField.tsx"

/** Which certificate is looked at, and when its end is warned of. */
export const TlsFields = () => {
  const [tls, change] = useOptions("tls")
  return (
    <>
      <CountField
        label="Warn before, in days"
        path="tls.warnDays"
        value={tls.warnDays}
        onValue={(warnDays) => change({ warnDays })}
        min={0}
        max={365}
        placeholder="14"
        hint="Degraded from then on; 0 for never. Where it is empty, a condition on [CERTIFICATE_EXPIRATION] takes its place."
      />
      <LineField
        label="Server name"
        path="tls.serverName"
        value={tls.serverName}
        onText={(serverName) => change({ serverName })}
        placeholder="The host of the URL"
        maxLength={253}
        hint="The name the certificate must be for."
      />
      <StartTlsField path="tls.startTls" value={tls.startTls} onValue={(startTls) => change({ startTls })} />
    </>
  )
}
