import { Effect } from "effect"
import { runToEnd, ServerError } from "./ServerProcess.ts"

/** What runs Redis on this machine: a program, or a container of the official image. */
export type RedisBinary =
  | { readonly _tag: "Program"; readonly command: string }
  | { readonly _tag: "Docker"; readonly image: string }

const image = "redis:7"

const oldest = 7

/** How each system's package manager installs the server, without starting it and without a question. */
const installs: ReadonlyArray<{ readonly manager: string; readonly script: string }> = [
  {
    manager: "apt-get",
    // Debian starts what it installs unless this file says no; one that is there already is left as it is.
    script: `
      policy=/usr/sbin/policy-rc.d
      if [ ! -e $policy ]; then printf '#!/bin/sh\\nexit 101\\n' >$policy; chmod +x $policy; trap 'rm -f $policy' EXIT; fi
      export DEBIAN_FRONTEND=noninteractive
      apt-get update -qq && apt-get install -y -qq --no-install-recommends redis-server`,
  },
  { manager: "apk", script: "apk add --no-cache redis || apk add --no-cache valkey" },
  { manager: "dnf", script: "dnf install -y -q redis || dnf install -y -q valkey" },
]

/** The major version that `redis-server --version` names ("Redis server v=7.0.15 …", "Valkey server v=8.1.1 …"). */
export const majorVersion = (text: string): number => Number(/\bv=(\d+)\./.exec(text)?.[1] ?? 0)

const exists = (command: string, ...args: ReadonlyArray<string>) => Effect.isSuccess(runToEnd("Redis", command, args))

const installed: Effect.Effect<RedisBinary, ServerError> = Effect.firstSuccessOf(
  ["redis-server", "valkey-server"].map((command) =>
    runToEnd("Redis", command, ["--version"]).pipe(
      Effect.filterOrFail(
        (text) => majorVersion(text) >= oldest,
        (text) => new ServerError({ server: "Redis", reason: `${command} is too old: ${text}` }),
      ),
      Effect.as<RedisBinary>({ _tag: "Program", command }),
    ),
  ),
)

const install: Effect.Effect<RedisBinary, ServerError> = Effect.gen(function* () {
  if (process.getuid?.() !== 0) return yield* new ServerError({ server: "Redis", reason: "not root" })
  for (const { manager, script } of installs) {
    if (yield* exists(manager, "--version")) {
      yield* Effect.logInfo(`Installing Redis with ${manager}: the tests need one of their own`)
      yield* runToEnd("Redis", "sh", ["-c", script])
      return yield* installed
    }
  }
  return yield* new ServerError({ server: "Redis", reason: "no package manager that is known" })
})

const docker: Effect.Effect<RedisBinary, ServerError> = Effect.as(
  runToEnd("Redis", "docker", ["info"], { timeout: 10_000 }),
  { _tag: "Docker", image },
)

/**
 * Redis 7 or newer: `redis-server` or `valkey-server` from the PATH, else installed through the system's package manager
 * when we are root, else Docker. Never a server that runs already.
 */
export const redisBinary: Effect.Effect<RedisBinary, ServerError> = Effect.firstSuccessOf([
  installed,
  install,
  docker,
]).pipe(
  Effect.mapError(
    () =>
      new ServerError({
        server: "Redis",
        reason: `the tests start a Redis of their own: install redis-server (or valkey-server) ${oldest} or newer so that it is on the PATH, or start Docker`,
      }),
  ),
)
