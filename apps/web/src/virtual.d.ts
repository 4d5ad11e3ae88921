declare module "virtual:contract-routes" {
  /** The method and path of every call, by group and name: `build/contractRoutes.ts` makes it of the contract. */
  export const routes: Readonly<Record<string, Readonly<Record<string, readonly [method: string, path: string]>>>>
}
declare module "*.css"
