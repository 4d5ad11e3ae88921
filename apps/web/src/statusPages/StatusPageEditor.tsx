import { useQuery } from "@tanstack/react-query"
import { useNavigate, useParams, useSearch } from "@tanstack/react-router"
import { ApiFailure } from "../api/ApiFailure.ts"
import { useTitle } from "../app/useTitle.ts"
import { BackLink } from "../ui/BackLink.tsx"
import { buttonClass } from "../ui/Button.tsx"
import { ErrorState, Loading, Skeleton } from "../ui/Feedback.tsx"
import { Icon } from "../ui/Icon.tsx"
import { PageHead } from "../ui/PageHead.tsx"
import { Tabs, tabPanel } from "../ui/Tabs.tsx"
import { AccessPart } from "./AccessPart.tsx"
import { AddressPart } from "./AddressPart.tsx"
import { ContentPart } from "./ContentPart.tsx"
import { EmbedPart } from "./EmbedPart.tsx"
import { type EditorTab, editorTabs, tabOf, tabWords } from "./editorTabs.ts"
import { LookPart } from "./LookPart.tsx"
import { pageAddress } from "./pageAddress.ts"
import { type StatusPage, statusPageQuery } from "./queries.ts"
import { SaveBar } from "./SaveBar.tsx"
import { StatusPageMenu } from "./StatusPageMenu.tsx"
import { SubscribersPart } from "./SubscribersPart.tsx"
import { UnsavedGuard } from "./UnsavedGuard.tsx"
import { useDraft } from "./useDraft.ts"
import "./statusPages.css"

/** Editing one status page. */
export const StatusPageEditor = () => {
  const { id } = useParams({ from: "/inside/status-pages/$id" })
  const page = useQuery(statusPageQuery(id))
  useTitle(page.data?.title ?? "Status page")
  if (page.data !== undefined) return <Editor key={id} page={page.data} />
  if (!page.isPending) return <ErrorState error={page.error} onRetry={() => void page.refetch()} />
  return (
    <Loading>
      <div className="stack">
        <Skeleton width={120} />
        <Skeleton width={280} height={44} />
        <Skeleton height={36} />
        <Skeleton height={320} />
      </div>
    </Loading>
  )
}

const Editor = ({ page }: { readonly page: StatusPage }) => {
  const { tab = "content" } = useSearch({ from: "/inside/status-pages/$id" })
  const navigate = useNavigate()
  const form = useDraft(page)
  const show = (next: EditorTab) =>
    void navigate({
      to: "/status-pages/$id",
      params: { id: page.id },
      search: next === "content" ? {} : { tab: next },
      replace: true,
    })
  const address = pageAddress(page, window.location.origin)
  return (
    <div className="stack">
      <PageHead
        back={<BackLink to="/status-pages">Status pages</BackLink>}
        actions={
          <>
            <a className={buttonClass()} href={address} target="_blank" rel="noopener">
              <Icon name="external" />
              Open the page
              <span className="visually-hidden"> in a new tab</span>
            </a>
            <StatusPageMenu page={page} />
          </>
        }
      >
        <div className="page-heading">
          <h1>{page.title}</h1>
          <p className="muted clip" title={address}>
            {address.replace(/^https?:\/\//, "")}
          </p>
        </div>
      </PageHead>
      <Tabs
        label="Parts of the page"
        id="page"
        tabs={editorTabs.map((value) => ({ value, label: tabWords[value] }))}
        selected={tab}
        onSelect={show}
      />
      <div {...tabPanel("page", tab)} className="page-form">
        {tab === "content" && <ContentPart {...form} />}
        {tab === "look" && <LookPart {...form} page={page} />}
        {tab === "access" && <AccessPart {...form} page={page} />}
        {tab === "address" && <AddressPart {...form} page={page} />}
        {tab === "subscribers" && <SubscribersPart page={page} />}
        {tab === "embed" && <EmbedPart page={page} />}
        {form.isDirty && (
          <SaveBar
            error={form.save.error}
            isBusy={form.save.isPending}
            onSave={form.submit}
            onGiveUp={form.giveUp}
            {...(wrongTab(form.save.error, tab) === undefined
              ? {}
              : { onShow: () => show(wrongTab(form.save.error, tab) ?? tab) })}
          />
        )}
      </div>
      <UnsavedGuard isDirty={form.isDirty} />
    </div>
  )
}

/** Another tab on which something is wrong. */
const wrongTab = (error: unknown, shown: EditorTab): EditorTab | undefined => {
  const issue = error instanceof ApiFailure ? error.issues[0] : undefined
  const tab = issue === undefined ? shown : tabOf(issue.path[0])
  return tab === shown ? undefined : tab
}
