/**
 * Loaded into a process before its own code (`--import`, with `--expose-gc`): on a port of its own it has V8 collect, all objects
 * for `all` and the young ones for `young`, and says how many bytes of old ones there are then.
 */
import { createServer } from "node:net"
import { getHeapSpaceStatistics } from "node:v8"
import { isMainThread } from "node:worker_threads"

if (isMainThread) {
  createServer((socket) => {
    socket.on("data", (asked) => {
      globalThis.gc?.(asked.toString() === "all" ? {} : { type: "minor" })
      const old = getHeapSpaceStatistics().find(({ space_name }) => space_name === "old_space")
      socket.write(`${old?.space_used_size}`)
    })
  })
    .listen(Number(process.env["COLLECTOR_PORT"]), "127.0.0.1")
    .unref()
}
