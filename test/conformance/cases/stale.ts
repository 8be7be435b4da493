import { aged, asked, check, control, given, loose, optimal, required, reused, suite } from "./words.ts";

const failing = { response_status: [503, "Busy"] } as const;

export const stale = suite(
  "stale",
  "Stale answers (RFC 9111 §4.2.4, RFC 5861)",
  optimal(
    "while-revalidate",
    "5861 §3",
    "a stale answer is served within stale-while-revalidate",
    aged([control("max-age=1, stale-while-revalidate=3600")]),
    { expected_response_headers: [["client-request-count", "1"]] },
  ),
  optimal(
    "while-revalidate-refreshes",
    "5861 §3",
    "and refreshed meanwhile",
    aged([control("max-age=1, stale-while-revalidate=3600")]),
    { response_headers: [control("max-age=3600")], setup: true, pause_after: 1, check_body: false },
    reused({ expected_response_headers: [["client-request-count", "2"]] }),
  ),
  required(
    "while-revalidate-over",
    "5861 §3",
    "not after that window",
    aged([control("max-age=1, stale-while-revalidate=1")]),
    asked(),
  ),
  required(
    "while-revalidate-must",
    "9111 §5.2.2.2",
    "must-revalidate forbids it",
    aged([control("max-age=1, stale-while-revalidate=3600, must-revalidate")]),
    asked(),
  ),
  optimal(
    "if-error",
    "5861 §4",
    "within stale-if-error it stands in for a 503",
    aged([control("max-age=1, stale-if-error=3600")]),
    { ...failing, expected_status: 200, expected_response_headers: [["client-request-count", "1"]] },
  ),
  optimal(
    "if-error-gone",
    "5861 §4",
    "and for an origin that closes the connection",
    aged([control("max-age=1, stale-if-error=3600")]),
    { disconnect: true, expected_status: 200, expected_response_headers: [["client-request-count", "1"]] },
  ),
  required(
    "if-error-over",
    "5861 §4",
    "not after that window",
    aged([control("max-age=1, stale-if-error=1")]),
    asked(failing),
  ),
  required(
    "if-error-404",
    "5861 §4",
    "not for a 404, which is no failure of the origin",
    aged([control("max-age=1, stale-if-error=3600")]),
    asked({ response_status: [404, "Gone"] }),
  ),
  required(
    "error-unallowed",
    "9111 §4.2.4",
    "not where nobody allows it",
    aged([control("max-age=1, must-revalidate")]),
    asked(failing),
  ),
  required(
    "no-cache",
    "9111 §5.2.2.4",
    "no-cache is never served stale, however the origin fails",
    given([control("no-cache, stale-if-error=3600"), ["ETag", '"one"']]),
    asked(failing),
  ),
  required(
    "after-error",
    "5861 §4",
    "the origin's next answer counts again",
    aged([control("max-age=1, stale-if-error=3600")]),
    { ...failing, expected_status: 200, setup: true, check_body: false },
    asked({ response_body: "well again" }),
  ),
);

const cdn = (value: string) => loose("CDN-Cache-Control", value);

export const targeted = suite(
  "targeted",
  "Targeted control (RFC 9213)",
  optimal("alone", "9213 §2.2", "CDN-Cache-Control makes an answer fresh", given([cdn("max-age=3600")]), reused()),
  optimal(
    "longer",
    "9213 §2.2",
    "it goes before Cache-Control",
    aged([cdn("max-age=3600"), control("max-age=1")]),
    reused(),
  ),
  required(
    "shorter",
    "9213 §2.2",
    "also where it allows less",
    aged([cdn("max-age=1"), control("max-age=3600")]),
    asked(),
  ),
  optimal(
    "over-no-store",
    "9213 §2.2",
    "also before no-store",
    given([cdn("max-age=3600"), control("no-store")]),
    reused(),
  ),
  required("no-store", "9213 §2.2", "its no-store counts", given([cdn("no-store"), control("max-age=3600")]), asked()),
  required("private", "9213 §2.2", "so does its private", given([cdn("private"), control("max-age=3600")]), asked()),
  optimal(
    "over-expires",
    "9213 §2.2",
    "it goes before Expires",
    given([cdn("max-age=3600"), ["Expires", -10]]),
    reused(),
  ),
  required(
    "invalid",
    "9213 §2.1",
    "one that is no dictionary is ignored",
    given([cdn("max-age=3600, &&&"), control("no-store")]),
    asked(),
  ),
  optimal(
    "invalid-fallback",
    "9213 §2.1",
    "and Cache-Control counts",
    given([cdn("&&&"), control("max-age=3600")]),
    reused(),
  ),
  optimal("empty", "9213 §2.2", "an empty one says nothing", given([cdn(""), control("max-age=3600")]), reused()),
  check(
    "wrong-type",
    "9213 §2.1",
    "a max-age of another type is no max-age",
    given([cdn('max-age="3600"'), control("no-store")]),
    asked(),
  ),
);
