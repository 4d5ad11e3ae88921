import { createServer, type ServerResponse } from "node:http"
import { Effect, type Scope } from "effect"

export interface RdapServer {
  readonly url: string
  readonly bootstrapUrl: string
  /** The paths that were asked for. */
  readonly asked: () => ReadonlyArray<string>
}

/** A domain object (RFC 9083) as registries answer it. */
export const domainObject = (
  ldhName: string,
  expiresAt: number | null,
  status: ReadonlyArray<string> = ["active"],
) => ({
  rdapConformance: ["rdap_level_0"],
  objectClassName: "domain",
  ldhName: ldhName.toUpperCase(),
  status,
  events: [
    { eventAction: "registration", eventDate: "1995-08-14T04:00:00Z" },
    ...(expiresAt === null ? [] : [{ eventAction: "expiration", eventDate: new Date(expiresAt).toISOString() }]),
    { eventAction: "last update of RDAP database", eventDate: "2026-01-01T00:00:00Z" },
  ],
  secureDNS: { delegationSigned: false },
})

const json = (response: ServerResponse, body: unknown): void => {
  response.writeHead(200, { "content-type": "application/rdap+json" }).end(JSON.stringify(body))
}

export interface RdapServerOptions {
  /** What is said of a domain; 404 for one that is left out. */
  readonly domains?: Readonly<Record<string, unknown>>
  /** Answers in place of the above. */
  readonly answer?: (path: string, response: ServerResponse) => void
  /** The list of RDAP servers as a text, given where this server is. */
  readonly bootstrap?: (url: string) => string
}

/** The list of IANA in the form that it has, with this server for `test`, `uk` and `me`. */
const ownList = (url: string): string =>
  JSON.stringify({
    description: "RDAP bootstrap file for Domain Name System registrations",
    publication: "2026-01-01T00:00:00Z",
    services: [
      [["test", "uk", "me"], [`${url}/rdap`]],
      [["inside"], ["http://10.0.0.1/"]],
    ],
    version: "1.0",
  })

/** IANA's list and a registry in one, on a free port of 127.0.0.1 until the scope closes. */
export const rdapServer = (options: RdapServerOptions = {}): Effect.Effect<RdapServer, never, Scope.Scope> =>
  Effect.gen(function* () {
    const asked: Array<string> = []
    const server = createServer(({ url: path = "" }, response) => {
      asked.push(path)
      const domain = /^\/rdap\/domain\/(.+)$/.exec(path)?.[1] ?? ""
      const known = options.domains?.[domain]
      if (path === "/dns.json") response.end((options.bootstrap ?? ownList)(url))
      else if (options.answer !== undefined) options.answer(path, response)
      else if (known === undefined) response.writeHead(404).end('{"errorCode":404}')
      else json(response, known)
    })
    const port = yield* Effect.acquireRelease(
      Effect.async<number>((resume) => {
        server.listen(0, "127.0.0.1", () => {
          const address = server.address()
          resume(
            typeof address === "object" && address !== null
              ? Effect.succeed(address.port)
              : Effect.dieMessage("no port"),
          )
        })
      }),
      () =>
        Effect.async<void>((resume) => {
          server.close(() => resume(Effect.void))
          server.closeAllConnections()
        }),
    )
    const url = `http://127.0.0.1:${port}`
    return { url, bootstrapUrl: `${url}/dns.json`, asked: () => asked }
  })
