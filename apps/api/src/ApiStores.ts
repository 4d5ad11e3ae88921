import type { SqlClient } from "@effect/sql/SqlClient"
import { Channels } from "@uptime/persistence/Channels"
import { EmailRecipients } from "@uptime/persistence/EmailRecipients"
import { Escalations } from "@uptime/persistence/Escalations"
import { Heartbeats } from "@uptime/persistence/Heartbeats"
import { Incidents } from "@uptime/persistence/Incidents"
import { Labels } from "@uptime/persistence/Labels"
import type { LeanReads } from "@uptime/persistence/LeanReads"
import { LiveResults } from "@uptime/persistence/LiveResults"
import { Maintenances } from "@uptime/persistence/Maintenances"
import { Monitors } from "@uptime/persistence/Monitors"
import { PageDomains } from "@uptime/persistence/PageDomains"
import { PageSubscribers } from "@uptime/persistence/PageSubscribers"
import { PublicPages } from "@uptime/persistence/PublicPages"
import { Reports } from "@uptime/persistence/Reports"
import type { ResultStore } from "@uptime/persistence/ResultStore"
import { Results } from "@uptime/persistence/Results"
import { StatusPages } from "@uptime/persistence/StatusPages"
import { Users } from "@uptime/persistence/Users"
import { Layer } from "effect"

/** The stores that the api stands on. */
export type ApiStores =
  | Users
  | Monitors
  | Results
  | LiveResults
  | Channels
  | EmailRecipients
  | Escalations
  | Incidents
  | Maintenances
  | Heartbeats
  | Reports
  | Labels
  | StatusPages
  | PageDomains
  | PageSubscribers
  | PublicPages

/** All of them, on a database and its store of results. */
export const apiStoresLayer: Layer.Layer<ApiStores, never, SqlClient | LeanReads | ResultStore> = Layer.mergeAll(
  Users.layer,
  Monitors.layer,
  Results.layer,
  LiveResults.layer,
  Channels.layer,
  EmailRecipients.layer,
  Escalations.layer,
  Incidents.layer,
  Maintenances.layer,
  Heartbeats.layer,
  Reports.layer,
  Labels.layer,
  StatusPages.layer,
  PageDomains.layer,
  PageSubscribers.layer,
  PublicPages.layer,
)
