/** `npm start`: the whole of it in one process, from a bare clone. */
import "./nodeVersion.mjs"
import { launch } from "./launch.mjs"

await launch("standalone")
