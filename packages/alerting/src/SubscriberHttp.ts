import { GuardedHttp } from "@uptime/prober/GuardedHttp"
import { type Cidr, publicOnly } from "@uptime/prober/TargetGuard"
import { Context, Layer } from "effect"

/**
 * Requests to addresses that visitors of status pages gave: to public addresses alone, whatever else of this installation may
 * reach private ones, since nobody knows who these visitors are.
 */
export class SubscriberHttp extends Context.Tag("@uptime/alerting/SubscriberHttp")<
  SubscriberHttp,
  GuardedHttp["Type"]
>() {
  /** @param denyCidrs public addresses that are refused too */
  static readonly layer = (denyCidrs: ReadonlyArray<Cidr>): Layer.Layer<SubscriberHttp> =>
    Layer.effect(SubscriberHttp, GuardedHttp).pipe(Layer.provide(GuardedHttp.layer({ ...publicOnly, denyCidrs })))
}
