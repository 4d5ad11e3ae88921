import { SelectField } from "../../../ui/SelectField.tsx"
import { useOptions } from "../FormContext.tsx"
import { LineField, PasswordField } from "../fields.tsx"
import type { Options } from "../MonitorForm.ts"

type Auth = NonNullable<Options<"http">["auth"]>

const types = [
  ["none", "None"],
  ["basic", "User name and password (Basic)"],
  ["bearer", "Token (Bearer)"],
  ["oauth2", "OAuth 2.0 client credentials"],
] as const

const blank = (type: (typeof types)[number][0]): Auth | undefined => {
  switch (type) {
    case "none":
      return undefined
    case "basic":
      return { type, username: "" }
    case "bearer":
      return { type, token: "" }
    case "oauth2":
      return { type, tokenUrl: "", clientId: "", clientSecret: "" }
  }
}

/** A log-in with another password; an empty one is none that is sent. */
const withPassword = (
  { type, username }: Extract<Auth, { readonly type: "basic" }>,
  password: string,
): Extract<Auth, { readonly type: "basic" }> => ({ type, username, ...(password !== "" && { password }) })

/** How a request proves who sends it. */
export const HttpAuthFields = () => {
  const [{ auth }, change] = useOptions("http")
  return (
    <>
      <SelectField
        label="Authentication"
        name="http.auth.type"
        value={auth?.type ?? "none"}
        options={types}
        onValue={(type) => change({ auth: blank(type) })}
      />
      {auth?.type === "basic" && (
        <div className="field-row">
          <LineField
            label="User name"
            path="http.auth.username"
            value={auth.username}
            onText={(username = "") => change({ auth: { ...auth, username } })}
            maxLength={200}
          />
          <PasswordField
            label="Password"
            path="http.auth.password"
            value={auth.password}
            onValue={(password) => change({ auth: withPassword(auth, password) })}
            onRemove={() => change({ auth: withPassword(auth, "") })}
          />
        </div>
      )}
      {auth?.type === "bearer" && (
        <PasswordField
          label="Token"
          path="http.auth.token"
          value={auth.token}
          onValue={(token) => change({ auth: { ...auth, token } })}
          required
        />
      )}
      {auth?.type === "oauth2" && <OAuth2Fields auth={auth} onAuth={(next) => change({ auth: next })} />}
    </>
  )
}

type OAuth2 = Extract<Auth, { readonly type: "oauth2" }>

const OAuth2Fields = ({ auth, onAuth }: { readonly auth: OAuth2; readonly onAuth: (auth: OAuth2) => void }) => {
  const line = (field: "scope" | "audience") => ({
    path: `http.auth.${field}`,
    value: auth[field],
    maxLength: 500,
    onText: (text: string | undefined) => {
      const { [field]: _, ...others } = auth
      onAuth(text === undefined ? others : { ...auth, [field]: text })
    },
  })
  return (
    <>
      <LineField
        label="Token URL"
        path="http.auth.tokenUrl"
        value={auth.tokenUrl}
        onText={(tokenUrl = "") => onAuth({ ...auth, tokenUrl })}
        required
        inputMode="url"
        placeholder="https://login.example.com/oauth/token"
        maxLength={2_048}
      />
      <div className="field-row">
        <LineField
          label="Client id"
          path="http.auth.clientId"
          value={auth.clientId}
          onText={(clientId = "") => onAuth({ ...auth, clientId })}
          required
          maxLength={500}
        />
        <PasswordField
          label="Client secret"
          path="http.auth.clientSecret"
          value={auth.clientSecret}
          onValue={(clientSecret) => onAuth({ ...auth, clientSecret })}
          required
        />
      </div>
      <div className="field-row">
        <LineField label="Scope" {...line("scope")} />
        <LineField label="Audience" {...line("audience")} />
      </div>
    </>
  )
}
