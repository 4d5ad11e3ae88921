import { readFileSync } from "node:fs"
import { defineConfig } from "vite"
import { contractRoutes } from "./build/contractRoutes.ts"

/** The api that `npm run dev` shows, which `npm start` listens at. */
const api = "http://127.0.0.1:3000"

/** The version of the product. */
const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"))

export default defineConfig(({ command }) => {
  // What is built is for people, whoever starts the build: React's other form is half as large again, and slower.
  if (command === "build") process.env["NODE_ENV"] = "production"
  return {
    plugins: [contractRoutes()],
    define: { __VERSION__: JSON.stringify(version) },
    esbuild: { jsx: "automatic" },
    build: {
      target: "es2022",
      sourcemap: false,
      // A policy of `img-src 'self' data:` and hashed names make small files cheap as files.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rollupOptions: {
        onwarn: (warning, warn) => {
          // A mark for servers that render, of which there is none here.
          if (warning.code !== "MODULE_LEVEL_DIRECTIVE") warn(warning)
        },
      },
    },
    server: { host: "127.0.0.1", proxy: { "/api": { target: api } } },
    preview: { host: "127.0.0.1", proxy: { "/api": { target: api } } },
  }
})
