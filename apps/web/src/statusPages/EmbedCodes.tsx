import { CopyButton } from "../ui/CopyButton.tsx"
import { badgeCode, type EmbedForm, embedForms, widgetCode } from "./embedCode.ts"

const formWords: Readonly<Record<EmbedForm, string>> = {
  markdown: "Markdown",
  html: "HTML",
  url: "URL",
  shields: "shields.io",
}

/** The texts that embed a badge or the widget of a page, each to be copied. */
export const EmbedCodes = (
  props:
    | { readonly widget: true; readonly page: string; readonly title: string }
    | { readonly widget?: false; readonly page: string; readonly badge: string; readonly alt: string },
) => {
  const codes =
    props.widget === true
      ? [
          ["HTML", widgetCode(props.page, props.title)],
          ["URL", `${props.page}/widget`],
        ]
      : embedForms.map((form) => [formWords[form], badgeCode(form, props.page, props.badge, props.alt)])
  return (
    <dl className="embed-codes">
      {codes.map(([label = "", code = ""]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls */}
            <code tabIndex={0}>{code}</code>
            <CopyButton text={code} label={label} />
          </dd>
        </div>
      ))}
    </dl>
  )
}
