import { aged, asked, asking, check, control, given, hour, loose, optimal, required, reused, suite } from "./words.ts";

const stale = control("max-age=1");
const tag = ["ETag", '"one"'] as const;
const modified = ["Last-Modified", -86_400] as const;

export const validation = suite(
  "validation",
  "Validation towards the origin (RFC 9111 §4.3.1)",
  optimal("etag", "9111 §4.3.1", "a stale answer is validated by its ETag", aged([stale, tag]), {
    expected_type: "etag_validated",
    response_headers: [stale, tag],
    expected_status: 200,
  }),
  optimal("weak-etag", "9110 §8.8.3.2", "a weak one will do", aged([stale, ["ETag", 'W/"one"']]), {
    expected_type: "etag_validated",
    response_headers: [stale, ["ETag", 'W/"one"']],
    expected_status: 200,
  }),
  optimal("last-modified", "9111 §4.3.1", "or by its Last-Modified", aged([stale, modified]), {
    expected_type: "lm_validated",
    response_headers: [stale],
    expected_status: 200,
  }),
  required("no-validator", "9111 §4.3.1", "without either, it is asked for whole", aged([stale]), {
    ...asked(),
    expected_request_headers_missing: ["If-None-Match", "If-Modified-Since"],
  }),
  required(
    "changed",
    "9111 §4.3.3",
    "a 200 replaces what was stored",
    aged([stale, tag]),
    asked({ setup: true, pause_after: 0.3, response_headers: [hour], response_body: "another" }),
    reused({ expected_response_text: "another" }),
  ),
  required(
    "server-error",
    "9111 §4.3.3",
    "a 5xx is passed on where stale answers aren't allowed",
    aged([control("max-age=1, must-revalidate"), tag]),
    asked({ response_status: [503, "Busy"], response_headers: [] }),
  ),
  required(
    "own-condition",
    "9111 §4.3.1",
    "the client's own condition doesn't become the stored answer's",
    { ...aged([stale, tag]), request_headers: [] },
    { ...asked({ request_headers: [["If-None-Match", '"other"']] }), expected_status: 200 },
  ),
);

export const update304 = suite(
  "update-304",
  "Freshening by a 304 (RFC 9111 §3.2, §4.3.4)",
  optimal(
    "lifetime",
    "9111 §4.3.4",
    "a 304's lifetime is the stored answer's from then on",
    aged([stale, tag]),
    { ...confirmed([hour, tag]), pause_after: true },
    reused(),
  ),
  required("field", "9111 §3.2", "its fields replace the stored ones at once", aged([stale, tag, ["X-Counter", "1"]]), {
    ...confirmed([hour, tag, ["X-Counter", "2"]]),
    expected_response_headers: [["X-Counter", "2"]],
  }),
  required(
    "field-kept",
    "9111 §3.2",
    "and for later requests",
    aged([stale, tag, ["X-Counter", "1"]]),
    { ...confirmed([hour, tag, ["X-Counter", "2"]]), setup: true, pause_after: 0.5 },
    reused({ expected_response_headers: [["X-Counter", "2"]], setup_tests: ["expected_type"] }),
  ),
  required("other-fields", "9111 §3.2", "fields that it doesn't have stay", aged([stale, tag, ["X-Steady", "1"]]), {
    ...confirmed([hour, tag]),
    expected_response_headers: [["X-Steady", "1"]],
  }),
  required(
    "length",
    "9111 §3.2",
    "its Content-Length says nothing of the stored bytes",
    aged([stale, tag], { response_body: "twelve bytes" }),
    { ...confirmed([hour, tag]), expected_response_text: "twelve bytes" },
  ),
  required(
    "body",
    "9111 §4.3.3",
    "the client gets the stored bytes",
    aged([stale, tag], { response_body: "the first" }),
    { ...confirmed([hour, tag]), expected_response_text: "the first" },
  ),
  required(
    "age",
    "9111 §4.2.3",
    "its age begins anew",
    aged([stale, tag, loose("Age", "500")]),
    { ...confirmed([hour, tag]), setup: true, pause_after: 0.5 },
    reused({
      expected_response_headers_missing: [
        ["Age", "500"],
        ["Age", "503"],
        ["Age", "504"],
      ],
    }),
  ),
);

/** The origin says that what is stored still holds. */
function confirmed(headers: readonly (readonly [string, string | number, boolean?])[]) {
  return { expected_type: "etag_validated", expected_status: 200, response_headers: headers } as const;
}

