/**
 * The images, for real: `node scripts/containers.mjs` builds all four, looks into them, and runs them together against a
 * PostgreSQL and a Redis that it starts: a monitor that is made over HTTP in one container is checked by workers in two
 * others. Ends with `N passed, N failed`. With `--build` it builds them and leaves them; with `--built` it takes those.
 */
import "./nodeVersion.mjs"
import { randomBytes } from "node:crypto"
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { pathToFileURL } from "node:url"
import { parseArgs } from "node:util"
import { findEngine } from "./containerEngine.mjs"
import { ensureInstalled, root } from "./install.mjs"

ensureInstalled()

/** @typedef {import("./containerEngine.mjs").Container} Container */

const apps = ["api", "producer", "worker", "standalone"]

let passed = 0
let failed = 0

/**
 * One thing that must be so.
 *
 * @param {string} what
 * @param {boolean} holds
 * @param {unknown} [seen]
 */
const check = (what, holds, seen) => {
  if (holds) passed += 1
  else failed += 1
  console.log(
    `${holds ? "  ✓" : "  ✗"} ${what}${seen === undefined ? "" : `: ${typeof seen === "string" ? seen : JSON.stringify(seen)}`}`,
  )
}

/**
 * Asks until there is an answer, every 200 ms.
 *
 * @template A
 * @param {string} what
 * @param {number} seconds
 * @param {() => Promise<A | undefined>} question
 * @returns {Promise<A>}
 */
const until = async (what, seconds, question) => {
  const limit = performance.now() + seconds * 1000
  while (performance.now() < limit) {
    const answer = await question().catch(() => undefined)
    if (answer !== undefined) return answer
    await sleep(200)
  }
  throw new Error(`${what}: not within ${seconds} s`)
}

/** What the tests start for themselves, as a module that Node can run as it is. */
const testing = async () => {
  const { build } = await import("esbuild")
  const outdir = join(root, "node_modules", ".cache", "uptime-containers")
  mkdirSync(outdir, { recursive: true })
  await build({
    entryPoints: ["Servers", "TargetFarm", "FreePort"].map((name) => join(root, "packages/testing/src", `${name}.ts`)),
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    external: ["effect"],
    logLevel: "warning",
  })
  /** @param {string} name */
  const load = (name) => import(pathToFileURL(join(outdir, `${name}.mjs`)).href)
  /** @type {typeof import("../packages/testing/src/Servers.ts")} */
  const servers = await load("Servers")
  /** @type {typeof import("../packages/testing/src/TargetFarm.ts")} */
  const farm = await load("TargetFarm")
  /** @type {typeof import("../packages/testing/src/FreePort.ts")} */
  const ports = await load("FreePort")
  return { ...servers, ...farm, ...ports }
}

/**
 * @param {string} url
 * @param {{ token?: string, body?: unknown }} [options]
 */
const call = async (url, { token, body } = {}) => {
  const answer = await fetch(url, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(5000),
  })
  const text = await answer.text()
  return { status: answer.status, json: text.startsWith("{") ? JSON.parse(text) : undefined }
}

const { values: options } = parseArgs({ options: { build: { type: "boolean" }, built: { type: "boolean" } } })
const engine = findEngine(options.built === true)
if (engine === undefined) {
  console.error("The images need a Docker engine that runs, or root on Debian, where buildah is installed by itself.")
  console.log("0 passed, 1 failed")
  process.exit(1)
}

/** @param {string} app */
const build = (app) => {
  const began = performance.now()
  engine.build(app)
  console.log(`uptime-${app}: built in ${((performance.now() - began) / 1000).toFixed(1)} s`)
}

if (options.build === true) {
  console.log(`Building the images with ${engine.name} …`)
  for (const app of apps) build(app)
  process.exit(0)
}

const { Effect, Exit, Scope } = await import("effect")
const scope = Effect.runSync(Scope.make())
/**
 * @template A, E
 * @param {import("effect").Effect.Effect<A, E, import("effect").Scope.Scope>} effect
 */
const acquire = (effect) => Effect.runPromise(Scope.extend(effect, scope))

/** @type {Array<{ name: string, container: Container }>} */
const running = []
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
  process.once(signal, () => {
    for (const { container } of running) container.remove()
    engine.cleanUp()
    process.exit(1)
  })
}

/**
 * @param {string} name what the test calls the container
 * @param {string} app
 * @param {Record<string, string>} env
 * @param {ReadonlyArray<string>} [command]
 */
