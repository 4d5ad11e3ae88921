import { useMutation } from "@tanstack/react-query"
import { useRef, useState } from "react"
import { failureText } from "../api/ApiFailure.ts"
import { call } from "../api/call.ts"
import { Button } from "../ui/Button.tsx"
import { Icon } from "../ui/Icon.tsx"
import { showToast } from "../ui/Toasts.tsx"
import { base64Of, logoRefusal, logoTypes } from "./logoFile.ts"
import { pagePath } from "./pageAddress.ts"
import { keepStatusPage, type StatusPage } from "./queries.ts"

/** The logo of a page. It is stored as soon as it is chosen. */
export const LogoField = ({ page }: { readonly page: StatusPage }) => {
  const input = useRef<HTMLInputElement>(null)
  const [refused, setRefused] = useState<string | undefined>(undefined)
  const path = { id: page.id }
  const set = useMutation({
    mutationFn: async (file: File) => call("statusPages", "setLogo", { path, payload: { data: await base64Of(file) } }),
    onSuccess: (next) => {
      keepStatusPage(next)
      showToast({ text: "The page has a new logo." })
    },
  })
  const remove = useMutation({
    mutationFn: () => call("statusPages", "removeLogo", { path }),
    onSuccess: (next) => {
      keepStatusPage(next)
      showToast({ text: "The page has no logo now." })
    },
  })
  const error = set.error ?? remove.error
  const wrong = refused ?? (error === null ? undefined : failureText(error))
  return (
    <div className="field">
      <span className="label" id="logo-label">
        Logo
      </span>
      <div className="logo-row">
        {page.logo === null ? (
          <span className="logo-none muted">None</span>
        ) : (
          <img
            className="logo-image"
            src={`${pagePath(page.slug)}/logo?t=${encodeURIComponent(page.updatedAt)}`}
            alt="The present logo"
          />
        )}
        <input
          ref={input}
          type="file"
          className="visually-hidden"
          tabIndex={-1}
          aria-label="Logo file"
          accept={logoTypes.join(",")}
          onChange={(event) => {
            const file = event.target.files?.[0]
            event.target.value = ""
            if (file === undefined) return
            const refusal = logoRefusal(file)
            setRefused(refusal)
            remove.reset()
            if (refusal === undefined) set.mutate(file)
          }}
        />
        <Button busy={set.isPending} aria-describedby="logo-hint" onClick={() => input.current?.click()}>
          {page.logo === null ? "Choose a file" : "Replace it"}
        </Button>
        {page.logo !== null && (
          <Button tone="quiet" busy={remove.isPending} onClick={() => remove.mutate()}>
            Remove<span className="visually-hidden"> the logo</span>
          </Button>
        )}
      </div>
      {wrong !== undefined && (
        <p className="wrong" role="alert">
          <Icon name="alert" />
          {wrong}
        </p>
      )}
      <p className="hint" id="logo-hint">
        PNG, JPEG or WebP, at most 200 KB; shown up to 48 pixels high. Stored at once.
      </p>
    </div>
  )
}
