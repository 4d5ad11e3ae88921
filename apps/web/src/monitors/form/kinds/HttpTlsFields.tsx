import { useOptions } from "../FormContext.tsx"
import { LinesField, PasswordField, SwitchField } from "../fields.tsx"

const pem = "-----BEGIN CERTIFICATE-----"

/** Which certificates are trusted, and which one is shown. */
export const HttpTlsFields = () => {
  const [{ certificateAuthority, clientCertificate, ignoreTls }, change] = useOptions("http")
  return (
    <>
      <SwitchField
        label="Accept any certificate"
        path="http.ignoreTls"
        value={ignoreTls}
        onChecked={(next) => change({ ignoreTls: next })}
        hint="An invalid one does not fail the check; it is recorded all the same."
      />
      <LinesField
        label="Certificate authority"
        path="http.certificateAuthority"
        value={certificateAuthority}
        onText={(next) => change({ certificateAuthority: next })}
        placeholder={pem}
        maxLength={16_000}
        hint="Trusted besides the usual ones; in PEM."
      />
      <SwitchField
        label="Show a client certificate"
        path="http.clientCertificate"
        value={clientCertificate !== undefined}
        onChecked={(on) => change({ clientCertificate: on ? { certificate: "", privateKey: "" } : undefined })}
      />
      {clientCertificate !== undefined && (
        <>
          <LinesField
            label="Client certificate"
            path="http.clientCertificate.certificate"
            value={clientCertificate.certificate}
            onText={(certificate = "") => change({ clientCertificate: { ...clientCertificate, certificate } })}
            placeholder={pem}
            required
            maxLength={16_000}
          />
          <PasswordField
            label="Private key"
            path="http.clientCertificate.privateKey"
            value={clientCertificate.privateKey}
            onValue={(privateKey) => change({ clientCertificate: { ...clientCertificate, privateKey } })}
            required
            lines
            hint="In PEM. It is sealed when it is stored, and shown to nobody."
          />
        </>
      )}
    </>
  )
}
