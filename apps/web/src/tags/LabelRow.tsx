import { Link } from "@tanstack/react-router"
import { Skeleton } from "../ui/Feedback.tsx"
import { counted, span, uptime } from "../ui/format.ts"
import { Icon } from "../ui/Icon.tsx"
import { Menu } from "../ui/Menu.tsx"
import { StatusIcon } from "../ui/StatusIcon.tsx"
import { statusWords } from "../ui/status.ts"
import type { Label, LabelKind } from "./labels.ts"

const time = (ms: number | null | undefined) => (ms === null || ms === undefined ? "–" : span(ms))

/** A tag or group in the table; its name leads to its monitors. */
export const LabelRow = ({
  by,
  label: { count, name, report, statuses },
  isLoading,
  isBusy,
  onChange,
}: {
  readonly by: LabelKind
  readonly label: Label
  readonly isLoading: boolean
  readonly isBusy: boolean
  readonly onChange: (what: "rename" | "remove") => void
}) => {
  const known = (text: string) => (isLoading ? <Skeleton width={48} /> : text)
  return (
    <tr>
      <th scope="row">
        <Link to="/" search={by === "tag" ? { tag: [name] } : { group: [name] }} className="label-name">
          <Icon name={by === "tag" ? "tag" : "folder"} />
          <span>{name}</span>
        </Link>
      </th>
      <td className="number" data-label="Monitors">
        <span className="label-statuses">
          {statuses.map((each) => (
            <span key={each.status} title={`${each.count} ${statusWords[each.status]}`}>
              {each.status !== "Up" && (
                <>
                  <StatusIcon status={each.status} label />
                  {each.count.toLocaleString("en")}
                </>
              )}
            </span>
          ))}
          <span>
            {count.toLocaleString("en")}
            <span className="visually-hidden"> in all</span>
          </span>
        </span>
      </td>
      <td className="number" data-label="Uptime">
        {known(uptime(report?.uptime ?? null))}
      </td>
      <td className="number" data-label="Outages">
        {known((report?.outages ?? 0).toLocaleString("en"))}
      </td>
      <td className="number" data-label="MTTD">
        {known(time(report?.meanTimeToDetectMs))}
      </td>
      <td className="number" data-label="MTTR">
        {known(time(report?.meanTimeToRecoverMs))}
      </td>
      <td className="label-actions">
        <Menu
          label={`Change ${name}, on ${counted(count, "monitor")}`}
          icon={<Icon name="more" />}
          align="end"
          items={
            isBusy
              ? []
              : [
                  { label: "Rename", icon: <Icon name="edit" />, onSelect: () => onChange("rename") },
                  {
                    label: by === "tag" ? "Remove from all monitors" : "Dissolve the group",
                    icon: <Icon name="trash" />,
                    danger: true,
                    onSelect: () => onChange("remove"),
                  },
                ]
          }
        />
      </td>
    </tr>
  )
}
