import { Schema } from "effect"
import { PublicIncident, PublicMaintenance } from "./PublicPage.ts"

/** What subscribers of a page are told once: what happened, and what is public of it at that instant. */
export const PublicNotice = Schema.Union(
  Schema.Struct({
    change: Schema.Literal("opened", "updated", "resolved"),
    /** With no more than the update that is told of. */
    incident: PublicIncident,
    /** The names of the items it is about. */
    names: Schema.Array(Schema.String),
  }),
  Schema.Struct({
    /** That it is to come, or that it does not take place. */
    change: Schema.Literal("maintenance", "cancelled"),
    maintenance: PublicMaintenance,
    names: Schema.Array(Schema.String),
  }),
)
export type PublicNotice = typeof PublicNotice.Type
