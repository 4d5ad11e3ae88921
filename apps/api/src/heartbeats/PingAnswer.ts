import * as HttpServerResponse from "@effect/platform/HttpServerResponse"

/** Whose words a path is answered in: those of Uptime Kuma, of Healthchecks, or our own. */
const dialectOf = (path: string): "kuma" | "healthchecks" | null => {
  if (path.startsWith("/api/push/")) return "kuma"
  return path.startsWith("/ping/") ? "healthchecks" : null
}

/** Whether a path, without its query, is one that jobs call. */
export const isPingPath = (path: string): boolean => dialectOf(path) !== null

const headers = { "cache-control": "no-store" }

/** The answer to a ping that was taken. */
export const pingTaken = (path: string): HttpServerResponse.HttpServerResponse =>
  dialectOf(path) === "kuma"
    ? HttpServerResponse.unsafeJson({ ok: true }, { headers })
    : HttpServerResponse.text("OK", { headers })

/** The answer to a ping of nothing that is known, whatever is wrong with its address. */
export const pingRefused = (path: string): HttpServerResponse.HttpServerResponse =>
  dialectOf(path) === "kuma"
    ? HttpServerResponse.unsafeJson({ ok: false, msg: "Monitor not found or not active." }, { status: 404, headers })
    : HttpServerResponse.text("not found", { status: 404, headers })
