import { CopyButton } from "../ui/CopyButton.tsx"
import { TextField } from "../ui/Field.tsx"
import { DomainSetup } from "./DomainSetup.tsx"
import { pagePath } from "./pageAddress.ts"
import type { StatusPage } from "./queries.ts"
import type { FormPart } from "./useDraft.ts"

/** Where a page is: its address here, and a host name of its own. */
export const AddressPart = ({ draft, page, set, wrong }: FormPart & { readonly page: StatusPage }) => {
  const address = `${window.location.origin}${pagePath(draft.slug === "" ? "…" : draft.slug)}`
  return (
    <>
      <section className="card stack" aria-labelledby="page-address">
        <h2 id="page-address">Address</h2>
        <TextField
          label="Name in the address"
          maxLength={63}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={draft.slug}
          onChange={(event) => set({ slug: event.target.value.toLowerCase() })}
          wrong={wrong("slug")}
          hint={`Small letters, digits and hyphens.${
            draft.slug === page.slug ? "" : ` Links to ${pagePath(page.slug)} will lead nowhere.`
          }`}
        />
        <div className="page-address">
          <code>{address}</code>
          <CopyButton text={address} label="the address" />
        </div>
      </section>
      <section className="card stack" aria-labelledby="page-domain">
        <h2 id="page-domain">A host name of its own</h2>
        <TextField
          label="Host name"
          maxLength={253}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          inputMode="url"
          placeholder="status.example.com"
          value={draft.domain}
          onChange={(event) => set({ domain: event.target.value.trim().toLowerCase() })}
          wrong={wrong("domain")}
          hint="Left empty, the page is at its address here alone."
        />
        {draft.domain !== "" && <DomainSetup domain={draft.domain} page={page} />}
      </section>
    </>
  )
}
