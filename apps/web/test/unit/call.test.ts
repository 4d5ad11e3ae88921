import type { MonitorSummary } from "@uptime/domain/MonitorSummary"
import { expectTypeOf, test } from "vitest"
import type { Answer, Request } from "../../src/api/call.ts"

test("what a call takes and answers with is the contract's JSON", () => {
  expectTypeOf<Answer<"monitors", "summaries">["items"][number]>().toEqualTypeOf<typeof MonitorSummary.Encoded>()
  expectTypeOf<Answer<"monitors", "list">["nextCursor"]>().toEqualTypeOf<string | null>()
  expectTypeOf<Answer<"auth", "me">["createdAt"]>().toEqualTypeOf<string>()
  expectTypeOf<Request<"monitors", "get">["path"]>().toEqualTypeOf<{ readonly id: string }>()
  expectTypeOf<Request<"auth", "login">["payload"]>().toEqualTypeOf<{
    readonly email: string
    readonly password: string
  }>()
})
