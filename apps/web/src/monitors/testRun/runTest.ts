import { type Answer, call, type Request } from "../../api/call.ts"

/** What a check that is run at once found, a region each. */
export type TestRun = Answer<"testRuns", "run">["items"]

/** Runs a check at once from every region, without storing anything. */
export const runTest = async (payload: NonNullable<Request<"testRuns", "run">["payload"]>): Promise<TestRun> =>
  (await call("testRuns", "run", { payload })).items
