import { CheckField } from "../ui/CheckField.tsx"
import { Field, TextField } from "../ui/Field.tsx"
import { RadioField } from "../ui/RadioField.tsx"
import type { StatusPage } from "./queries.ts"
import type { FormPart } from "./useDraft.ts"

const visibilities = [
  { value: "public", label: "Everybody", hint: "Anyone who knows the address, badges and feeds included." },
  { value: "password", label: "Who knows a password", hint: "Asked for once a week in each browser." },
  { value: "addresses", label: "Certain IP addresses", hint: "Such as those of your office or VPN." },
] as const

/** Who may see a page. */
export const AccessPart = ({ draft, page, set, wrong }: FormPart & { readonly page: StatusPage }) => (
  <>
    <section className="card stack" aria-labelledby="page-access">
      <h2 id="page-access">Visitors</h2>
      <RadioField
        label="Who may see the page"
        options={visibilities}
        value={draft.visibility}
        onChange={(visibility) => set({ visibility })}
      />
      {draft.visibility === "password" && (
        <TextField
          label="Password of the page"
          type="password"
          autoComplete="new-password"
          minLength={4}
          maxLength={72}
          value={draft.password}
          onChange={(event) => set({ password: event.target.value })}
          wrong={wrong("password")}
          hint={
            page.hasPassword
              ? "One is set. Leave this empty to keep it; a new one has to be typed by all visitors again."
              : "4 to 72 characters. Give it to those who shall see the page; it is no account."
          }
        />
      )}
      {draft.visibility === "addresses" && (
        <Field
          label="Addresses and ranges"
          hint="One a line, such as 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32; at most 100."
          wrong={wrong("allowedRanges")}
        >
          {(field) => (
            <textarea
              {...field}
              className="input code-input"
              rows={5}
              spellCheck={false}
              autoCapitalize="none"
              value={draft.ranges}
              onChange={(event) => set({ ranges: event.target.value })}
            />
          )}
        </Field>
      )}
    </section>
    <section className="card stack" aria-labelledby="page-search">
      <h2 id="page-search">Search engines</h2>
      <CheckField
        label="Keep the page out of search engines"
        hint="Asks them by noindex not to list it. Whoever knows the address sees it all the same."
        checked={draft.noindex}
        onChecked={(noindex) => set({ noindex })}
      />
    </section>
  </>
)
