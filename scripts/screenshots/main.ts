/**
 * `npm run screenshots`: the pictures of the README, anew. Builds and starts the app over a PostgreSQL of its own, lets a shop
 * that is made up watch its servers for a year (`World.ts`), opens the dashboard in Chromium, and writes five pictures to
 * `docs/images`. It takes two minutes and needs no network; Debian's package `chromium` must be there.
 *
 * What the pictures show is the same in each run, but for the times of day and what hangs on them.
 */
import "../nodeVersion.mjs"
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { Effect } from "effect"
import { ensureBuilt } from "../build.mjs"
import { root } from "../install.mjs"
import { maxBytes, takePictures } from "./Pictures.ts"
import { world } from "./World.ts"

await ensureBuilt("standalone")
const write = (name: string, picture: Buffer) =>
  Effect.promise(() => writeFile(join(root, "docs/images", name), picture))
const sizes = await Effect.runPromise(Effect.scoped(Effect.flatMap(world, (made) => takePictures(made, write))))
for (const [name, bytes] of sizes) console.log(`docs/images/${name}: ${bytes.toLocaleString("en")} bytes`)
const large = sizes.filter(([, bytes]) => bytes > maxBytes)
if (large.length > 0) console.error(`Larger than ${maxBytes} bytes: ${large.map(([name]) => name).join(", ")}`)
process.exit(large.length === 0 ? 0 : 1)
