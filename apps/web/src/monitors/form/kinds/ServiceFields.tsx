import { useOptions } from "../FormContext.tsx"
import { ChoiceField, LineField, LinesField, PasswordField, SwitchField } from "../fields.tsx"

const tlsUses = [
  ["prefer", "Where it is offered"],
  ["require", "Always"],
  ["never", "Never"],
] as const

/** How a mail server is spoken to. */
export const SmtpFields = () => {
  const [{ auth, ignoreTls, tls }, change] = useOptions("smtp")
  return (
    <>
      <ChoiceField
        label="TLS"
        path="smtp.tls"
        value={tls}
        options={tlsUses}
        onValue={(next) => change({ tls: next })}
        hint="An smtps URL is TLS from the first byte. Where it is only offered, any certificate will do, but for a log-in."
      />
      <SwitchField
        label="Accept any certificate"
        path="smtp.ignoreTls"
        value={ignoreTls}
        onChecked={(next) => change({ ignoreTls: next })}
      />
      <SwitchField
        label="Log in"
        path="smtp.auth"
        value={auth !== undefined}
        onChecked={(on) => change({ auth: on ? { username: "", password: "" } : undefined })}
      />
      {auth !== undefined && (
        <div className="field-row">
          <LineField
            label="User name"
            path="smtp.auth.username"
            value={auth.username}
            onText={(username = "") => change({ auth: { ...auth, username } })}
            required
            maxLength={200}
          />
          <PasswordField
            label="Password"
            path="smtp.auth.password"
            value={auth.password}
            onValue={(password) => change({ auth: { ...auth, password } })}
            required
          />
        </div>
      )}
    </>
  )
}

/** How a database is logged in to, and what it is asked. */
export const DatabaseFields = ({ kind }: { readonly kind: "postgres" | "mysql" }) => {
  const [options, change] = useOptions(kind)
  return (
    <>
      <div className="field-row">
        <LineField
          label="User name"
          path={`${kind}.username`}
          value={options.username}
          onText={(username) => change({ username })}
          maxLength={200}
          hint="Without one it is only seen whether the server is there."
        />
        <OptionalPassword kind={kind} value={options.password} onValue={(password) => change({ password })} />
      </div>
      <LineField
        label="Database"
        path={`${kind}.database`}
        value={options.database}
        onText={(database) => change({ database })}
        maxLength={200}
      />
      <LinesField
        label="Query"
        path={`${kind}.query`}
        value={options.query}
        onText={(query) => change({ query })}
        placeholder="SELECT 1"
        maxLength={2_000}
        hint="One statement, which runs read-only; conditions see its first rows as JSON in [BODY]."
      />
      <ChoiceField
        label="TLS"
        path={`${kind}.tls`}
        value={options.tls}
        options={tlsUses}
        onValue={(tls) => change({ tls })}
        hint="Where it is only offered, any certificate will do, but none that does not verify gets the password itself."
      />
      <SwitchField
        label="Accept any certificate"
        path={`${kind}.ignoreTls`}
        value={options.ignoreTls}
        onChecked={(ignoreTls) => change({ ignoreTls })}
      />
    </>
  )
}

/** How a Redis server is logged in to. */
export const RedisFields = () => {
  const [redis, change] = useOptions("redis")
  return (
    <>
      <div className="field-row">
        <LineField
          label="User name"
          path="redis.username"
          value={redis.username}
          onText={(username) => change({ username })}
          maxLength={200}
        />
        <OptionalPassword kind="redis" value={redis.password} onValue={(password) => change({ password })} />
      </div>
      <SwitchField
        label="Accept any certificate"
        path="redis.ignoreTls"
        value={redis.ignoreTls}
        onChecked={(ignoreTls) => change({ ignoreTls })}
        hint="A rediss URL is TLS."
      />
    </>
  )
}

const OptionalPassword = ({
  kind,
  value,
  onValue,
}: {
  readonly kind: string
  readonly value: string | undefined
  readonly onValue: (value: string | undefined) => void
}) => (
  <PasswordField
    label="Password"
    path={`${kind}.password`}
    value={value}
    onValue={(password) => onValue(password === "" ? undefined : password)}
    onRemove={() => onValue(undefined)}
  />
)
