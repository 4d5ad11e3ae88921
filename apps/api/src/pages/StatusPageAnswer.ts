import type { CustomDomain, StatusPageView } from "@uptime/contract/StatusPageView"
import { challengeName } from "@uptime/domain/DomainProof"
import type { DomainProof, StatusPage } from "@uptime/persistence/StatusPage"
import { DateTime } from "effect"
import { ownedCalls } from "../OwnedCall.ts"

/** A page as its owner sees it. */
export const statusPageView = ({
  createdAt,
  domain,
  domainProof,
  logo,
  passwordHash,
  updatedAt,
  ...page
}: StatusPage): StatusPageView => ({
  ...page,
  domain,
  customDomain: domain === null || domainProof === null ? null : customDomain(domain, domainProof),
  hasPassword: passwordHash !== null,
  logo: logo?.type ?? null,
  createdAt: DateTime.unsafeMake(createdAt),
  updatedAt: DateTime.unsafeMake(updatedAt),
})

const customDomain = (host: string, { checkedAt, provenAt, state, token }: DomainProof): CustomDomain => ({
  host,
  state,
  record: { type: "TXT", name: challengeName(host), value: token },
  checkedAt: instant(checkedAt),
  provenAt: instant(provenAt),
})

const instant = (ms: number | null) => (ms === null ? null : DateTime.unsafeMake(ms))

/** Calls of the database that name a page. */
export const ownedPage = ownedCalls("StatusPageNotFound", "status page")
