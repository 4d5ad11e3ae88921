import { fileURLToPath } from "node:url"
import { type Plugin, runnerImport } from "vite"

const name = "virtual:contract-routes"
const table = fileURLToPath(new URL("./routeTable.ts", import.meta.url))

/**
 * Gives the dashboard the method and path of every call of the contract as a plain table, `virtual:contract-routes`, so that
 * neither has to be written twice and the contract's schemas need not be sent to browsers.
 */
export const contractRoutes = (): Plugin => ({
  name: "contract-routes",
  resolveId: (id) => (id === name ? `\0${name}` : undefined),
  load: async (id) => {
    if (id !== `\0${name}`) return undefined
    const { module } = await runnerImport<typeof import("./routeTable.ts")>(table)
    return `export const routes = ${JSON.stringify(module.routeTable)}`
  },
})
