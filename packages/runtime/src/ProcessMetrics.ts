import { readdir } from "node:fs/promises"
import { type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks"
import { Context, Effect, Layer } from "effect"

/**
 * What the process itself uses, as Prometheus text, measured when asked. Names as the Prometheus client libraries have
 * them (https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics), those of Node as `prom-client`
 * has them.
 */
export class ProcessMetrics extends Context.Tag("@uptime/runtime/ProcessMetrics")<
  ProcessMetrics,
  {
    /** The text. The event loop's delays are those since it was last asked for. */
    readonly text: Effect.Effect<string>
  }
>() {
  static readonly layer: Layer.Layer<ProcessMetrics> = Layer.scoped(
    ProcessMetrics,
    Effect.map(
      Effect.acquireRelease(
        Effect.sync(() => {
          const delays = monitorEventLoopDelay({ resolution: loopResolutionMs })
          delays.enable()
          return delays
        }),
        (delays) => Effect.sync(() => delays.disable()),
      ),
      (delays) => ({ text: sample(delays) }),
    ),
  )
}

/** How often the event loop's delay is sampled, in milliseconds: a timer of this length, which is in every sample. */
const loopResolutionMs = 20

const sample = Effect.fnUntraced(function* (delays: IntervalHistogram): Effect.fn.Return<string> {
  // Only Linux has this folder; elsewhere the metric is left out.
  const openFds = yield* Effect.promise(() =>
    readdir("/proc/self/fd").then(
      (names) => names.length,
      () => undefined,
    ),
  )
  return yield* Effect.sync(() => {
    const cpu = process.cpuUsage()
    const memory = process.memoryUsage()
    const lag = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e9 - loopResolutionMs / 1000)
    const quiet = delays.count === 0
    const text = [
      line("process_cpu_seconds_total", "counter", "User and system CPU time spent.", (cpu.user + cpu.system) / 1e6),
      line("process_resident_memory_bytes", "gauge", "Resident memory size.", memory.rss),
      line(
        "process_start_time_seconds",
        "gauge",
        "Start time of the process since the epoch.",
        (performance.timeOrigin ?? 0) / 1000,
      ),
      openFds === undefined ? "" : line("process_open_fds", "gauge", "Open file descriptors.", openFds),
      line("nodejs_heap_size_used_bytes", "gauge", "Heap that is in use.", memory.heapUsed),
      line("nodejs_heap_size_total_bytes", "gauge", "Heap that is reserved.", memory.heapTotal),
      line("nodejs_external_memory_bytes", "gauge", "Memory outside the heap held by it.", memory.external),
      line(
        "nodejs_active_resources_total",
        "gauge",
        "Handles and requests that keep the event loop alive.",
        process.getActiveResourcesInfo().length,
      ),
      line(
        "nodejs_eventloop_lag_mean_seconds",
        "gauge",
        "Mean delay of the event loop since the last scrape.",
        quiet ? 0 : lag(delays.mean),
      ),
      line(
        "nodejs_eventloop_lag_p99_seconds",
        "gauge",
        "99th percentile of the event loop's delay since the last scrape.",
        quiet ? 0 : lag(delays.percentile(99)),
      ),
      line(
        "nodejs_eventloop_lag_max_seconds",
        "gauge",
        "Longest delay of the event loop since the last scrape.",
        quiet ? 0 : lag(delays.max),
      ),
    ].join("")
    delays.reset()
    return text
  })
})

const line = (name: string, type: "counter" | "gauge", help: string, value: number): string =>
  `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name} ${value}\n`
