import { Schema } from "effect"
import { MonitorId } from "./Ids.ts"

/** There is no such monitor among those of the person who asks; a foreign one answers exactly so. */
export class MonitorNotFound extends Schema.TaggedError<MonitorNotFound>()("MonitorNotFound", {
  monitorId: MonitorId,
  message: Schema.String,
}) {
  static for(monitorId: MonitorId): MonitorNotFound {
    return new MonitorNotFound({ monitorId, message: "You have no monitor with this id." })
  }
}

/** Another account has this email address. */
export class EmailTaken extends Schema.TaggedError<EmailTaken>()("EmailTaken", { message: Schema.String }) {
  static create(): EmailTaken {
    return new EmailTaken({ message: "An account with this email address exists already; log in instead." })
  }
}
