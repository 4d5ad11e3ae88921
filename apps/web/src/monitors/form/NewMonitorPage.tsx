import { useMutation } from "@tanstack/react-query"
import { Link, useNavigate } from "@tanstack/react-router"
import { issueAt } from "../../api/ApiFailure.ts"
import { call } from "../../api/call.ts"
import { summariesQuery } from "../../api/queries.ts"
import { queryClient } from "../../api/queryClient.ts"
import { useTitle } from "../../app/useTitle.ts"
import { Button, buttonClass } from "../../ui/Button.tsx"
import { FailureNotice } from "../../ui/Feedback.tsx"
import { Field, TextField } from "../../ui/Field.tsx"
import { textsOf } from "../../ui/formData.ts"
import { addressOf } from "./address.ts"

/** How often a monitor may be checked, in seconds, as people choose it. */
const intervals: ReadonlyArray<readonly [seconds: number, text: string]> = [
  [30, "30 seconds"],
  [60, "1 minute"],
  [180, "3 minutes"],
  [300, "5 minutes"],
  [900, "15 minutes"],
  [3_600, "1 hour"],
]

const fields = ["url", "name", "tags", "group"]

/** Adding a monitor. */
export const NewMonitorPage = () => {
  useTitle("New monitor")
  const navigate = useNavigate()
  const create = useMutation({
    mutationFn: (texts: Readonly<Record<string, string | undefined>>) => {
      const { url = "", name = "", interval = "180", tags = "", group = "" } = texts
      return call("monitors", "create", {
        payload: {
          url: addressOf(url),
          intervalSeconds: Number(interval),
          ...(name.trim() === "" ? {} : { name: name.trim() }),
          ...(tags.trim() === "" ? {} : { tags: tagsOf(tags) }),
          ...(group.trim() === "" ? {} : { group: group.trim() }),
        },
      })
    },
    onSuccess: async ({ id }) => {
      void queryClient.invalidateQueries({ queryKey: summariesQuery.queryKey })
      await navigate({ to: "/monitors/$id", params: { id } })
    },
  })
  const told = fields.some((field) => issueAt(create.error, field) !== undefined)
  return (
    <form
      className="form-page stack"
      onSubmit={(event) => {
        event.preventDefault()
        create.mutate(textsOf(event.currentTarget))
      }}
    >
      <h1>New monitor</h1>
      {!told && <FailureNotice error={create.error} />}
      <TextField
        label="URL"
        name="url"
        inputMode="url"
        placeholder="https://example.com"
        autoCapitalize="none"
        spellCheck={false}
        required
        autoFocus
        maxLength={2_048}
        wrong={issueAt(create.error, "url")}
        hint="Also tcp://, icmp://, dns://, tls://, wss:// and more."
      />
      <TextField
        label="Name"
        name="name"
        maxLength={200}
        autoComplete="off"
        wrong={issueAt(create.error, "name")}
        hint="The host of the URL when left empty."
      />
      <Field label="Check every">
        {(field) => (
          <select {...field} name="interval" className="input" defaultValue="180">
            {intervals.map(([seconds, text]) => (
              <option key={seconds} value={seconds}>
                {text}
              </option>
            ))}
          </select>
        )}
      </Field>
      <TextField
        label="Tags"
        name="tags"
        autoComplete="off"
        wrong={issueAt(create.error, "tags")}
        hint="With commas between, such as production, shop."
      />
      <TextField label="Group" name="group" maxLength={100} autoComplete="off" wrong={issueAt(create.error, "group")} />
      <div className="row">
        <Button tone="primary" type="submit" busy={create.isPending}>
          Add monitor
        </Button>
        <Link to="/" className={buttonClass("quiet")}>
          Cancel
        </Link>
      </div>
    </form>
  )
}

/** Tags as they are typed, with commas between; each once. */
const tagsOf = (text: string): ReadonlyArray<string> => [
  ...new Set(
    text
      .split(",")
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ""),
  ),
]
