declare module "virtual:contract-routes" {
  /** The method and path of every call, by group and name: `build/contractRoutes.ts` makes it of the contract. */
  export const routes: Readonly<Record<string, Readonly<Record<string, readonly [method: string, path: string]>>>>
}
declare module "*.css"
/** The version of the product, as `vite.config.ts` reads it out of its `package.json`. */
declare const __VERSION__: string
