import { createHash } from "node:crypto"
import type { Encoding } from "./Compression.ts"

/** A file of the dashboard, with the forms of it that were compressed when it was built. */
export interface WebFile {
  readonly contentType: string
  /** How long browsers may use it without asking. */
  readonly cacheControl: string
  /** Of the plain bytes; each other form has its encoding added to it. */
  readonly tag: string
  readonly bytes: Uint8Array
  readonly compressed: ReadonlyMap<Encoding, Uint8Array>
}

/** The endings of files that are another's compressed form. */
const compressedEndings: Readonly<Record<Encoding, string>> = { br: ".br", gzip: ".gz" }

const contentTypes: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
}

/** What a name with a hash in it holds never changes; all else is asked for anew, and mostly answered with 304. */
const hashed = /^\/assets\/.*-[\w-]{8,}\.\w+$/

/** Files by the path that they are served at, from their paths within the folder. Those of no known type are not served. */
export const webFiles = (contents: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, WebFile> => {
  const files = new Map<string, WebFile>()
  for (const [name, bytes] of contents) {
    const contentType = contentTypes[/\.\w+$/.exec(name)?.[0] ?? ""]
    if (contentType === undefined) continue
    const path = `/${name.replaceAll("\\", "/")}`
    const compressed = new Map<Encoding, Uint8Array>()
    for (const encoding of ["br", "gzip"] as const) {
      const form = contents.get(name + compressedEndings[encoding])
      if (form !== undefined) compressed.set(encoding, form)
    }
    files.set(path, {
      contentType,
      cacheControl: hashed.test(path) ? "public, max-age=31536000, immutable" : "no-cache",
      tag: createHash("sha256").update(bytes).digest("base64url").slice(0, 22),
      bytes,
      compressed,
    })
  }
  return files
}
