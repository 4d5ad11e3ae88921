import { Field } from "../ui/Field.tsx"
import { AccentField } from "./AccentField.tsx"
import { LogoField } from "./LogoField.tsx"
import type { StatusPage } from "./queries.ts"
import type { FormPart } from "./useDraft.ts"

const languages = [
  ["en", "English"],
  ["de", "Deutsch"],
  ["fr", "Français"],
  ["es", "Español"],
  ["pt-BR", "Português (Brasil)"],
  ["ja", "日本語"],
] as const

const timeZones = Intl.supportedValuesOf("timeZone")

/** How a page looks: logo, colour, language, time zone, and a style sheet of its own. */
export const LookPart = ({ draft, page, set, wrong }: FormPart & { readonly page: StatusPage }) => (
  <>
    <section className="card stack" aria-labelledby="page-brand">
      <h2 id="page-brand">Brand</h2>
      <LogoField page={page} />
      <AccentField value={draft.accent} onChange={(accent) => set({ accent })} wrong={wrong("accent")} />
    </section>
    <section className="card stack" aria-labelledby="page-language">
      <h2 id="page-language">Language and time</h2>
      <div className="page-pair">
        <Field label="Language" hint="Of all words that are not yours." wrong={wrong("language")}>
          {(field) => (
            <select
              {...field}
              className="input"
              value={draft.language}
              onChange={(event) => {
                const [language] = languages.find(([code]) => code === event.target.value) ?? ["en" as const]
                set({ language })
              }}
            >
              {languages.map(([code, name]) => (
                <option key={code} value={code} lang={code}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Time zone" hint="In which times on the page are told." wrong={wrong("timeZone")}>
          {(field) => (
            <select
              {...field}
              className="input"
              value={draft.timeZone}
              onChange={(event) => set({ timeZone: event.target.value })}
            >
              {[...new Set(["UTC", draft.timeZone, ...timeZones])].map((zone) => (
                <option key={zone} value={zone}>
                  {zone.replaceAll("_", " ")}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
    </section>
    <section className="card stack" aria-labelledby="page-css">
      <h2 id="page-css">Style sheet</h2>
      <Field
        label="Custom CSS"
        hint="Comes after the page’s own style. At most 20,000 characters; nothing in it may load anything from elsewhere, so no @import, @font-face or url() but for images within it."
        wrong={wrong("customCss")}
      >
        {(field) => (
          <textarea
            {...field}
            className="input code-input"
            rows={8}
            maxLength={20_000}
            spellCheck={false}
            autoCapitalize="none"
            placeholder={"header { border-bottom: 4px solid #2563eb }"}
            value={draft.customCss}
            onChange={(event) => set({ customCss: event.target.value })}
          />
        )}
      </Field>
    </section>
  </>
)
