import { aged, asked, check, control, given, hour, loose, optimal, required, reused, suite } from "./words.ts";

export const freshness = suite(
  "freshness",
  "Freshness lifetime (RFC 9111 §4.2.1)",
  optimal("max-age", "9111 §5.2.2.1", "a positive max-age makes an answer fresh", given([hour]), reused()),
  optimal("s-maxage", "9111 §5.2.2.10", "so does s-maxage", given([control("s-maxage=3600")]), reused()),
  optimal("expires", "9111 §5.3", "so does Expires in the future", given([["Expires", 3600]]), reused()),
  optimal(
    "s-maxage-longer",
    "9111 §5.2.2.10",
    "s-maxage overrides a shorter max-age in a shared cache",
    aged([control("max-age=1, s-maxage=3600")]),
    reused(),
  ),
  required(
    "s-maxage-shorter",
    "9111 §5.2.2.10",
    "and a longer one",
    aged([control("max-age=3600, s-maxage=1")]),
    asked(),
  ),
  required(
    "s-maxage-over-expires",
    "9111 §5.2.2.10",
    "s-maxage overrides Expires",
    aged([control("s-maxage=1"), ["Expires", 3600]]),
    asked(),
  ),
  optimal(
    "max-age-over-expires-past",
    "9111 §5.3",
    "max-age overrides an Expires in the past",
    given([hour, ["Expires", -100]]),
    reused(),
  ),
  required(
    "max-age-over-expires-future",
    "9111 §5.3",
    "and one in the future",
    aged([control("max-age=1"), ["Expires", 3600]]),
    asked(),
  ),
  required("max-age-0", "9111 §4.2", "a max-age of 0 is never fresh", given([control("max-age=0")]), asked()),
  required("expired", "9111 §4.2", "an answer older than its max-age is stale", aged([control("max-age=1")]), asked()),
  required("expires-past", "9111 §5.3", "an Expires in the past is stale", given([["Expires", -10]]), asked()),
  required(
    "expires-is-date",
    "9111 §4.2.1",
    "an Expires equal to Date is a lifetime of nothing",
    given([
      ["Date", 0],
      ["Expires", 0],
    ]),
    asked(),
  ),
  required("expires-0", "9111 §5.3", 'Expires: "0" is in the past', given([["Expires", "0"]]), asked()),
  required("expires-word", "9111 §5.3", "so is what is no date", given([["Expires", "tomorrow"]]), asked()),
  required(
    "expires-relative-to-date",
    "9111 §4.2.1",
    "the lifetime is Expires minus Date, not minus the cache's clock",
    given([
      ["Date", -7200],
      ["Expires", -3600],
    ]),
    asked(),
  ),
  optimal(
    "huge",
    "9111 §1.2.2",
    "a lifetime beyond 2^31 seconds is as good as for ever",
    given([control("max-age=99999999999")]),
    reused(),
  ),
  required("empty", "9111 §4.2.1", "max-age without an argument is stale", given([control("max-age=")]), asked()),
  required("negative", "9111 §4.2.1", "a negative max-age is stale", given([control("max-age=-1")]), asked()),
  required("word", "9111 §4.2.1", "a max-age that is no number is stale", given([control("max-age=one")]), asked()),
  optimal("upper-case", "9111 §5.2", "directives are read in any case", given([control("MAX-AGE=3600")]), reused()),
  optimal(
    "quoted",
    "9111 §5.2",
    "an argument may be a quoted string",
    given([loose("Cache-Control", 'max-age="3600"')]),
    reused(),
  ),
  required(
    "inside-quotes",
    "9110 §5.6.4",
    "what stands in a quoted string is no directive",
    given([control('x="y, max-age=3600", max-age=0')]),
    asked(),
  ),
  optimal(
    "unknown-directive",
    "9111 §5.2.3",
    "an unknown directive is ignored",
    given([control("max-age=3600, brand-new=5")]),
    reused(),
  ),
  optimal(
    "two-lines",
    "9110 §5.3",
    "lines of one name are one list",
    given([loose("Cache-Control", "public"), loose("Cache-Control", "max-age=3600")]),
    reused(),
  ),
  required(
    "repeated-shorter-first",
    "9111 §4.2.1",
    "of two max-ages the first counts, or the answer is stale",
    aged([control("max-age=1, max-age=3600")]),
    asked(),
  ),
  check(
    "repeated-longer-first",
    "9111 §4.2.1",
    "this cache takes the first",
    aged([control("max-age=3600, max-age=1")]),
    reused(),
  ),
);

/** A 204 has none. */
const noBody = { response_body: null, check_body: false } as const;

export const heuristics = suite(
  "heuristics",
  "Heuristic freshness (RFC 9111 §4.2.2)",
  ...[200, 203, 204, 404, 405, 410, 414, 501].map((status) =>
    optimal(
      `status-${status}`,
      "9110 §15.1",
      `a ${status} that hasn't changed for long is fresh by heuristics`,
      given([["Last-Modified", -864_000]], { response_status: [status, "Status"], ...(status === 204 && noBody) }),
      reused({ expected_status: status }),
    ),
  ),
  ...[201, 400, 403, 500, 503].map((status) =>
    required(
      `status-${status}`,
      "9111 §4.2.2",
      `a ${status} isn't`,
      given([["Last-Modified", -864_000]], { response_status: [status, "Status"] }),
      asked({ response_status: [status, "Status"] }),
    ),
  ),
  optimal(
    "public",
    "9111 §4.2.2",
    "public allows it for other statuses",
    given([control("public"), ["Last-Modified", -864_000]], { response_status: [403, "Forbidden"] }),
    reused({ expected_status: 403 }),
  ),
  required(
    "explicit-wins",
    "9111 §4.2.2",
    "heuristics stay out where the origin named a time",
    given([control("max-age=0"), ["Last-Modified", -864_000]]),
    asked(),
  ),
  required(
    "explicit-invalid",
    "9111 §4.2.2",
    "also where that time can't be read",
    given([
      ["Expires", "soon"],
      ["Last-Modified", -864_000],
    ]),
    asked(),
  ),
  check(
    "future-last-modified",
    "9110 §8.8.2.1",
    "a Last-Modified in the future says nothing",
    given([["Last-Modified", 864_000]]),
    asked(),
  ),
);
