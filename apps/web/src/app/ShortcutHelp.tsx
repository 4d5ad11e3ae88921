import { Button } from "../ui/Button.tsx"
import { Dialog } from "../ui/Dialog.tsx"
import { shortcuts } from "./shortcuts.ts"

/** The keys and what they do. */
export const ShortcutHelp = ({ onClose }: { readonly onClose: () => void }) => (
  <Dialog title="Keyboard shortcuts" onClose={onClose}>
    {shortcuts.map(({ where, shortcuts: keys }) => (
      <section key={where} className="shortcuts">
        <h3>{where}</h3>
        <dl>
          {keys.map((shortcut) => (
            <div key={shortcut.does}>
              <dt>{shortcut.does}</dt>
              <dd>
                {shortcut.keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </dd>
            </div>
          ))}
        </dl>
      </section>
    ))}
    <footer>
      <Button onClick={onClose}>Close</Button>
    </footer>
  </Dialog>
)