const runContainer = (name, app, env, command) => {
  const container = engine.run(app, env, command)
  running.push({ name, container })
  return container
}

/**
 * Runs a command in a container to its end.
 *
 * @param {string} app
 * @param {ReadonlyArray<string>} command
 * @param {Record<string, string>} [env]
 */
const inContainer = async (app, command, env = {}) => {
  const container = runContainer(`${app}: ${command[0]}`, app, env, command)
  const code = await container.ended
  return { code, output: container.output() }
}

const lookInside = async () => {
  for (const app of apps) {
    if (options.built !== true) build(app)
    const { user, command, healthcheck, size } = engine.inspect(app)
    console.log(`uptime-${app}: ${size} with its base`)
    check("runs as a user other than root", user === "node", user)
    check("starts without a shell, so that SIGTERM arrives", command[0] === "node", command)
    check("says how its health is asked", healthcheck[0] === "CMD" && healthcheck[1] === "node")
    const { output: bill } = await inContainer(app, ["node", "-p", readBill])
    check("holds the list of what it was built from", Number(bill) > 10, `${bill.trim()} components`)
    const { output } = await inContainer(app, ["node", "-e", listFiles])
    /** @type {{ count: number, others: ReadonlyArray<string> }} */
    const { count, others } = JSON.parse(output)
    const allowed = [
      ...(app === "standalone" ? ["/app/node_modules/@electric-sql/pglite"] : []),
      ...(app === "standalone" || app === "api" ? ["/app/picture", "/app/web"] : []),
    ]
    check(
      `holds its bundle${allowed.includes("/app/web") ? ", the dashboard, what draws pictures" : ""} and no dependency for development`,
      count > 0 && JSON.stringify(others) === JSON.stringify(allowed),
      others.length > 0 ? others : `${count} files`,
    )
  }
}

/** How many components the software bill of materials in a container has. */
const readBill = `JSON.parse(require("node:fs").readFileSync("/app/sbom.cdx.json", "utf8")).components.length`

/** Counts the files of a bundle in a container, and names whatever else is there. */
const listFiles = `
  const { readdirSync } = require("node:fs")
  const others = []
  let count = 0
  const look = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = folder + "/" + entry.name
      const isScope = entry.name.startsWith("@") || path === "/app/node_modules"
      if (entry.isDirectory() && isScope) look(path)
      else if (entry.isFile() && /^\\/app\\/[a-zA-Z]+\\.js$|^\\/app\\/(package\\.json|sbom\\.cdx\\.json|database\\.tar\\.gz)$/.test(path)) count += 1
      else others.push(path)
    }
  }
  look("/app")
  console.log(JSON.stringify({ count, others }))
`

