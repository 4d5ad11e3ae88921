import { Button } from "../ui/Button.tsx"
import { Dialog } from "../ui/Dialog.tsx"
import { navigation } from "./navigation.ts"

const shortcuts: ReadonlyArray<readonly [keys: ReadonlyArray<string>, does: string]> = [
  [["Ctrl", "K"], "Find a monitor or a command"],
  [["/"], "Search the list"],
  [["n"], "New monitor"],
  [["j"], "Next monitor in the list"],
  [["k"], "Previous monitor in the list"],
  [["x"], "Select the monitor"],
  [["Enter"], "Open the monitor"],
  ...navigation.map(({ key, label }): readonly [ReadonlyArray<string>, string] => [
    ["g", key],
    `Go to ${label.toLowerCase()}`,
  ]),
  [["?"], "Show this list"],
]

/** The keys and what they do. */
export const ShortcutHelp = ({ onClose }: { readonly onClose: () => void }) => (
  <Dialog title="Keyboard shortcuts" onClose={onClose}>
    <dl className="shortcuts">
      {shortcuts.map(([keys, does]) => (
        <div key={does}>
          <dt>{does}</dt>
          <dd>
            {keys.map((key) => (
              <kbd key={key}>{key}</kbd>
            ))}
          </dd>
        </div>
      ))}
    </dl>
    <footer>
      <Button onClick={onClose}>Close</Button>
    </footer>
  </Dialog>
)
