import * as Otlp from "@effect/opentelemetry/Otlp"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { Config, Layer, Option, Redacted } from "effect"
import * as Settings from "./Settings.ts"

/** Where traces, metrics and logs are sent; nowhere without an endpoint. */
export interface TracingSettings {
  readonly endpoint: Option.Option<string>
  /** `name=value` pairs with commas between, percent-encoded. */
  readonly headers: Option.Option<Redacted.Redacted>
}

/** `OTEL_EXPORTER_OTLP_ENDPOINT` and `OTEL_EXPORTER_OTLP_HEADERS`. */
export const tracingConfig: Config.Config<TracingSettings> = Config.all({
  endpoint: Settings.otlpEndpoint,
  headers: Settings.otlpHeaders,
})

/** How long a stopping process waits for its last spans and lines to be taken, in milliseconds. */
export const flushLimitMs = 1000

/**
 * Traces, metrics and logs over OTLP/HTTP when there is an endpoint; else spans are not made at all. A collector that is
 * away costs a minute's silence, no memory and no error. `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` are honoured.
 *
 * @param service the process's name
 */
export const tracingLayer = (service: string, settings: TracingSettings): Layer.Layer<never> =>
  Option.match(settings.endpoint, {
    onNone: () => Layer.setTracerEnabled(false),
    onSome: (baseUrl) =>
      Otlp.layerJson({
        baseUrl,
        resource: { serviceName: service },
        headers: Option.match(settings.headers, { onNone: () => ({}), onSome: parseHeaders }),
        shutdownTimeout: flushLimitMs,
      }).pipe(Layer.provide(NodeHttpClient.layerUndici)),
  })

/** Header pairs as the OpenTelemetry specification writes them: W3C Baggage without properties. */
const parseHeaders = (headers: Redacted.Redacted): Record<string, string> =>
  Object.fromEntries(
    Redacted.value(headers)
      .split(",")
      .map((pair) => {
        const at = pair.indexOf("=")
        return [pair.slice(0, at).trim(), percentDecoded(pair.slice(at + 1).trim())]
      }),
  )

const percentDecoded = (text: string): string => (/%(?![0-9A-Fa-f]{2})/.test(text) ? text : decodeURIComponent(text))
