import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { brotliCompressSync, constants, gzipSync } from "node:zlib"
import type { Plugin } from "vite"

/** What is worth compressing. */
const compressible = /\.(?:html|js|css|svg|webmanifest|txt)$/

/** Files below this many bytes are sent as they are. */
const least = 1_024

/** Puts a `.br` and a `.gz` beside every file of the build that gets smaller by it, so that no server compresses it again. */
export const precompressed = (): Plugin => ({
  name: "precompressed",
  apply: "build",
  writeBundle: ({ dir = "dist" }) => {
    for (const file of readdirSync(dir, { recursive: true, encoding: "utf8" })) {
      const path = join(dir, file)
      if (!compressible.test(file) || statSync(path).size < least) continue
      const bytes = readFileSync(path)
      writeFileSync(
        `${path}.br`,
        brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }),
      )
      writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }))
    }
  },
})
