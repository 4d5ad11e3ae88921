import { readJournal } from "./Book.ts"
import type { World } from "./World.ts"

/** How many jobs producers put on the stream once more than once. */
export const republished = ({ apps }: World): number => {
  const counts = new Map<string, number>()
  for (const { journal } of apps.started()) {
    for (const { keys, step } of journal === null ? [] : readJournal(journal)) {
      if (step === "publishing") for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
    }
  }
  return [...counts.values()].reduce((sum, count) => sum + count - 1, 0)
}
