import { aged, asked, asking, check, control, given, hour, loose, optimal, required, reused, suite } from "./words.ts";

const post = { request_method: "POST", request_body: "abc" } as const;
const strange = { response_status: [299, "Whatever"] } as const;
const credentials = asking(["Authorization", "Basic eDp5"]);

export const storing = suite(
  "storing",
  "Storing answers (RFC 9111 §3)",
  required("no-store", "9111 §5.2.2.5", "no-store", given([control("no-store, max-age=3600")]), asked()),
  required("private", "9111 §5.2.2.7", "private", given([control("private, max-age=3600")]), asked()),
  required(
    "private-s-maxage",
    "9111 §5.2.2.7",
    "private, also beside s-maxage",
    given([control("private, s-maxage=3600")]),
    asked(),
  ),
  optimal(
    "set-cookie",
    "9111 §7.3",
    "an answer that sets a cookie, like any other",
    given([hour, loose("Set-Cookie", "theme=dark")]),
    reused(),
  ),
  optimal(
    "set-cookie-public",
    "9111 §7.3",
    "one that says that it is for everybody",
    given([control("public, max-age=3600"), loose("Set-Cookie", "theme=dark")]),
    reused(),
  ),
  required(
    "no-store-upper",
    "9111 §5.2",
    "NO-STORE, in any case",
    given([loose("Cache-Control", "NO-STORE, max-age=3600")]),
    asked(),
  ),
  required(
    "no-store-second-line",
    "9110 §5.3",
    "no-store in a second line",
    given([loose("Cache-Control", "max-age=3600"), loose("Cache-Control", "no-store")]),
    asked(),
  ),
  optimal(
    "no-store-in-quotes",
    "9110 §5.6.4",
    "no-store in a quoted string is none",
    given([control('max-age=3600, x="no-store"')]),
    reused(),
  ),
  required(
    "request-no-store",
    "9111 §5.2.1.5",
    "a request's no-store",
    given([hour], asking(["Cache-Control", "no-store"])),
    asked(),
  ),
  required("post", "9111 §3", "an answer to POST isn't taken for one to GET", given([hour], post), asked()),
  required("put", "9111 §3", "nor one to PUT", given([hour], { ...post, request_method: "PUT" }), asked()),
  required(
    "set-aside-field",
    "9111 §5.2.2.7",
    "private with names: the rest may be stored, without those fields",
    given([control('max-age=3600, private="x-mine"'), ["X-Mine", "1"], ["X-Ours", "2"]]),
    { expected_response_headers: [["X-Ours", "2"]], expected_response_headers_missing: [] },
  ),
  required(
    "set-aside-field-gone",
    "9111 §5.2.2.7",
    "and those fields aren't shared",
    given([control('max-age=3600, private="x-mine"'), ["X-Mine", "1"]]),
    reused({ expected_response_headers_missing: ["X-Mine"], setup_tests: ["expected_type"] }),
  ),
  optimal(
    "must-understand",
    "9111 §5.2.2.3",
    "must-understand overrides no-store for a status that is understood",
    given([control("must-understand, no-store, max-age=3600")]),
    reused(),
  ),
  required(
    "must-understand-not",
    "9111 §5.2.2.3",
    "and forbids storing one that isn't",
    given([control("must-understand, no-store, max-age=3600")], { response_status: [299, "Whatever"] }),
    asked({ response_status: [299, "Whatever"] }),
  ),
  ...[301, 302, 307, 308, 404, 410, 500, 503].map((status) =>
    optimal(
      `status-${status}`,
      "9111 §3",
      `a ${status} with a lifetime of its own is reused`,
      given([hour], { response_status: [status, "Status"] }),
      reused({ expected_status: status }),
    ),
  ),
  check("status-unknown", "9111 §3", "so is a 299", given([hour], strange), reused({ expected_status: 299 })),
  optimal(
    "fields-kept",
    "9111 §3.1",
    "unknown fields are stored",
    given([hour, ["X-Anything", "at all"]]),
    reused({ expected_response_headers: [["X-Anything", "at all"]] }),
  ),
  required(
    "connection-fields",
    "9111 §3.1",
    "fields that Connection names aren't",
    given([hour, loose("Connection", "x-hop"), loose("X-Hop", "1")]),
    reused({ expected_response_headers_missing: ["X-Hop"], setup_tests: ["expected_type"] }),
  ),
  required(
    "query",
    "9111 §2",
    "the query is part of the key",
    given([hour], { query_arg: "a=1" }),
    asked({ query_arg: "a=2" }),
  ),
);

export const authenticated = suite(
  "authorization",
  "Authenticated requests (RFC 9111 §3.5)",
  required("plain", "9111 §3.5", "an answer to them isn't shared", given([hour], credentials), asked()),
  required("expires", "9111 §3.5", "also with Expires", given([["Expires", 3600]], credentials), asked()),
  ...["public", "s-maxage=3600", "must-revalidate"].map((directive) =>
    optimal(
      directive.replace(/=.*/, ""),
      "9111 §3.5",
      `unless it says ${directive}`,
      given([control(`max-age=3600, ${directive}`)], credentials),
      reused(),
    ),
  ),
  check(
    "shared-to-authenticated",
    "9111 §3.5",
    "a stored answer is served to them",
    given([control("public, max-age=3600")]),
    reused(credentials),
  ),
);

export const noCache = suite(
  "no-cache",
  "Answers that must be validated (RFC 9111 §5.2.2.2, §5.2.2.4)",
  required(
    "no-cache",
    "9111 §5.2.2.4",
    "no-cache is never reused unasked",
    given([control("no-cache, max-age=60")]),
    asked(),
  ),
  optimal("no-cache-validated", "9111 §5.2.2.4", "but validated", given([control("no-cache"), ["ETag", '"a"']]), {
    expected_type: "etag_validated",
    expected_status: 200,
    response_headers: [["ETag", '"a"']],
  }),
  required(
    "must-revalidate",
    "9111 §5.2.2.2",
    "must-revalidate: stale is never served, whatever the client takes",
    aged([control("max-age=1, must-revalidate")]),
    asked(asking(["Cache-Control", "max-stale=1000"])),
  ),
  required(
    "proxy-revalidate",
    "9111 §5.2.2.8",
    "nor with proxy-revalidate",
    aged([control("max-age=1, proxy-revalidate")]),
    asked(asking(["Cache-Control", "max-stale=1000"])),
  ),
  required(
    "s-maxage",
    "9111 §5.2.2.10",
    "nor with s-maxage, which means the same",
    aged([control("s-maxage=1")]),
    asked(asking(["Cache-Control", "max-stale=1000"])),
  ),
  optimal(
    "must-revalidate-fresh",
    "9111 §5.2.2.2",
    "must-revalidate lets a fresh answer be",
    given([control("max-age=3600, must-revalidate")]),
    reused(),
  ),
  required(
    "must-revalidate-error",
    "9111 §5.2.2.2",
    "it forbids a stale answer also when the origin is gone",
    aged([control("max-age=1, must-revalidate, stale-if-error=600")]),
    { disconnect: true, expected_type: "not_cached", expected_status: 502, expected_response_text: null },
  ),
);