export const conditional = suite(
  "conditional",
  "Conditional requests answered from the store (RFC 9111 §4.3.2, RFC 9110 §13)",
  ...(
    [
      ["strong", '"one"', 304, "the stored ETag"],
      ["weak", 'W/"one"', 304, "its weak form: the comparison is weak"],
      ["list", '"zero", "one" , "two"', 304, "a list that has it"],
      ["star", "*", 304, "*"],
      ["other", '"two"', 200, "another"],
      ["list-other", '"zero", "two"', 200, "a list without it"],
      ["comma", '"zero,one"', 200, "one with a comma in it, which is no list"],
    ] as const
  ).map(([id, value, status, name]) =>
    required(
      `if-none-match-${id}`,
      "9110 §13.1.2",
      `If-None-Match with ${name}: ${status}`,
      given([hour, tag]),
      reused({ request_headers: [["If-None-Match", value]], expected_status: status, setup_tests: ["expected_type"] }),
    ),
  ),
  optimal(
    "if-modified-since",
    "9110 §13.1.3",
    "If-Modified-Since not before Last-Modified: 304",
    given([hour, modified]),
    reused({ request_headers: [["If-Modified-Since", -80_000]], expected_status: 304 }),
  ),
  required(
    "if-modified-since-earlier",
    "9110 §13.1.3",
    "before it: 200",
    given([hour, modified]),
    reused({ request_headers: [["If-Modified-Since", -90_000]], setup_tests: ["expected_type"] }),
  ),
  required(
    "if-modified-since-invalid",
    "9110 §13.1.3",
    "with what is no date: 200",
    given([hour, modified]),
    reused({ request_headers: [["If-Modified-Since", "yesterday"]], setup_tests: ["expected_type"] }),
  ),
  required(
    "both",
    "9110 §13.1.3",
    "If-Modified-Since is ignored beside If-None-Match",
    given([hour, tag, modified]),
    reused({
      request_headers: [
        ["If-None-Match", '"two"'],
        ["If-Modified-Since", 0],
      ],
      setup_tests: ["expected_type"],
    }),
  ),
  required(
    "304-fields",
    "9110 §15.4.5",
    "a 304 has the ETag, Cache-Control, Date and Vary of the 200",
    given([hour, tag, ["Date", 0], ["Vary", "X-Some"]]),
    reused({
      request_headers: [["If-None-Match", '"one"']],
      expected_status: 304,
      expected_response_headers: [["ETag", '"one"'], ["Cache-Control", "max-age=3600"], "Date", ["Vary", "X-Some"]],
    }),
  ),
  check(
    "miss",
    "9111 §4.3.2",
    "a conditional request for nothing stored is answered whole and stored",
    given([hour, tag], { request_headers: [["If-None-Match", '"zero"']] }),
    reused(),
  ),
);

export const head = suite(
  "head",
  "HEAD (RFC 9110 §9.3.2, RFC 9111 §4.3.5)",
  optimal("from-get", "9111 §4", "is answered from a stored GET", given([hour, ["X-Mark", "1"]]), {
    ...reused({ request_method: "HEAD", expected_response_headers: [["X-Mark", "1"]] }),
    expected_response_text: null,
  }),
  required("no-body", "9110 §9.3.2", "has no content", given([hour]), {
    request_method: "HEAD",
    expected_response_text: null,
    expected_response_headers_missing: ["Transfer-Encoding"],
  }),
  required(
    "not-for-get",
    "9111 §4",
    "isn't taken for an answer to GET",
    { ...given([hour]), request_method: "HEAD" },
    asked(),
  ),
  optimal(
    "conditional",
    "9110 §13.2",
    "may be conditional",
    given([hour, tag]),
    reused({ request_method: "HEAD", request_headers: [["If-None-Match", '"one"']], expected_status: 304 }),
  ),
  required(
    "stale",
    "9111 §4.2.4",
    "of a stale answer goes to the origin",
    aged([control("max-age=1")]),
    asked({ request_method: "HEAD" }),
  ),
);

export const requests = suite(
  "request",
  "What the request asks for (RFC 9111 §5.2.1, §5.4)",
  required("no-cache", "9111 §5.2.1.4", "no-cache: ask the origin", given([hour]), asked(says("no-cache"))),
  required(
    "pragma",
    "9111 §5.4",
    "Pragma: no-cache means the same, alone",
    given([hour]),
    asked(asking(["Pragma", "no-cache"])),
  ),
  optimal(
    "pragma-beside",
    "9111 §5.4",
    "and nothing beside a Cache-Control",
    given([hour]),
    reused(asking(["Pragma", "no-cache"], ["Cache-Control", "max-age=3000"])),
  ),
  required("max-age-0", "9111 §5.2.1.1", "max-age=0: ask the origin", aged([hour]), asked(says("max-age=0"))),
  required("max-age", "9111 §5.2.1.1", "max-age: nothing older", aged([hour]), asked(says("max-age=1"))),
  optimal("max-age-enough", "9111 §5.2.1.1", "what is younger will do", given([hour]), reused(says("max-age=1000"))),
  required(
    "min-fresh",
    "9111 §5.2.1.3",
    "min-fresh: not what is stale soon",
    given([hour]),
    asked(says("min-fresh=4000")),
  ),
  optimal(
    "min-fresh-enough",
    "9111 §5.2.1.3",
    "what stays fresh will do",
    given([hour]),
    reused(says("min-fresh=1000")),
  ),
  optimal(
    "max-stale",
    "9111 §5.2.1.2",
    "max-stale: stale will do",
    aged([control("max-age=1")]),
    reused(says("max-stale=100")),
  ),
  optimal("max-stale-any", "9111 §5.2.1.2", "however stale", aged([control("max-age=1")]), reused(says("max-stale"))),
  required(
    "max-stale-less",
    "9111 §5.2.1.2",
    "not staler than that",
    aged([control("max-age=1")]),
    asked(says("max-stale=1")),
  ),
  required("only-if-cached", "9111 §5.2.1.7", "only-if-cached: 504 when there is nothing", {
    ...says("only-if-cached"),
    expected_type: "cached",
    expected_status: 504,
    expected_response_text: null,
  }),
  optimal("only-if-cached-hit", "9111 §5.2.1.7", "and what there is", given([hour]), reused(says("only-if-cached"))),
  required("only-if-cached-stale", "9111 §5.2.1.7", "504 when that is stale", aged([control("max-age=1")]), {
    ...says("only-if-cached"),
    expected_type: "cached",
    expected_status: 504,
    expected_response_text: null,
  }),
);

function says(directive: string) {
  return asking(["Cache-Control", directive]);
}