const runTogether = async () => {
  const { startPostgres, startRedis, targetFarm, freePort } = await testing()
  const postgres = await acquire(startPostgres())
  const redis = await acquire(startRedis({ flags: ["--appendonly", "yes"] }))
  const farm = await acquire(targetFarm)
  const stores = { DATABASE_URL: postgres.url, REDIS_URL: redis.url, HOST: "127.0.0.1", LOG_FORMAT: "json" }
  const local = { PROBE_ALLOW_CIDRS: "127.0.0.0/8" }

  console.log("migrate, api, producer and two workers, each in a container:")
  const migrate = runContainer("migrate", "api", stores, ["node", "migrate.js"])
  const code = await migrate.ended
  check("migrate ends with 0", code === 0, code === 0 ? undefined : migrate.output())

  /** @type {Array<{ name: string, url: string, container: Container }>} */
  const processes = []
  /**
   * @param {string} name
   * @param {string} app
   * @param {Record<string, string>} env
   */
  const serve = async (name, app, env) => {
    const port = await acquire(freePort)
    const container = runContainer(name, app, { ...stores, ...env, PORT: String(port) })
    processes.push({ name, url: `http://127.0.0.1:${port}`, container })
    return `http://127.0.0.1:${port}`
  }
  const api = await serve("api", "api", { ...local, JWT_SECRET: randomBytes(48).toString("base64") })
  await serve("producer", "producer", {})
  await serve("worker-usa", "worker", { ...local, REGION: "USA" })
  await serve("worker-india", "worker", { ...local, REGION: "India" })

  for (const { name, url, container } of processes) {
    for (const path of ["/healthz", "/readyz", "/metrics"]) {
      await until(`${name}${path}`, 30, async () => ((await call(`${url}${path}`)).status === 200 ? true : undefined))
    }
    check(`${name} is healthy and ready`, true)
    check(`${name} runs as uid 1000`, container.uid() === 1000, String(container.uid()))
  }

  const [, ...healthcheck] = engine.inspect("api").healthcheck
  const well = await inContainer("api", healthcheck, { PORT: new URL(api).port })
  const ill = await inContainer("api", healthcheck, { PORT: String(await acquire(freePort)) })
  check("the health check of the image tells a process from none", well.code === 0 && ill.code !== 0)

  const account = { email: "someone@example.com", name: "Someone", password: "correct horse battery" }
  const signup = await call(`${api}/api/auth/signup`, { body: account })
  check("signing up answers 201", signup.status === 201, String(signup.status))
  const { token } = signup.json
  const began = performance.now()
  const created = await call(`${api}/api/monitor`, { token, body: { url: `${farm.url}/ok/shop` } })
  check("a monitor of a target on loopback is made", created.status === 201, String(created.status))

  const { id } = created.json
  const locations = await until("results from both regions", 30, async () => {
    const { json } = await call(`${api}/api/results/${id}/latest`, { token })
    /** @type {ReadonlyArray<{ location: string, status: string, latest: { responseTimeMs: number, httpStatus: number } }>} */
    const known = json.locations
    return known.length === 2 ? known : undefined
  })
  const tookMs = Math.round(performance.now() - began)
  check(
    `USA and India have checked it, ${tookMs} ms after it was made`,
    locations.map(({ location, status }) => `${location} ${status}`).join(", ") === "India Up, USA Up",
    locations
      .map(
        ({ location, status, latest }) =>
          `${location} ${status} ${latest.httpStatus} in ${Math.round(latest.responseTimeMs)} ms`,
      )
      .join(", "),
  )
  const { json } = await call(`${api}/api/results/${id}/checks`, { token })
  /** @type {ReadonlyArray<{ location: string, scheduledAt: string }>} */
  const rows = json.items
  check(
    "each region has stored a slot once",
    rows.length >= 2 &&
      new Set(rows.map(({ location, scheduledAt }) => `${location} ${scheduledAt}`)).size === rows.length,
    `${rows.length} rows`,
  )

  await stopAll(processes)
}

/** @param {ReadonlyArray<{ name: string, container: Container }>} processes */
const stopAll = async (processes) => {
  const began = performance.now()
  for (const { container } of processes) container.terminate()
  for (const { name, container } of processes) {
    const code = await Promise.race([container.ended, sleep(20_000, -2)])
    const seconds = (performance.now() - began) / 1000
    check(
      `${name} stops on SIGTERM within 15 s`,
      code === 0 && seconds < 15,
      code === 0 ? `${seconds.toFixed(1)} s` : `code ${code}\n${container.output()}`,
    )
  }
}

const runAlone = async () => {
  console.log("standalone in a container:")
  const { freePort } = await testing()
  const port = await acquire(freePort)
  const container = runContainer("standalone", "standalone", { HOST: "127.0.0.1", PORT: String(port) })
  await until("standalone /readyz", 60, async () =>
    (await call(`http://127.0.0.1:${port}/readyz`)).status === 200 ? true : undefined,
  )
  check("standalone is ready", true)
  check("standalone runs as uid 1000", container.uid() === 1000)
  const account = { email: "someone@example.com", name: "Someone", password: "correct horse battery" }
  const { token } = (await call(`http://127.0.0.1:${port}/api/auth/signup`, { body: account })).json
  await call(`http://127.0.0.1:${port}/api/status-pages`, { token, body: { slug: "shop", title: "Shop" } })
  const picture = await until("the picture of a status page", 30, async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/status/shop/og.png`, { signal: AbortSignal.timeout(15_000) })
    return answer.status === 200 ? Buffer.from(await answer.arrayBuffer()) : undefined
  })
  check(
    "the picture of a status page is drawn",
    picture.subarray(1, 4).toString("latin1") === "PNG" && picture.length > 5_000,
    `${picture.length} bytes`,
  )
  await stopAll([{ name: "standalone", container }])
}

console.log(`Running the images with ${engine.name} …`)
for (const part of [lookInside, runTogether, runAlone]) {
  try {
    await part()
  } catch (error) {
    failed += 1
    console.error(error)
    for (const { name, container } of running) {
      const output = container.output().trim()
      if (output !== "") console.error(`--- ${name}\n${output.slice(-3000)}`)
    }
  }
}

for (const { container } of running) container.remove()
await Effect.runPromise(Scope.close(scope, Exit.void))
engine.cleanUp()
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 && passed > 0 ? 0 : 1)
