import { commands } from "./commands.ts"
import { navigation } from "./navigation.ts"

/** Keys and what they do: all of `keys` at once or one after the other. */
interface Shortcut {
  readonly keys: ReadonlyArray<string>
  readonly does: string
}

/** Every key that the dashboard knows, by where it holds. A page that listens to keys of its own names them here. */
export const shortcuts: ReadonlyArray<{ readonly where: string; readonly shortcuts: ReadonlyArray<Shortcut> }> = [
  {
    where: "Everywhere",
    shortcuts: [
      { keys: ["Ctrl", "K"], does: "Find a monitor or a command" },
      ...commands.flatMap((command) => ("key" in command ? [{ keys: [command.key], does: command.label }] : [])),
      ...navigation.map(({ key, label }) => ({ keys: ["g", key], does: `Go to ${label.toLowerCase()}` })),
      { keys: ["?"], does: "Show this list" },
    ],
  },
  {
    where: "In the list of monitors",
    shortcuts: [
      { keys: ["/"], does: "Search the list" },
      { keys: ["j"], does: "Next monitor" },
      { keys: ["k"], does: "Previous monitor" },
      { keys: ["x"], does: "Select the monitor" },
      { keys: ["Enter"], does: "Open the monitor" },
    ],
  },
  {
    where: "In the form of a monitor",
    shortcuts: [
      { keys: ["Ctrl", "Enter"], does: "Save" },
      { keys: ["Ctrl", "Space"], does: "Show what may stand in a condition" },
    ],
  },
  {
    where: "With incidents",
    shortcuts: [
      { keys: ["/"], does: "Search the list" },
      { keys: ["j"], does: "Next incident" },
      { keys: ["k"], does: "Previous incident" },
      { keys: ["Enter"], does: "Open the incident" },
      { keys: ["a"], does: "Acknowledge the incident" },
      { keys: ["c"], does: "Comment on the incident that is open" },
    ],
  },
]
