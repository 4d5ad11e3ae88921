import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "@effect/platform"
import { StatusPageId, SubscriberId } from "@uptime/domain/Ids"
import { Schema } from "effect"
import {
  AddressTaken,
  LimitReached,
  NotFound,
  PayloadTooLarge,
  ReferenceRefused,
  TooManyRequests,
  UnsupportedMediaType,
} from "./ApiErrors.ts"
import { Authentication } from "./Authentication.ts"
import {
  LogoUpload,
  StatusPageCreate,
  StatusPageEdit,
  StatusPagePage,
  StatusPageQuery,
  StatusPageView,
} from "./StatusPageView.ts"
import { NoQuery } from "./StrictStruct.ts"
import { SubscriberPage, SubscriberQuery } from "./SubscriberView.ts"

const PagePath = Schema.Struct({ id: StatusPageId })
const SubscriberPath = Schema.Struct({ id: StatusPageId, subscriberId: SubscriberId })

/** What the public is shown. The pages themselves are at `/status/:slug`. */
export class StatusPagesApi extends HttpApiGroup.make("statusPages")
  .add(
    HttpApiEndpoint.post("create", "/")
      .setPayload(StatusPageCreate)
      .setUrlParams(NoQuery)
      .addSuccess(StatusPageView, { status: 201 })
      .addError(LimitReached)
      .addError(AddressTaken)
      .addError(ReferenceRefused)
      .addError(PayloadTooLarge)
      .addError(UnsupportedMediaType)
      .annotate(OpenApi.Summary, "Make a public status page"),
  )
  .add(
    HttpApiEndpoint.get("list", "/")
      .setUrlParams(StatusPageQuery)
      .addSuccess(StatusPagePage)
      .annotate(OpenApi.Summary, "List status pages, newest first"),
  )
  .add(
    HttpApiEndpoint.get("get", "/:id")
      .setPath(PagePath)
      .setUrlParams(NoQuery)
      .addSuccess(StatusPageView)
      .addError(NotFound)
      .annotate(OpenApi.Summary, "One status page"),
  )
  .add(
    HttpApiEndpoint.put("edit", "/:id")
      .setPath(PagePath)
      .setPayload(StatusPageEdit)
      .setUrlParams(NoQuery)
      .addSuccess(StatusPageView)
      .addError(NotFound)
      .addError(AddressTaken)
      .addError(ReferenceRefused)
      .addError(PayloadTooLarge)
      .addError(UnsupportedMediaType)
      .annotate(OpenApi.Summary, "Edit a status page: what the body names changes"),
  )
  .add(
    HttpApiEndpoint.del("remove", "/:id")
      .setPath(PagePath)
      .setUrlParams(NoQuery)
      .addSuccess(HttpApiSchema.NoContent)
      .addError(NotFound)
      .annotate(OpenApi.Summary, "Delete a status page with its subscribers"),
  )
  .add(
    HttpApiEndpoint.put("setLogo", "/:id/logo")
      .setPath(PagePath)
      .setPayload(LogoUpload)
      .setUrlParams(NoQuery)
      .addSuccess(StatusPageView)
      .addError(NotFound)
      .addError(PayloadTooLarge)
      .addError(UnsupportedMediaType)
      .annotate(OpenApi.Summary, "Give a status page a logo: PNG, JPEG or WebP, at most 200 KB"),
  )
  .add(
    HttpApiEndpoint.del("removeLogo", "/:id/logo")
      .setPath(PagePath)
      .setUrlParams(NoQuery)
      .addSuccess(StatusPageView)
      .addError(NotFound)
      .annotate(OpenApi.Summary, "Take the logo away"),
  )
  .add(
    HttpApiEndpoint.post("checkDomain", "/:id/domain/check")
      .setPath(PagePath)
      .setUrlParams(NoQuery)
      .addSuccess(StatusPageView)
      .addError(NotFound)
      .addError(TooManyRequests)
      .annotate(OpenApi.Summary, "Look up now whether the page's own host name is proven to be its owner's"),
  )
  .add(
    HttpApiEndpoint.get("subscribers", "/:id/subscribers")
      .setPath(PagePath)
      .setUrlParams(SubscriberQuery)
      .addSuccess(SubscriberPage)
      .addError(NotFound)
      .annotate(OpenApi.Summary, "Who is told by a status page, newest first"),
  )
  .add(
    HttpApiEndpoint.del("removeSubscriber", "/:id/subscribers/:subscriberId")
      .setPath(SubscriberPath)
      .setUrlParams(NoQuery)
      .addSuccess(HttpApiSchema.NoContent)
      .addError(NotFound)
      .annotate(OpenApi.Summary, "Remove a subscriber: nothing more is sent there"),
  )
  .middleware(Authentication)
  .prefix("/api/status-pages")
  .annotate(OpenApi.Description, "What the public is shown") {}
