import { describe, expect, test } from "vitest";
import { controlOf } from "../../src/cache/control.ts";
import { whyNotStored, type NotStored } from "../../src/cache/storable.ts";
import type { CachePolicy } from "../../src/config/model.ts";
import { Fields } from "../../src/http/fields.ts";
import type { Routed } from "../../src/visit.ts";
import { compressing, edgeWith, person, sited } from "../harness/rooms.ts";

const edge = edgeWith();

interface Story {
  readonly path?: string;
  readonly method?: string;
  readonly request?: Readonly<Record<string, string>>;
  readonly status?: number;
  readonly answer?: Readonly<Record<string, string>>;
  readonly policy?: Partial<CachePolicy>;
}

/** The reason not to keep that answer to that request; "stored" when there is none. */
function verdict({ path = "/a", method = "GET", request = {}, status = 200, answer = {}, policy }: Story): string {
  const visit = sited(path, { method, headers: request });
  const fields = new Fields();
  for (const [name, value] of Object.entries(answer)) fields.set(name, value);
  const routed: Routed = {
    ...visit,
    ...person,
    rules: [],
    dues: [],
    target: path,
    pool: visit.site.origins,
    balance: visit.site.balance,
    caching: { ...visit.site.caching, ...policy },
    experiments: [],
    requestEdits: [],
    shapes: [],
    finishing: { edits: [], compress: compressing },
  };
  return whyNotStored(routed, { status, fields, body: null }, controlOf(fields, edge)) ?? "stored";
}

const says = (control: string): Readonly<Record<string, string>> => ({ "cache-control": control });
const minute = says("max-age=60");
const long = "x".repeat(5000);

