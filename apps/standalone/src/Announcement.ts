import { resolve } from "node:path"
import * as HttpServer from "@effect/platform/HttpServer"
import type { Region } from "@uptime/domain/Region"
import { Console, Effect } from "effect"

/** What a person is told once everything runs. */
export interface AnnouncementOptions {
  /** The folder of the data; none where the database is a server's. */
  readonly dataDir: string | null
  readonly regions: ReadonlyArray<Region>
}

/** The lines that a start ends with: the address, where the data is, and a first step to try. */
export const announcement = (address: string, { dataDir, regions }: AnnouncementOptions): string =>
  [
    "",
    `  Uptime runs at ${address} (Ctrl-C stops it)`,
    "",
    `  data     ${dataDir === null ? "in the database that DATABASE_URL names" : resolve(dataDir)}`,
    `  regions  ${regions.join(", ")}`,
    `  calls    ${address}/docs`,
    "",
    "  A first step: make an account, and add a URL with the token that it answers.",
    "",
    `  curl ${address}/api/auth/signup -H 'content-type: application/json' \\`,
    `    -d '{"email":"you@example.com","name":"You","password":"a long sentence"}'`,
    `  curl ${address}/api/monitor -H 'content-type: application/json' -H 'authorization: Bearer TOKEN' \\`,
    `    -d '{"url":"https://example.com"}'`,
    "",
  ].join("\n")

/** Prints the announcement, with the address that the server really has. */
export const announce = (options: AnnouncementOptions): Effect.Effect<void, never, HttpServer.HttpServer> =>
  Effect.flatMap(HttpServer.HttpServer, ({ address }) =>
    Console.log(announcement(HttpServer.formatAddress(address), options)),
  )
