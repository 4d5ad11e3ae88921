import * as Fs from "node:fs"
import * as Path from "node:path"
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import { assert, it } from "@effect/vitest"

/** The dashboard as the standalone app serves it. */
const folder = fileURLToPath(new URL("../../../standalone/dist/web", import.meta.url))

/** The most JavaScript of the first view, in bytes of gzip. */
const most = 170_000

it("the first view's JavaScript stays within its budget", () => {
  const page = Fs.readFileSync(Path.join(folder, "index.html"), "utf8")
  const scripts = [...page.matchAll(/(?:src|href)="(\/[^"]+\.js)"/g)].map(([, path = ""]) => path)
  const sizes = scripts.map((path) => gzipSync(Fs.readFileSync(Path.join(folder, path)), { level: 9 }).length)
  const sum = sizes.reduce((all, size) => all + size, 0)
  assert.isAbove(scripts.length, 1, page)
  assert.isBelow(sum, most)
})
