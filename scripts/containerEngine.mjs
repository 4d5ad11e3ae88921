/**
 * Building and running the images: with Docker where its engine runs, else with Debian's buildah, which needs none. Both
 * run a container on the network of this machine.
 */
import { execFileSync, spawn, spawnSync } from "node:child_process"
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs"
import { homedir } from "node:os"
import { basename, dirname, join } from "node:path"
import { root } from "./install.mjs"

/**
 * @typedef {object} ImageConfig what an image says of itself
 * @property {string} user
 * @property {ReadonlyArray<string>} command
 * @property {ReadonlyArray<string>} healthcheck
 * @property {string} size with its base, for people
 */

/**
 * @typedef {object} Container a container that runs, or has run
 * @property {() => string} output both its streams, so far
 * @property {Promise<number>} ended its exit code
 * @property {() => number} uid the user that its process runs as, as this machine numbers them
 * @property {() => void} terminate sends SIGTERM to its process
 * @property {() => void} remove ends it at once, and leaves nothing behind
 */

/**
 * @typedef {object} Engine
 * @property {string} name
 * @property {(app: string) => void} build makes the image `uptime-<app>` from the app's Dockerfile
 * @property {(app: string) => ImageConfig} inspect
 * @property {(app: string, env: Record<string, string>, command?: ReadonlyArray<string>) => Container} run
 *   starts a container with its image's command, or another
 * @property {() => void} cleanUp removes what the engine keeps, but for what makes the next run faster
 */

/**
 * Runs a command to its end, with its output kept back unless it fails.
 *
 * @param {string} command
 * @param {ReadonlyArray<string>} args
 * @param {import("node:child_process").ExecFileSyncOptions} [options]
 */
const run = (command, args, options) => {
  try {
    return execFileSync(command, args, { encoding: "utf8", maxBuffer: 1 << 28, stdio: "pipe", ...options }).toString()
  } catch (error) {
    const output =
      error instanceof Error && "stderr" in error ? `${"stdout" in error ? error.stdout : ""}${error.stderr}` : ""
    throw new Error(`${command} ${args.slice(0, 6).join(" ")} failed:\n${output.slice(-4000)}`, { cause: error })
  }
}

/**
 * @param {string} command
 * @param {ReadonlyArray<string>} args
 */
const works = (command, args) => spawnSync(command, args, { stdio: "ignore", timeout: 20_000 }).status === 0

/**
 * @param {string} command
 * @param {ReadonlyArray<string>} args
 * @param {Pick<Container, "uid" | "terminate" | "remove">} control
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Container & { pid: number }}
 */
const start = (command, args, control, env) => {
  let output = ""
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } })
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (/** @type {string} */ text) => {
      output = (output + text).slice(-200_000)
    })
  }
  return {
    pid: child.pid ?? 0,
    output: () => output,
    ended: new Promise((resolve) => child.on("close", (code) => resolve(code ?? -1))),
    ...control,
  }
}

/** @param {Record<string, string>} env */
const envFlags = (env) => Object.entries(env).flatMap(([name, value]) => ["--env", `${name}=${value}`])

/** @param {string} app */
const image = (app) => `uptime-${app}`

/** @param {string} app */
const dockerfile = (app) => join("apps", app, "Dockerfile")

/**
 * The user of a process of this machine.
 *
 * @param {number} pid
 */
const uidOf = (pid) => Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1])

/** @returns {Engine} */
const dockerEngine = () => {
  let count = 0
  return {
    name: "Docker",
    build: (app) => {
      run("docker", ["build", "--quiet", "--file", dockerfile(app), "--tag", image(app), "."], { cwd: root })
    },
    inspect: (app) => {
      const [{ Config, Size }] = JSON.parse(run("docker", ["image", "inspect", image(app)]))
      return {
        user: Config.User,
        command: Config.Cmd,
        healthcheck: Config.Healthcheck?.Test ?? [],
        size: `${Math.round(Size / 1_000_000)} MB`,
      }
    },
    run: (app, env, command = []) => {
      const name = `uptime-test-${process.pid}-${count++}`
      return start("docker", ["run", "--network", "host", "--name", name, ...envFlags(env), image(app), ...command], {
        uid: () => uidOf(Number(run("docker", ["inspect", "--format", "{{.State.Pid}}", name]))),
        terminate: () => void run("docker", ["kill", "--signal", "TERM", name]),
        remove: () => void spawnSync("docker", ["rm", "--force", "--volumes", name], { stdio: "ignore" }),
      })
    },
    cleanUp: () => {},
  }
}

/** What takes the place of the image that the Dockerfiles build upon where there is no registry of images to ask. */
const baseImage = "localhost/uptime-base"

/**
 * @param {boolean} areBuilt whether an earlier run has left the images
 * @returns {Engine}
 */
