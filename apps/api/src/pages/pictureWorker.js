import { existsSync, readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { fileURLToPath } from "node:url"
import { parentPort, workerData } from "node:worker_threads"
import { initWasm, Resvg } from "@resvg/resvg-wasm"

/**
 * The thread that draws one picture: it is given an SVG document, answers with the bytes of a PNG, and ends. It is
 * JavaScript, and free of imports of ours, because a thread starts from a file that Node can run as it is.
 */

const packages = createRequire(import.meta.url)

/**
 * A file beside the bundle in what is built, and of its package in the sources.
 *
 * @param {string} name
 * @param {string} source
 */
const file = (name, source) => {
  const built = fileURLToPath(new URL(`./picture/${name}`, import.meta.url))
  return readFileSync(existsSync(built) ? built : packages.resolve(source))
}

await initWasm(file("resvg.wasm", "@resvg/resvg-wasm/index_bg.wasm"))
const picture = new Resvg(String(workerData), {
  font: {
    fontBuffers: [
      file("DejaVuSans.ttf", "dejavu-fonts-ttf/ttf/DejaVuSans.ttf"),
      file("MPLUS1p.ttf", "@expo-google-fonts/m-plus-1p/400Regular/MPLUS1p_400Regular.ttf"),
    ],
    defaultFontFamily: "DejaVu Sans",
  },
})
parentPort?.postMessage(picture.render().asPng())
