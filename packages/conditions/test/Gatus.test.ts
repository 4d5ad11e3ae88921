import { assert, describe, it } from "@effect/vitest"
import { parse } from "@uptime/conditions/ConditionParser"
import type { Observation } from "@uptime/conditions/Observation"
import { Either } from "effect"
import { evaluate } from "./Evaluation.ts"
import { body, seeing } from "./ObservationFixture.ts"

const hour = 3_600_000
const status = (code: number) => seeing({ status: code })

/** What Gatus' documentation says of its conditions: the text, what passes and what fails. */
const documented: ReadonlyArray<
  readonly [text: string, passing: ReadonlyArray<Observation>, failing: ReadonlyArray<Observation>]
> = [
  ["[STATUS] == 200", [status(200)], [status(201), status(404)]],
  ["[STATUS] != 200", [status(201)], [status(200)]],
  ["[STATUS] < 300", [status(200), status(201), status(299)], [status(301), status(302)]],
  ["[STATUS] <= 299", [status(200), status(299)], [status(300)]],
  ["[STATUS] > 400", [status(401), status(404)], [status(400), status(200)]],
  ["[STATUS] >= 400", [status(400)], [status(399)]],
  ["[STATUS] == any(200, 429)", [status(200), status(429)], [status(201), status(400)]],
  ["any(200, 429) == [STATUS]", [status(429)], [status(404)]],
  ["[STATUS] == pat(4*)", [status(404)], [status(200)]],
  ["[CONNECTED] == true", [seeing({ connected: true })], [seeing({ connected: false })]],
  [
    "[RESPONSE_TIME] < 500",
    [seeing({ responseTimeMs: 100 }), seeing({ responseTimeMs: 300 })],
    [seeing({ responseTimeMs: 500 }), seeing({ responseTimeMs: 501 })],
  ],
  ["[RESPONSE_TIME] < 1s", [seeing({ responseTimeMs: 50 })], [seeing({ responseTimeMs: 2_000 })]],
  ["[IP] == 127.0.0.1", [seeing({ ip: "127.0.0.1" })], [seeing({ ip: "0.0.0.0" })]],
  ["[IP] == pat(192.168.*)", [seeing({ ip: "192.168.0.7" })], [seeing({ ip: "10.0.0.1" })]],
  ["[IP] == any(1.1.1.1, ::1)", [seeing({ ip: "::1" })], [seeing({ ip: "1.0.0.1" })]],
  ["[BODY] == 1", [body("1"), body(" 1\n")], [body("{}"), body("2")]],
  ["[BODY] == test", [body("test")], [body("tested")]],
  ["[BODY].status == UP", [body('{"status":"UP"}')], [body('{"status":"DOWN"}'), body("{}"), body("UP")]],
  ["[BODY].user.name == john", [body('{"user":{"name":"john"}}')], [body('{"user":{"name":"bob"}}')]],
  ["[BODY].data[0].id == 1", [body('{"data":[{"id":1}]}')], [body('{"data":[]}')]],
  ["[BODY][0].id == 1", [body('[{"id":1},{"id":2}]')], [body('{"id":1}')]],
  ["[BODY].age == [BODY].id", [body('{"age":1,"id":1}')], [body('{"age":1,"id":2}')]],
  ["[BODY].first != [BODY].last", [body('{"first":"john","last":"doe"}')], [body('{"first":"a","last":"a"}')]],
  ["[BODY].data == 1", [body('{"data":"0x1"}'), body('{"data":"0b01"}')], [body('{"data":"0x2"}')]],
  ["[BODY].data == 0o2", [body('{"data":"0o2"}'), body('{"data":2}')], [body('{"data":"0o3"}')]],
  ["[BODY].balance > 100", [body('{"balance":"123.40000000000005"}')], [body('{"balance":"100"}')]],
  ["[BODY].data == OK", [], [body('{"data":null}'), body("null"), body('{"data":[null]}')]],
  ["len([BODY].data) < 5", [body('{"data":[{"id":1}]}')], [body('{"data":[1,2,3,4,5]}')]],
  ["len([BODY].name) == 8", [body('{"name":"john.doe"}')], [body('{"name":"bob"}'), body("{}")]],
  ["len([BODY].age) == 2", [body('{"age":18}')], [body('{"age":100}')]],
  ["len([BODY][0]) == 23", [body('[{"age":18, "adult":true}]')], [body("[1]")]],
  ["len([BODY]) == 3", [body('[{"id": 1}, {"id": 2}, {"id": 3}]'), body("abc")], [body("[1]")]],
  ["len([BODY]) == 20", [body('{"name": "john.doe"}')], [body("{}")]],
  ["has([BODY].errors) == false", [body('{"name":"john.doe"}'), body("{}")], [body('{"errors":[]}')]],
  ["has([BODY].users) == true", [body('{"users":[]}')], [body("{}")]],
  ["has([BODY].users[0].name) == true", [body('{"users":[{"name":""}]}')], [body('{"users":[{}]}')]],
  ["[BODY].name == pat(john*)", [body('{"name":"john.doe"}')], [body('{"name":"bob"}')]],
  ["[BODY].data == pat(*Whatever*)", [body('{"data":["hello","Whatever"]}')], [body('{"data":["hello"]}')]],
  ["[BODY] == pat(*john*)", [body('{"name": "john.doe"}')], [body("{}")]],
  [
    '[BODY] == pat(*<div id="user">john.doe</div>*)',
    [body('<!DOCTYPE html>\n<div id="user">john.doe</div></body>')],
    [body('<div id="user">jane.doe</div>')],
  ],
  ['pat(*<div id="user">john.doe</div>*) == [BODY]', [body('<div id="user">john.doe</div>')], [body("")]],
  ["[BODY].id == any(1, 2)", [body('{"id":1}'), body('{"id":"2"}')], [body('{"id":3}')]],
  ["[BODY].name == any(john.doe, jane.doe)", [body('{"name":"jane.doe"}')], [body('{"name":"bob"}')]],
  [
    "[CERTIFICATE_EXPIRATION] > 48h",
    [seeing({ certificateExpiresInMs: 49 * hour })],
    [seeing({ certificateExpiresInMs: 24 * hour }), seeing({ certificateExpiresInMs: -hour })],
  ],
  [
    "[CERTIFICATE_EXPIRATION] > 2419200000",
    [seeing({ certificateExpiresInMs: 1_440 * hour })],
    [seeing({ certificateExpiresInMs: 336 * hour })],
  ],
  [
    "[DOMAIN_EXPIRATION] > 720h",
    [seeing({ domainExpiresInMs: 4_000 * hour })],
    [seeing({ domainExpiresInMs: 24 * hour })],
  ],
  ["[DNS_RCODE] == NOERROR", [seeing({ dnsRcode: "NOERROR" })], [seeing({ dnsRcode: "NXDOMAIN" })]],
  ["[BODY] == pat(*.*.*.*)", [body("93.184.216.34")], [body("example.com")]],
  ["[HEADER].Content-Type == text/html", [seeing({ headers: [["content-type", "text/html"]] })], [seeing({})]],
]

describe("a condition of Gatus", () => {
  it.each(documented)("%s means the same", (text, passing, failing) => {
    const condition = Either.getOrThrow(parse(text))
    for (const observation of passing)
      assert.isTrue(evaluate(condition, observation).holds, JSON.stringify(observation))
    for (const observation of failing)
      assert.isFalse(evaluate(condition, observation).holds, JSON.stringify(observation))
  })
})