const buildahEngine = (areBuilt) => {
  const cache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "uptime-containers")
  // A store of its own: nobody else is to find what is made here.
  const store = join(cache, "store")
  const global = ["--root", store, "--runroot", join(cache, "run")]
  const env = { BUILDAH_ISOLATION: "chroot" }
  /** @param {ReadonlyArray<string>} args */
  const buildah = (...args) =>
    run("buildah", [...global, ...args], { cwd: root, env: { ...process.env, ...env } }).trim()

  const npmrc = join(homedir(), ".npmrc")
  const mounts = existsSync(npmrc) ? ["--volume", `${npmrc}:/root/.npmrc:ro`] : []

  if (!areBuilt) {
    rmSync(store, { recursive: true, force: true })
    mkdirSync(cache, { recursive: true })
    makeBase(join(cache, "base"), buildah)
  }

  return {
    name: "buildah",
    build: (app) => {
      // The format is Docker's because the other one has no place for a health check.
      const flags = [
        "--layers",
        "--pull-never",
        "--format",
        "docker",
        "--build-arg",
        `NODE_IMAGE=${baseImage}`,
        ...mounts,
      ]
      buildah("bud", "--quiet", ...flags, "--file", dockerfile(app), "--tag", `localhost/${image(app)}`, ".")
    },
    inspect: (app) => {
      const { Docker } = JSON.parse(buildah("inspect", "--type", "image", `localhost/${image(app)}`))
      const { User, Cmd, Healthcheck } = Docker.config
      const [{ size }] = JSON.parse(buildah("images", "--json", `localhost/${image(app)}`))
      return { user: User, command: Cmd, healthcheck: Healthcheck?.Test ?? [], size }
    },
    run: (app, variables, command) => {
      const container = buildah("from", "--pull-never", `localhost/${image(app)}`)
      const { Docker } = JSON.parse(buildah("inspect", container))
      const args = ["run", "--isolation", "chroot", ...envFlags(variables), container, "--"]
      const started = start(
        "buildah",
        [...global, ...args, ...(command ?? Docker.config.Cmd)],
        {
          uid: () => uidOf(nodeBelow(started.pid)),
          terminate: () => void process.kill(nodeBelow(started.pid), "SIGTERM"),
          remove: () => {
            for (const pid of [...processesBelow(started.pid)].reverse()) {
              spawnSync("kill", ["-KILL", String(pid)], { stdio: "ignore" })
            }
            spawnSync("buildah", [...global, "rm", container], { stdio: "ignore" })
          },
        },
        env,
      )
      return started
    },
    cleanUp: () => {
      spawnSync("buildah", [...global, "rm", "--all"], { stdio: "ignore" })
      spawnSync("umount", ["--recursive", join(store, "overlay")], { stdio: "ignore" })
      rmSync(store, { recursive: true, force: true })
    },
  }
}

/**
 * A process and all that it has started, parents first.
 *
 * @param {number} pid
 * @returns {ReadonlyArray<number>}
 */
const processesBelow = (pid) => {
  const parents = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const parent = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, "utf8"))?.[1]
        return [{ pid: Number(name), parent: Number(parent) }]
      } catch {
        return []
      }
    })
  const below = [pid]
  for (const current of below) {
    for (const { pid, parent } of parents) if (parent === current) below.push(pid)
  }
  return below
}

/**
 * The Node.js that a command has started.
 *
 * @param {number} pid
 */
const nodeBelow = (pid) => {
  const found = processesBelow(pid).find((below) => {
    try {
      return basename(readlinkSync(`/proc/${below}/exe`)) === "node"
    } catch {
      return false
    }
  })
  if (found === undefined) throw new Error("The container runs no Node.js now")
  return found
}

/**
 * A stand-in for the base image: Debian bookworm from Debian's own packages, with the Node.js and npm that run this script.
 *
 * @param {string} folder where the system is kept from one run to the next
 * @param {(...args: ReadonlyArray<string>) => string} buildah
 */
const makeBase = (folder, buildah) => {
  console.log(`Making a stand-in for the base image: Debian bookworm with Node.js ${process.version} …`)
  if (!existsSync(join(folder, "complete"))) {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    const mirror = run("apt-get", ["indextargets", "--format", "$(REPO_URI)"])
      .split("\n")
      .find((line) => line !== "" && !line.includes("security"))
    run("debootstrap", [
      ...["--variant=minbase", "--include=ca-certificates", "bookworm", join(folder, "root")],
      ...(mirror === undefined ? [] : [mirror]),
    ])
    run("touch", [join(folder, "complete")])
  }
  const system = join(folder, "root")
  const node = process.execPath
  const npm = dirname(dirname(readlinkAll(join(dirname(node), "npm"))))
  cpSync(node, join(system, "usr/local/bin/node"))
  const modules = join(system, "usr/local/lib/node_modules")
  rmSync(modules, { recursive: true, force: true })
  cpSync(npm, join(modules, "npm"), { recursive: true, verbatimSymlinks: true })
  run("ln", ["-sf", "../lib/node_modules/npm/bin/npm-cli.js", join(system, "usr/local/bin/npm")])
  // Whom this machine trusts, the build that runs on it must trust, too.
  const authorities = "/etc/ssl/certs/ca-certificates.crt"
  if (existsSync(authorities)) cpSync(authorities, join(system, authorities))
  run("chroot", [system, "sh", "-c", "id node >/dev/null 2>&1 || useradd --uid 1000 --create-home node"])
  const container = buildah("from", "scratch")
  buildah("add", "--quiet", container, system, "/")
  buildah(
    "config",
    ...["--env", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
    ...["--env", `NODE_EXTRA_CA_CERTS=${authorities}`],
    container,
  )
  buildah("commit", "--quiet", "--rm", container, baseImage)
}

/** @param {string} path */
const readlinkAll = (path) => run("readlink", ["--canonicalize", path]).trim()

/**
 * The engine of this machine; none where it has none. As root on Debian, what is missing of buildah is installed.
 *
 * @param {boolean} areBuilt whether an earlier run has built the images and left them, to be run by this one
 * @returns {Engine | undefined}
 */
export const findEngine = (areBuilt) => {
  if (works("docker", ["info"])) return dockerEngine()
  const missing = ["buildah", "debootstrap"].filter((command) => !works(command, ["--version"]))
  if (process.getuid?.() !== 0 || !works("apt-get", ["--version"])) return undefined
  if (missing.length > 0) {
    console.log(`Installing ${missing.join(" and ")} with apt-get: no Docker engine runs here …`)
    const options = { env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } }
    run("apt-get", ["update", "-qq"], options)
    run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...missing], options)
  }
  return buildahEngine(areBuilt)
}
