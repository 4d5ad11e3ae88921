import { assert, describe, it } from "@effect/vitest"
import { PageSlug } from "@uptime/domain/StatusPage"
import { Schema } from "effect"
import fc from "fast-check"
import { changesOf, draftOf, isChanged, slugOf } from "../../src/statusPages/draft.ts"
import type { StatusPage } from "../../src/statusPages/queries.ts"

const page: StatusPage = {
  id: "0b7d2a3e-6c1f-4e57-9a53-0c1d2e3f4a5b",
  slug: "acme",
  domain: null,
  customDomain: null,
  title: "Acme",
  description: "",
  language: "en",
  timeZone: "UTC",
  accent: "#2563eb",
  customCss: "",
  visibility: "public",
  hasPassword: false,
  allowedRanges: ["10.0.0.0/8"],
  noindex: false,
  showsResponse: true,
  showsRegions: false,
  sections: [{ name: "Shop", monitors: [{ monitorId: "m1", publicId: "abcdefghijkl", name: null }] }],
  logo: null,
  createdAt: "2026-11-01T00:00:00.000Z",
  updatedAt: "2026-11-01T00:00:00.000Z",
}

describe("the form of a status page", () => {
  it("changes nothing as long as nothing is edited", () => {
    assert.deepStrictEqual(changesOf(page, draftOf(page)), {})
    assert.isFalse(isChanged(page, draftOf(page)))
    assert.isFalse(isChanged(page, { ...draftOf(page), title: " Acme ", ranges: "\n10.0.0.0/8\n\n" }))
  })

  it("sends what was edited, and nothing else", () => {
    const draft = { ...draftOf(page), domain: "Status.Example.com ", ranges: "10.0.0.0/8\n ::1" }
    assert.deepStrictEqual(changesOf(page, draft), {
      domain: "status.example.com",
      allowedRanges: ["10.0.0.0/8", "::1"],
    })
  })

  it("takes a domain away where its field is emptied, and sends a password only where one is typed", () => {
    const withDomain = { ...page, domain: "status.example.com" }
    assert.deepStrictEqual(changesOf(withDomain, { ...draftOf(withDomain), domain: " " }), { domain: null })
    assert.deepStrictEqual(changesOf(page, { ...draftOf(page), password: "open sesame" }), { password: "open sesame" })
  })

  it("makes a slug that the api takes of any title, or none", () => {
    const isSlug = Schema.is(PageSlug)
    assert.strictEqual(slugOf("Äpfel & Söhne – Status"), "apfel-sohne-status")
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (title) => {
        const slug = slugOf(title)
        assert.isTrue(slug === "" || isSlug(slug), slug)
      }),
    )
  })
})
