/** The rules of the house that no tool knows: `npm run check:house`. Prints what breaks one, a line each, and fails. */
import "./nodeVersion.mjs"
import { readdirSync, readFileSync } from "node:fs"
import { isBuiltin } from "node:module"
import { join, relative, resolve } from "node:path"
import { root } from "./install.mjs"

/**
 * Which packages the sources of a workspace may import, of ours; `outside` where it may import only some others'. Arrows
 * point one way: apps, packages, domain; what is written here is all there is between packages.
 *
 * @type {Record<string, { ours: ReadonlyArray<string>, outside?: ReadonlyArray<string> }>}
 */
const arrows = {
  domain: { ours: [], outside: ["effect"] },
  // What a check asserts, and what makes an incident: pure, with the libraries that read expressions and calendars.
  conditions: { ours: ["domain"] },
  incidents: { ours: ["domain"] },
  // What the public is shown: pure.
  statuspage: { ours: ["domain"] },
  contract: { ours: ["alerting", "conditions", "domain", "incidents"], outside: ["effect", "@effect/platform"] },
  runtime: { ours: ["domain"] },
  // A failure is put into words the same way in every log line.
  stream: { ours: ["domain", "runtime"] },
  // A change of a monitor, its conditions too, is judged in the transaction that has locked it.
  persistence: { ours: ["conditions", "domain", "incidents", "runtime", "statuspage"] },
  prober: { ours: ["conditions", "domain", "runtime"] },
  // Messages go out through the target guard, from an outbox in the database.
  alerting: { ours: ["domain", "persistence", "prober", "runtime", "statuspage"] },
  testing: { ours: ["persistence"] },
  // The api refuses a target when it is named, by the guard that the prober asks when it is dialled, and conditions on what a
  // kind of check never sees; it takes pings, shows when a maintenance comes next, and sends a channel's test message itself.
  api: {
    ours: [
      "alerting",
      "conditions",
      "contract",
      "domain",
      "incidents",
      "persistence",
      "prober",
      "runtime",
      "statuspage",
      "stream",
    ],
  },
  // What runs in browsers; of the contract it takes types only. The windows of a maintenance are worked out as they are typed,
  // and of the status pages it knows what colours and badges they have.
  web: {
    ours: ["conditions", "contract", "domain", "incidents", "statuspage"],
    outside: [
      "@effect/platform",
      "@tanstack/react-query",
      "@tanstack/react-router",
      "@tanstack/react-virtual",
      "effect",
      "react",
      "react-dom",
      "uplot",
      "virtual:contract-routes",
    ],
  },
  producer: { ours: ["alerting", "domain", "incidents", "persistence", "prober", "runtime", "stream"] },
  worker: { ours: ["domain", "persistence", "prober", "runtime", "stream"] },
  standalone: {
    ours: ["alerting", "api", "producer", "worker", "domain", "persistence", "prober", "runtime", "stream"],
  },
}

/** @typedef {{ name: string, folder: string }} Workspace */

/** @type {ReadonlyArray<Workspace>} */
const workspaces = ["packages", "apps"].flatMap((group) =>
  readdirSync(join(root, group)).map((name) => ({ name, folder: join(root, group, name) })),
)

/**
 * @param {string} folder
 * @returns {ReadonlyArray<string>}
 */
const sources = (folder) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(folder, name))

/**
 * What a source imports, types too; by its form, which the formatter keeps.
 *
 * @param {string} text
 */
const importsOf = (text) =>
  [
    ...text.matchAll(/^(?:import|export|\}).* from "([^"]+)"$/gm),
    ...text.matchAll(/^import "([^"]+)"$/gm),
    ...text.matchAll(/\bimport\("([^"]+)"\)/g),
  ].map(([, specifier = ""]) => specifier)

/**
 * @param {Workspace} workspace
 * @returns {ReadonlyArray<string>}
 */
