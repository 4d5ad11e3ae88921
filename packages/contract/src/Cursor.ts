import {
  ChannelId,
  EscalationId,
  IncidentId,
  MaintenanceId,
  MonitorId,
  StatusPageId,
  SubscriberId,
} from "@uptime/domain/Ids"
import { UptimePercent } from "@uptime/domain/MonitorSummary"
import { Region } from "@uptime/domain/Region"
import { fnv1a } from "@uptime/domain/Slot"
import { Either, Encoding, ParseResult, Schema } from "effect"

/**
 * Where a list goes on, as clients see it: opaque text, to be given back as it came. It names the last item of a page by
 * the list's sort key, so that pages neither skip nor repeat items when others come and go. A checksum tells a cursor that
 * was altered or cut, or belongs to another list, from one that is ours; it is no secret, for a cursor only says where to
 * go on within what its reader may see anyway.
 */
const cursor = <A, I>(list: string, position: Schema.Schema<A, I>) =>
  Schema.transformOrFail(Schema.String, Schema.String, {
    strict: true,
    decode: (text, _, ast) =>
      Either.match(open(list, text), {
        onLeft: () => ParseResult.fail(new ParseResult.Type(ast, text, "is not a cursor that this list gave out")),
        onRight: ParseResult.succeed,
      }),
    encode: (payload) => ParseResult.succeed(seal(list, payload)),
  }).pipe(Schema.compose(Schema.parseJson(position)))

/** The longest cursor that is looked at, in characters; ours are shorter, also with the longest name in them. */
const maxLength = 1_100

const Millis = Schema.Int.pipe(Schema.between(0, 253_402_300_799_999))

/** The place in a list of monitors: after this one, newest first. */
export const MonitorCursor = cursor("monitors", Schema.Struct({ createdAt: Millis, id: MonitorId }))
export type MonitorCursor = typeof MonitorCursor.Type

/** The place in a list of results: after this one, newest slot first, then by location. */
export const ResultCursor = cursor("results", Schema.Struct({ scheduledAt: Millis, location: Region }))
export type ResultCursor = typeof ResultCursor.Type

const newestFirst = <Id>(id: Schema.Schema<Id, string>) => Schema.Struct({ createdAt: Millis, id })

/** The place in a list of channels: after this one, newest first. */
export const ChannelCursor = cursor("channels", newestFirst(ChannelId))
export type ChannelCursor = typeof ChannelCursor.Type

/** The place in a list of escalation policies: after this one, newest first. */
export const EscalationCursor = cursor("escalations", newestFirst(EscalationId))
export type EscalationCursor = typeof EscalationCursor.Type

/** The place in a list of maintenances: after this one, newest first. */
export const MaintenanceCursor = cursor("maintenances", newestFirst(MaintenanceId))
export type MaintenanceCursor = typeof MaintenanceCursor.Type

/** The place in a list of incidents: after this one, the one that began last first. */
export const IncidentCursor = cursor("incidents", Schema.Struct({ startedAt: Millis, id: IncidentId }))
export type IncidentCursor = typeof IncidentCursor.Type

/** The place in a list of messages: after this one, newest first. */
export const DeliveryCursor = cursor("deliveries", Schema.Struct({ id: Schema.Int.pipe(Schema.positive()) }))
export type DeliveryCursor = typeof DeliveryCursor.Type

/** The place in a list of outages: after this one, the one that began last first. */
export const OutageCursor = cursor("outages", Schema.Struct({ startedAt: Millis, monitorId: MonitorId }))
export type OutageCursor = typeof OutageCursor.Type

/** The place in a report over a window that ended at `to`: after this row, the least uptime first. */
export const ReportCursor = cursor(
  "reports",
  Schema.Struct({ to: Millis, uptime: UptimePercent, key: Schema.String, monitorId: Schema.NullOr(MonitorId) }),
)
export type ReportCursor = typeof ReportCursor.Type

/** The place in a list of status pages: after this one, newest first. */
export const StatusPageCursor = cursor("statusPages", newestFirst(StatusPageId))
export type StatusPageCursor = typeof StatusPageCursor.Type

/** The place in a list of subscribers: after this one, newest first. */
export const SubscriberCursor = cursor("subscribers", newestFirst(SubscriberId))
export type SubscriberCursor = typeof SubscriberCursor.Type

const seal = (list: string, payload: string): string => Encoding.encodeBase64Url(checksum(list, payload) + payload)

const open = (list: string, text: string): Either.Either<string, unknown> =>
  text.length > maxLength
    ? Either.left("too long")
    : Encoding.decodeBase64UrlString(text).pipe(
        Either.map((sealed) => sealed.slice(checksumLength)),
        // Sealing it again also refuses the other spellings that base64 has for the same bytes.
        Either.filterOrLeft(
          (payload) => seal(list, payload) === text,
          () => "altered",
        ),
      )

const checksumLength = 8
const checksum = (list: string, payload: string): string =>
  fnv1a(`${list}:${payload}`).toString(16).padStart(checksumLength, "0")
