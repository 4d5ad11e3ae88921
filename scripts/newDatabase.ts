/** What the build runs to write a new embedded database to the file that `TEMPLATE` names. */
import { Effect } from "effect"
import { dumpTemplate } from "../packages/persistence/src/EmbeddedTemplate.ts"

await Effect.runPromise(dumpTemplate(process.env["TEMPLATE"] ?? ""))
