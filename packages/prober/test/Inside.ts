import { createServer } from "node:http"
import { nameServers } from "@uptime/prober/NameServers"
import { knownAddresses, Resolver } from "@uptime/prober/Resolver"
import { parseCidrs, publicOnly, type TargetPolicy } from "@uptime/prober/TargetGuard"
import { dnsServer } from "@uptime/testing/DnsServer"
import { innerListener, innerNames, outerAddress, rebindingName } from "@uptime/testing/InnerListener"
import { Effect, Either, Layer } from "effect"

/** The policy of production, and one address that stands for the outside. */
export const outsideOnly: TargetPolicy = {
  ...publicOnly,
  allowCidrs: Either.getOrThrow(parseCidrs(`${outerAddress}/32`)),
}

/** A policy under which the inside is reached: what shows that it could be. */
export const anywhere: TargetPolicy = { ...publicOnly, allowPrivate: true }

/**
 * What leads inside: a listener there, a server outside that redirects to it or names it, and a name server that says of names
 * what `innerNames` says, of `rebindingName` first the outside and then the inside, and of any other the outside.
 */
export const inside = Effect.gen(function* () {
  const { port, visits } = yield* innerListener
  const outer = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://outer.test")
    const to = searchParams.get("to") ?? "/"
    request.resume()
    request.on("end", () => {
      if (pathname.startsWith("/redirect/")) {
        // Bytes, as any server may send them: Node itself takes no others for a header.
        const location = Buffer.from(to).toString("latin1")
        response.writeHead(Number(pathname.split("/")[2]), { location }).end()
      } else if (pathname === "/rdap.json") {
        response.end(JSON.stringify({ services: [[["test"], [to]]] }))
      } else if (pathname === "/token") {
        response.end(JSON.stringify({ access_token: "abc", expires_in: 3_600 }))
      } else response.end("ok")
    })
  })
  yield* Effect.acquireRelease(
    Effect.async<void>((resume) => {
      outer.on("error", (error) => resume(Effect.die(error)))
      outer.listen(port, outerAddress, () => resume(Effect.void))
    }),
    () =>
      Effect.async<void>((resume) => {
        outer.close(() => resume(Effect.void))
        outer.closeAllConnections()
      }),
  )
  let rebound = 0
  const server = yield* dnsServer((name, type) => {
    if (name === rebindingName) {
      if (type === "AAAA") return {}
      rebound += 1
      return { a: [rebound === 1 ? outerAddress : "127.0.0.1"] }
    }
    return innerNames[name] ?? { a: [outerAddress] }
  })
  const servers = nameServers({ servers: [server.address] })
  const resolver = Layer.succeed(
    Resolver,
    Resolver.of({
      resolve: (name, withinMs) => {
        const known = knownAddresses(name, new Map())
        return known === null ? servers.resolve(name, withinMs) : Effect.succeed(known)
      },
    }),
  )
  return {
    port,
    visits,
    resolver,
    /** Where the server outside is, without a slash at the end. */
    outer: `http://${outerAddress}:${port}`,
    /** From now on the name means the outside once more. */
    rebind: Effect.sync(() => {
      rebound = 0
    }),
  }
})
