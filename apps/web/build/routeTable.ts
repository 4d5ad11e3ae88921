import { HttpApi } from "@effect/platform"
import { Api } from "@uptime/contract/Api"

const groups: Record<string, Record<string, readonly [method: string, path: string]>> = {}

HttpApi.reflect(Api, {
  onGroup: () => {},
  onEndpoint: ({ endpoint, group }) => {
    groups[group.identifier] = { ...groups[group.identifier], [endpoint.name]: [endpoint.method, endpoint.path] }
  },
})

/**
 * The method and path (with `:names`) of every call, by group and name.
 *
 * @public `contractRoutes.ts` runs this file by its name
 */
export const routeTable: Readonly<Record<string, Readonly<Record<string, readonly [method: string, path: string]>>>> =
  groups
