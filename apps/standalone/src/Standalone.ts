import { apiLayer } from "@uptime/api/Api"
import * as Producer from "@uptime/producer/Producer"
import * as TestRunner from "@uptime/worker/TestRunner"
import * as Worker from "@uptime/worker/Worker"
import { Effect, Layer, Option, type Redacted } from "effect"
import { announce } from "./Announcement.ts"
import { type DataDirError, keptSecret } from "./Secret.ts"
import type { StandaloneSettings } from "./StandaloneSettings.ts"

/**
 * Api, producer and a worker of each region in one process, on whatever database and stream it is given. Once all of them
 * run it says where.
 */
export const layer = (settings: StandaloneSettings) =>
  Layer.unwrapEffect(
    Effect.map(secret(settings), (jwtSecret) =>
      Layer.effectDiscard(
        announce({
          dataDir: Option.isSome(settings.databaseUrl) ? null : settings.dataDir,
          regions: settings.regions,
        }),
      ).pipe(
        Layer.provide(
          Layer.mergeAll(
            apiLayer({ ...settings.api, jwtSecret, targetPolicy: settings.targetPolicy }),
            Producer.layer({
              regions: settings.regions,
              retentionDays: settings.retentionDays,
              incidentRetentionDays: settings.incidentRetentionDays,
            }),
            ...settings.regions.flatMap((region) => [
              Worker.layer({ region, concurrency: settings.concurrency }),
              TestRunner.layer({ region }),
            ]),
          ),
        ),
      ),
    ),
  )

const secret = (settings: StandaloneSettings): Effect.Effect<Redacted.Redacted, DataDirError> =>
  Option.match(settings.jwtSecret, { onNone: () => keptSecret(settings.dataDir, "jwt-secret"), onSome: Effect.succeed })