/** Each reason, by a story that has it and its nearest neighbour that hasn't. */
const reasons: Readonly<Record<NotStored, readonly (readonly [has: Story, hasNot: Story])[]>> = {
  "not-get": [[{ method: "HEAD", answer: minute }, { answer: minute }]],
  "request-no-store": [
    [
      { request: { "cache-control": "no-store" }, answer: minute },
      { request: { "cache-control": "no-cache" }, answer: minute },
    ],
  ],
  precondition: [
    [
      { request: { "if-match": '"1"' }, answer: minute },
      { request: { "if-none-match": '"1"' }, answer: minute },
    ],
    [
      { request: { "if-unmodified-since": "x" }, answer: minute },
      { request: { "if-modified-since": "x" }, answer: minute },
    ],
  ],
  partial: [
    [
      { status: 206, answer: minute },
      { status: 204, answer: minute },
    ],
    [
      { status: 416, answer: minute },
      { status: 410, answer: minute },
    ],
  ],
  "not-modified": [
    [
      { status: 304, answer: minute },
      { status: 303, answer: minute },
    ],
  ],
  "for-one-client": [428, 429, 431, 511].map((status) => [
    { status, answer: minute, policy: { ttl: { [status]: 1000 } } },
    { status: 403, answer: minute },
  ]),
  interim: [
    [
      { status: 103, answer: minute },
      { status: 200, answer: minute },
    ],
  ],
  "no-store": [
    [{ answer: says("max-age=60, no-store") }, { answer: says("max-age=60, no-store-please") }],
    [{ answer: says('max-age=60, NO-STORE="x"') }, { answer: says('max-age=60, x="no-store"') }],
    // must-understand takes no-store back for statuses that this cache knows, and stands for it for all others (§5.2.2.3)
    [
      { status: 299, answer: says("max-age=60, must-understand") },
      { status: 200, answer: says("max-age=60, must-understand") },
    ],
    [
      { status: 299, answer: says("max-age=60, must-understand, no-store") },
      { status: 200, answer: says("max-age=60, must-understand, no-store") },
    ],
    [
      { answer: { ...minute, "cdn-cache-control": "no-store" } },
      { answer: { "cache-control": "no-store", "cdn-cache-control": "max-age=60" } },
    ],
  ],
  private: [
    [{ answer: says("private, max-age=60") }, { answer: says('private="x-user", max-age=60') }],
    [{ answer: says("private, s-maxage=60") }, { answer: says("public, s-maxage=60") }],
  ],
  authorization: [
    ...["public, max-age=60", "s-maxage=60", "max-age=60, must-revalidate"].map(
      (control) =>
        [
          { request: { authorization: "Basic eDp5" }, answer: minute },
          { request: { authorization: "Basic eDp5" }, answer: says(control) },
        ] as const,
    ),
    // Targeted at this cache, but no word of who may be given it.
    [
      { request: { authorization: "Basic eDp5" }, answer: { "cdn-cache-control": "max-age=60" } },
      { request: { authorization: "Basic eDp5" }, answer: { "cdn-cache-control": "public, max-age=60" } },
    ],
  ],
  "set-cookie": [
    ...[
      "public, max-age=60",
      "s-maxage=60",
      'max-age=60, private="set-cookie"',
      'max-age=60, no-cache="Set-Cookie"',
    ].map(
      (control) =>
        [
          { answer: { "set-cookie": "id=1", ...minute } },
          { answer: { "set-cookie": "id=1", ...says(control) } },
        ] as const,
    ),
    [
      { answer: { "set-cookie": "id=1", ...minute } },
      { answer: { "set-cookie": "id=1", ...minute }, policy: { storeSetCookie: true } },
    ],
  ],
  cookie: [
    [{ request: { cookie: "id=1" }, answer: { etag: '"1"' } }, { answer: { etag: '"1"' } }],
    [
      { request: { cookie: "id=1" }, answer: { etag: '"1"' } },
      { request: { cookie: "id=1" }, answer: minute },
    ],
    [
      { request: { cookie: "id=1" }, answer: { etag: '"1"', "content-type": "text/css" } },
      { path: "/a.css", request: { cookie: "id=1" }, answer: { etag: '"1"', "content-type": "text/css" } },
    ],
    [
      { request: { cookie: "id=1" }, answer: { etag: '"1"' } },
      { request: { cookie: "id=1" }, answer: { etag: '"1"' }, policy: { ttl: 1000 } },
    ],
  ],
  "deceptive-type": [
    ...["text/html; charset=utf-8", "application/json", "image/png"].map(
      (type) =>
        [
          { path: "/a.css", answer: { ...minute, "content-type": type } },
          { path: "/a", answer: { ...minute, "content-type": type } },
        ] as const,
    ),
    [
      { path: "/a.zip", answer: { ...minute, "content-type": "application/json" } },
      { path: "/a.zip", answer: { ...minute, "content-type": "application/zip" } },
    ],
    [
      { path: "/a.svg", answer: { ...minute, "content-type": "text/html" } },
      { path: "/a.svg", answer: { ...minute, "content-type": "IMAGE/svg+xml" } },
    ],
    // A page that tells that the file is missing is no page of anybody's
    [
      { path: "/a.js", answer: { ...minute, "content-type": "text/html" } },
      { path: "/a.js", status: 404, answer: { ...minute, "content-type": "text/html" } },
    ],
  ],
  "provoked-error": [
    [
      { status: 400, request: { "x-long": long }, answer: minute },
      { status: 400, answer: minute },
    ],
    [
      { status: 404, request: { "x-long": long }, answer: minute },
      { status: 200, request: { "x-long": long }, answer: minute },
    ],
  ],
  "vary-star": [[{ answer: { ...minute, vary: "accept, *" } }, { answer: { ...minute, vary: "accept" } }]],
  "event-stream": [
    [
      { answer: { ...minute, "content-type": "text/event-stream" } },
      { answer: { ...minute, "content-type": "text/plain" } },
    ],
  ],
  "too-large": [
    [{ answer: { ...minute, "content-length": "1025" } }, { answer: { ...minute, "content-length": "1024" } }],
  ],
  "no-freshness": [
    [{}, { answer: { etag: '"1"' } }],
    [
      { status: 500, answer: { etag: '"1"' } },
      { status: 500, answer: minute },
    ],
    [
      { status: 302, answer: { etag: '"1"' } },
      { status: 302, answer: { etag: '"1"', "cache-control": "public" } },
    ],
    [{}, { answer: { expires: "0" } }],
    [{}, { policy: { ttl: 1000 } }],
    // A ttl for all is none for an origin that fails
    [
      { status: 503, policy: { ttl: 1000 } },
      { status: 404, policy: { ttl: 1000 } },
    ],
    [
      { status: 503, policy: { ttl: { default: 1000 } } },
      { status: 503, policy: { ttl: { "5xx": 1000 } } },
    ],
    [
      { status: 404, policy: { ttl: { "200": 1000 } } },
      { status: 404, policy: { ttl: { "4xx": 1000 } } },
    ],
    [
      { status: 503, policy: { ttl: { "5xx": 0 } } },
      { status: 200, policy: { ttl: { default: 0 } } },
    ],
  ],
};

describe.each(Object.entries(reasons))("%s", (reason, stories) => {
  test.each(stories.map(([has, hasNot]) => ({ has, hasNot })))("$has, but not $hasNot", ({ has, hasNot }) => {
    expect(verdict(has)).toBe(reason);
    expect(verdict(hasNot)).not.toBe(reason);
  });
});
