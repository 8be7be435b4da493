import { asked, given, hour, optimal, required, reused, suite } from "./words.ts";

const stored = given([hour]);
const change = (request_method: string) =>
  ({ request_method, request_body: "abc", setup: true, pause_after: 0.3 }) as const;

/** The case's URL is stored, a request elsewhere points to it, and it is asked for again. */
function pointed(field: "Location" | "Content-Location") {
  return required(
    field.toLowerCase(),
    "9111 §4.4",
    `so is the URL in the answer's ${field}, on the same host`,
    given([hour], { filename: "item" }),
    {
      ...change("POST"),
      filename: "list",
      magic_locations: true,
      response_status: [201, "Created"],
      response_headers: [[field, "item"]],
    },
    asked({ filename: "item" }),
  );
}

export const invalidation = suite(
  "invalidation",
  "Invalidation (RFC 9111 §4.4)",
  ...["POST", "PUT", "DELETE", "PATCH"].map((method) =>
    required(
      method.toLowerCase(),
      "9111 §4.4",
      `after a successful ${method} the URL is asked for again`,
      stored,
      change(method),
      asked(),
    ),
  ),
  ...[400, 404, 500].map((status) =>
    optimal(
      `failed-${status}`,
      "9111 §4.4",
      `not after one that ended in ${status}`,
      stored,
      { ...change("POST"), response_status: [status, "No"] },
      reused(),
    ),
  ),
  ...[201, 204, 303].map((status) =>
    required(
      `done-${status}`,
      "9111 §4.4",
      `a ${status} counts as success`,
      stored,
      {
        ...change("POST"),
        response_status: [status, "Done"],
        ...(status === 204 && { response_body: null, check_body: false }),
      },
      asked(),
    ),
  ),
  pointed("Location"),
  pointed("Content-Location"),
  required(
    "other-host",
    "9111 §4.4",
    "what another host's URL names is left alone",
    given([hour], { filename: "item" }),
    { ...change("POST"), filename: "list", response_headers: [["Location", "http://other.example/item", false]] },
    reused({ filename: "item", setup_tests: [] }),
  ),
  optimal("options", "9110 §9.2.1", "OPTIONS is safe and leaves it alone", stored, { ...change("OPTIONS") }, reused()),
  optimal(
    "query",
    "9111 §4.4",
    "another query is another URL",
    given([hour], { query_arg: "a=1" }),
    change("POST"),
    reused({ query_arg: "a=1" }),
  ),
  required(
    "variants",
    "9111 §4.4",
    "all variants go",
    given([hour, ["Vary", "X-Kind"]], { request_headers: [["X-Kind", "one"]] }),
    given([hour, ["Vary", "X-Kind"]], { request_headers: [["X-Kind", "two"]] }),
    change("POST"),
    asked({ request_headers: [["X-Kind", "one"]] }),
    asked({ request_headers: [["X-Kind", "two"]] }),
  ),
);
