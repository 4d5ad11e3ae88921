import { Config, Effect, Layer, Logger, LogLevel, Option } from "effect"
import { jsonLine, prettyLine } from "./LogLine.ts"
import * as Settings from "./Settings.ts"

/** How a process logs. */
export interface LoggingSettings {
  readonly level: LogLevel.LogLevel
  /** None: `pretty` on a terminal outside production, else `json`. */
  readonly format: Option.Option<"json" | "pretty">
  readonly nodeEnv: string
}

/** `LOG_LEVEL`, `LOG_FORMAT` and `NODE_ENV`. */
export const loggingConfig: Config.Config<LoggingSettings> = Config.all({
  level: Settings.logLevel,
  format: Settings.logFormat,
  nodeEnv: Settings.nodeEnv,
})

/** What is logged with when the settings themselves are wrong. */
export const defaultLogging: LoggingSettings = { level: LogLevel.Info, format: Option.none(), nodeEnv: "development" }

/**
 * The process's logger, to standard output. It replaces Effect's own.
 *
 * @param service the process's name, in every line
 */
export const loggingLayer = (service: string, settings: LoggingSettings): Layer.Layer<never> =>
  Layer.unwrapEffect(
    Effect.sync(() => {
      const terminal = process.stdout.isTTY === true
      const format = Option.getOrElse(settings.format, () =>
        terminal && settings.nodeEnv !== "production" ? "pretty" : "json",
      )
      const line = format === "json" ? jsonLine(service) : prettyLine(service, terminal)
      return Layer.merge(
        Logger.replace(Logger.defaultLogger, Logger.withConsoleLog(Logger.make(line))),
        Logger.minimumLogLevel(settings.level),
      )
    }),
  )
