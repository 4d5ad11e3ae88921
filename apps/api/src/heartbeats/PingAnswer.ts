import * as HttpServerResponse from "@effect/platform/HttpServerResponse"

/** What a ping of the hosted Healthchecks is addressed to: an id right behind the host. */
const hostedPath = /^\/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}(?=[/?#]|$)/i

/** The URL that a ping is served at: that of the hosted Healthchecks, `/<uuid>/start`, as ours; any other as it is. */
export const pingUrl = (url: string): string => (hostedPath.test(url) ? `/ping${url}` : url)

/** Whose words a path is answered in: those of Uptime Kuma, of Healthchecks, or our own. */
const dialectOf = (path: string): "kuma" | "healthchecks" | null => {
  if (path.startsWith("/api/push/")) return "kuma"
  return path.startsWith("/ping/") || hostedPath.test(path) ? "healthchecks" : null
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
