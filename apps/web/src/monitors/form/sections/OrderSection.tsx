import { useQuery } from "@tanstack/react-query"
import { useMemo } from "react"
import { summariesQuery } from "../../../api/queries.ts"
import { Disclosure } from "../../../ui/Disclosure.tsx"
import { useForm } from "../FormContext.tsx"
import { LineField, ListField } from "../fields.tsx"

/** Tags and the group: how a monitor is found among others. */
export const OrderSection = () => {
  const { change, form } = useForm()
  const summaries = useQuery(summariesQuery)
  const known = useMemo(() => {
    const monitors = summaries.data ?? []
    return {
      tags: [...new Set(monitors.flatMap(({ tags }) => tags))].toSorted(),
      groups: [...new Set(monitors.flatMap(({ group }) => (group === null ? [] : [group])))].toSorted(),
    }
  }, [summaries.data])
  const said = [...(form.group === "" ? [] : [form.group]), ...form.tags]
  return (
    <Disclosure title="Tags and group" summary={said.length === 0 ? "None" : said.join(", ")}>
      <ListField
        label="Tags"
        path="tags"
        value={form.tags}
        onList={(tags = []) => change({ tags })}
        suggestions={known.tags}
        maxLength={50}
        hint="Enter or a comma adds one."
      />
      <LineField
        label="Group"
        path="group"
        value={form.group}
        onText={(group = "") => change({ group })}
        maxLength={100}
        list="known-groups"
        hint="Monitors of a group stand together in the list, and share incidents."
      />
      <datalist id="known-groups">
        {known.groups.map((group) => (
          <option key={group} value={group} />
        ))}
      </datalist>
    </Disclosure>
  )
}
