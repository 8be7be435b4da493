import { aged, asked, asking, control, given, hour, required, reused, suite } from "./words.ts";

const tag = ["ETag", '"one"'] as const;
const confirmed = { expected_type: "etag_validated", expected_status: 200, response_headers: [hour, tag] } as const;

export const cacheStatus = suite(
  "cache-status",
  "Cache-Status tells the truth (RFC 9211)",
  required("miss", "9211 §2.2", "nothing was stored", {
    response_headers: [hour],
    expected_cache_status: ["fwd=uri-miss", "fwd-status=200", "stored", "!hit"],
  }),
  required("not-stored", "9211 §2.5", "nothing is stored now", {
    response_headers: [control("no-store")],
    expected_cache_status: ["fwd=uri-miss", "!stored", "!hit"],
  }),
  required("hit", "9211 §2.1", "it came from the store", given([hour]), {
    ...reused(),
    expected_cache_status: ["hit", "!fwd", "!stored", "ttl>3000"],
  }),
  required("ttl", "9211 §2.4", "the freshness that is left", aged([control("max-age=100")]), {
    ...reused(),
    expected_cache_status: ["hit", "ttl>90", "ttl<98"],
  }),
  required("stale-hit", "9211 §2.4", "below zero when stale", aged([control("max-age=1, stale-while-revalidate=90")]), {
    expected_cache_status: ["hit", "ttl<0"],
  }),
  required("stale", "9211 §2.2", "what was stored is stale", aged([control("max-age=1")]), {
    ...asked(),
    expected_cache_status: ["fwd=stale", "fwd-status=200", "!hit"],
  }),
  required("validated", "9211 §2.3", "the origin confirmed it", aged([control("max-age=1"), tag]), {
    ...confirmed,
    expected_cache_status: ["fwd=stale", "fwd-status=304", "stored", "!hit"],
  }),
  required("request", "9211 §2.2", "the client wanted to be sure", given([hour]), {
    ...asked(asking(["Cache-Control", "no-cache"])),
    expected_cache_status: ["fwd=request", "!hit"],
  }),
  required("vary-miss", "9211 §2.2", "no variant fits", given([hour, ["Vary", "X-Kind"]], asking(["X-Kind", "one"])), {
    ...asked(asking(["X-Kind", "two"])),
    expected_cache_status: ["fwd=vary-miss", "!hit"],
  }),
  required("method", "9211 §2.2", "the method isn't cached", {
    request_method: "POST",
    request_body: "abc",
    expected_cache_status: ["fwd=method", "!stored", "!hit"],
  }),
  required(
    "failed",
    "9211 §2.3",
    "a stale answer stands in for a failure",
    aged([control("max-age=1, stale-if-error=90")]),
    {
      response_status: [503, "Busy"],
      expected_status: 200,
      expected_cache_status: ["fwd=stale", "fwd-status=503", "ttl<0"],
    },
  ),
  required("only-if-cached", "9211 §2", "nobody was asked", {
    ...asking(["Cache-Control", "only-if-cached"]),
    expected_status: 504,
    expected_response_text: null,
    expected_cache_status: ["!hit", "!fwd", "!stored"],
  }),
  required("not-modified", "9211 §2.1", "a 304 to the client came from the store too", given([hour, tag]), {
    ...reused(asking(["If-None-Match", '"one"'])),
    expected_status: 304,
    expected_cache_status: ["hit"],
  }),
);
