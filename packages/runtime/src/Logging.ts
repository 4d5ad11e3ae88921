import { Cause, Config, Effect, Layer, Logger, LogLevel, Option } from "effect"
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
      // One on the other, not merged: merged layers are released in fibers of their own, which restore nothing.
      return Layer.provideMerge(
        Logger.replace(Logger.defaultLogger, withoutExpectedDeaths(Logger.withConsoleLog(Logger.make(line)))),
        Logger.minimumLogLevel(settings.level),
      )
    }),
  )

/**
 * The runner has Effect log, as an error, each fiber that ends by a failure, so that none dies unseen. But Effect does so
 * for fibers that somebody joins as well, such as those within `Effect.timeout`: a database that is away would fill the
 * log. What is left is the defects; an expected failure is for whoever joins the fiber, or supervises it, to tell.
 */
const withoutExpectedDeaths = (logger: Logger.Logger<unknown, void>): Logger.Logger<unknown, void> =>
  Logger.make((entry) => {
    if (isFiberDeath(entry.message) && !Cause.isDie(entry.cause)) return
    logger.log(entry)
  })

const isFiberDeath = (message: unknown): boolean =>
  (Array.isArray(message) && message.length === 1 ? message[0] : message) === "Fiber terminated with an unhandled error"
