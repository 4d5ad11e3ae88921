import { HttpApi, OpenApi } from "@effect/platform"
import { Schema } from "effect"
import { InternalError, ServiceUnavailable, ValidationFailed } from "./ApiErrors.ts"
import { AuthApi } from "./AuthApi.ts"
import { ChannelsApi } from "./ChannelsApi.ts"
import { EscalationsApi } from "./EscalationsApi.ts"
import { EventsApi } from "./EventsApi.ts"
import { HeartbeatsApi } from "./HeartbeatsApi.ts"
import { IncidentsApi } from "./IncidentsApi.ts"
import { LabelsApi } from "./LabelsApi.ts"
import { MaintenancesApi } from "./MaintenancesApi.ts"
import { MonitorsApi } from "./MonitorsApi.ts"
import { PingsApi } from "./PingsApi.ts"
import { ReportsApi } from "./ReportsApi.ts"
import { ResultsApi } from "./ResultsApi.ts"
import { StatusPagesApi } from "./StatusPagesApi.ts"
import { TestRunsApi } from "./TestRunsApi.ts"

const Base = HttpApi.make("uptime")
  .add(AuthApi)
  .add(MonitorsApi)
  .add(TestRunsApi)
  .add(ResultsApi)
  .add(ReportsApi)
  .add(LabelsApi)
  .add(EventsApi)
  .add(IncidentsApi)
  .add(MaintenancesApi)
  .add(HeartbeatsApi)
  .add(PingsApi)
  .add(ChannelsApi)
  .add(EscalationsApi)
  .add(StatusPagesApi)
  .addError(ValidationFailed)
  .addError(InternalError)
  .addError(ServiceUnavailable)
  .annotate(OpenApi.Title, "Uptime")
  .annotate(OpenApi.Version, "1")
  .annotate(OpenApi.License, { name: "MIT" })
  .annotate(
    OpenApi.Description,
    'Resources are answered as they are, lists as `{ "items", "nextCursor" }`, errors as `{ "_tag", "message", … }`. Fields and parameters that are not known are refused. Times are ISO 8601 in UTC.',
  )

/** The whole HTTP API: what the server serves, and what every client and the OpenAPI document derive from. */
export class Api extends Base {
  /**
   * What any call may answer. `HttpApi` would put its own decode error here, which shows the schema and the value sent;
   * without it that error reaches the server's outermost handler, which answers with `ValidationFailed`.
   */
  static override readonly errorSchema = Schema.make<typeof Base.errorSchema.Type, unknown>(
    Schema.Union(ValidationFailed, InternalError, ServiceUnavailable).ast,
  )
}
