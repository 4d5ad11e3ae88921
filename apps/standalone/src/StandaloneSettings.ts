import { smtpConfig } from "@uptime/alerting/SmtpSettings"
import { commonApiSettings } from "@uptime/api/ApiSettings"
import { policyConfig } from "@uptime/prober/TargetGuard"
import * as Settings from "@uptime/runtime/Settings"
import { Config } from "effect"

/**
 * What the standalone process is told: nothing is required. Without `DATABASE_URL` it keeps its data in `DATA_DIR`,
 * without `REDIS_URL` its stream in memory, without `JWT_SECRET` or `ENCRYPTION_KEY` a secret in `DATA_DIR`. It runs on its
 * owner's own machine, so private targets may be checked.
 */
export const standaloneSettings = Config.all({
  api: Config.all(commonApiSettings),
  jwtSecret: Settings.jwtSecretOption,
  encryptionKey: Settings.encryptionKeyOption,
  targetPolicy: policyConfig(true),
  smtp: smtpConfig,
  databaseUrl: Settings.databaseUrlOption,
  redisUrl: Settings.redisUrlOption,
  streamKey: Settings.streamKey,
  streamShards: Settings.streamShards,
  dataDir: Settings.dataDir,
  regions: Settings.regions,
  concurrency: Settings.probeConcurrency,
  canaries: Settings.canaries,
  retentionDays: Settings.retentionDays,
  incidentRetentionDays: Settings.incidentRetentionDays,
  host: Settings.host,
  port: Settings.port(Settings.defaultPorts.standalone),
})

export type StandaloneSettings = Config.Config.Success<typeof standaloneSettings>