const brokenArrows = ({ name, folder }) => {
  const rule = arrows[name]
  if (rule === undefined) return [`${relative(root, folder)}: scripts/house.mjs does not say what it may import`]
  return sources(join(folder, "src")).flatMap((file) =>
    importsOf(readFileSync(file, "utf8"))
      .filter((specifier) => {
        if (specifier.startsWith(".")) return !resolve(file, "..", specifier).startsWith(join(folder, "src"))
        const [scope = "", second] = specifier.split("/")
        if (scope === "@uptime") return second !== name && !rule.ours.includes(second ?? "")
        if (rule.outside === undefined) return false
        return isBuiltin(specifier) || !rule.outside.includes(scope.startsWith("@") ? `${scope}/${second}` : scope)
      })
      .map((specifier) => `${relative(root, file)}: may not import ${specifier}`),
  )
}

/** A lock file with addresses in it installs only where those are reached. */
const lockedAddresses = () =>
  Object.entries(JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages)
    .filter(([, { resolved }]) => typeof resolved === "string" && /^(git\+)?[a-z]+:\/\//.test(resolved))
    .map(
      ([path]) =>
        `package-lock.json: ${path} names the registry it came from (npm install --omit-lockfile-registry-resolved)`,
    )

/** Every variable that a process reads is explained in `.env.example`. */
const unexplainedVariables = () => {
  const example = readFileSync(join(root, ".env.example"), "utf8")
  const settings = readFileSync(join(root, "packages/runtime/src/Settings.ts"), "utf8")
  const names = new Set(
    [...settings.matchAll(/\b(?:required|optional|secret|optionalSecret|withDefault)(?:<.*>)?\(\s*"([A-Z_]+)"/g)].map(
      ([, name = ""]) => name,
    ),
  )
  return [...names]
    .filter((name) => !new RegExp(`^#${name}=`, "m").test(example))
    .map((name) => `.env.example: does not explain ${name}`)
}

/** The apps that an image is made of. */
const images = ["api", "producer", "standalone", "worker"]

/** An image runs its process as the command of the same name does. */
const driftingFlags = () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
  const flagsOf = (/** @type {string} */ text) => text.match(/--[a-z-]+(?:=\d+)?/g)?.join(" ") ?? ""
  return images.flatMap((app) => {
    const [, command = ""] = /^CMD (.*)$/m.exec(readFileSync(join(root, `apps/${app}/Dockerfile`), "utf8")) ?? []
    const script = app === "standalone" ? "start" : app
    return flagsOf(command) === flagsOf(scripts[script])
      ? []
      : [`apps/${app}/Dockerfile: gives Node other flags than "npm run ${script}"`]
  })
}

/** What an image is built upon and run beside is named by its digest: a tag is another image tomorrow. */
const loosePins = () =>
  ["docker-compose.yml", ...images.map((app) => `apps/${app}/Dockerfile`)].flatMap((file) =>
    [...readFileSync(join(root, file), "utf8").matchAll(/^(?:ARG NODE_IMAGE=|FROM |\s+image: )(\S+)/gm)]
      .map(([, image = ""]) => image)
      .filter((image) => !image.startsWith("$") && !/@sha256:[0-9a-f]{64}$/.test(image))
      .map((image) => `${file}: names ${image} without its digest`),
  )

/**
 * A function that is nothing but an `Effect.gen` makes its generator anew for each call, and leaves all that this closes over
 * among V8's old objects (docs/decisions.md): it is an `Effect.fnUntraced`.
 *
 * @param {Workspace} workspace
 */
const generatorsMadeAnew = ({ folder }) =>
  sources(join(folder, "src")).flatMap((file) => {
    const text = readFileSync(file, "utf8")
    // The formatter gives it a line of its own, and its end the same indentation.
    return [...text.matchAll(/=>\n( *)Effect\.gen\(function\* \(\) \{\n(?:.*\n)*?\1\}\)(\.pipe\()?/g)]
      .filter(([, , pipe]) => pipe === undefined)
      .map(
        ({ index }) =>
          `${relative(root, file)}:${text.slice(0, index).split("\n").length}: is Effect.fnUntraced(function* …)`,
      )
  })

const problems = [
  ...workspaces.flatMap(brokenArrows),
  ...workspaces.flatMap(generatorsMadeAnew),
  ...lockedAddresses(),
  ...unexplainedVariables(),
  ...loosePins(),
  ...driftingFlags(),
]
for (const problem of problems) console.error(problem)
console.log(
  problems.length === 0 ? `The house is in order: ${workspaces.length} workspaces.` : `${problems.length} problems.`,
)
process.exit(problems.length === 0 ? 0 : 1)
