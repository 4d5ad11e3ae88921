/** `npm run migrate`, `npm run api`, `npm run producer`, `npm run worker`: one process of a deployment by hand. */
import "./nodeVersion.mjs"
import { names } from "./build.mjs"
import { launch } from "./launch.mjs"

const [name = ""] = process.argv.slice(2)

if (!names.includes(name)) {
  console.error(`Usage: node scripts/run.mjs <${names.join("|")}>`)
  process.exit(1)
}

await launch(name)
