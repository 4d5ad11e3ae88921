import { type AnyRoute, createRoute, lazyRouteComponent } from "@tanstack/react-router"
import type { ChannelKind } from "./fields.ts"
import { readKind } from "./kindNames.ts"

const readNewSearch = (search: Record<string, unknown>): { readonly kind?: ChannelKind } => {
  const kind = readKind(search["kind"])
  return kind === undefined ? {} : { kind }
}

/** Whether it was just added: then trying it is what comes next. */
const readAdded = (search: Record<string, unknown>): { readonly added?: true } =>
  search["added"] === true ? { added: true } : {}

/** The pages of channels and escalations, below the page that is for who is logged in. */
export const channelRoutes = <P extends AnyRoute>(parent: P) =>
  [
    createRoute({
      getParentRoute: () => parent,
      path: "/channels",
      component: lazyRouteComponent(() => import("./ChannelsPage.tsx"), "ChannelsPage"),
    }),
    createRoute({
      getParentRoute: () => parent,
      path: "/channels/new",
      validateSearch: readNewSearch,
      component: lazyRouteComponent(() => import("./NewChannelPage.tsx"), "NewChannelPage"),
    }),
    createRoute({
      getParentRoute: () => parent,
      path: "/channels/$id",
      validateSearch: readAdded,
      component: lazyRouteComponent(() => import("./ChannelPage.tsx"), "ChannelPage"),
    }),
    createRoute({
      getParentRoute: () => parent,
      path: "/channels/$id/edit",
      component: lazyRouteComponent(() => import("./EditChannelPage.tsx"), "EditChannelPage"),
    }),
    createRoute({
      getParentRoute: () => parent,
      path: "/channels/escalations",
      component: lazyRouteComponent(() => import("../escalations/EscalationsPage.tsx"), "EscalationsPage"),
    }),
    createRoute({
      getParentRoute: () => parent,
      path: "/channels/escalations/new",
      component: lazyRouteComponent(() => import("../escalations/NewEscalationPage.tsx"), "NewEscalationPage"),
    }),
    createRoute({
      getParentRoute: () => parent,
      path: "/channels/escalations/$id",
      component: lazyRouteComponent(() => import("../escalations/EscalationPage.tsx"), "EscalationPage"),
    }),
  ] as const
