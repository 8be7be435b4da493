import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defaultBots } from "../../../src/config/identities.ts";
import { Fields } from "../../../src/http/fields.ts";
import { nameOf } from "../../../src/scrub/bots/name.ts";
import { createScore, spelled } from "../../../src/scrub/bots/score.ts";
import type { Client, Proof, Score } from "../../../src/visit.ts";
import { sited } from "../../harness/rooms.ts";

type Headers = Readonly<Record<string, string>>;

interface Told {
  readonly headers: Headers;
  readonly client?: Partial<Client>;
  readonly url?: string;
}

function scoreOf({ headers, client = {}, url = "/" }: Told): Score {
  const visit = sited(url);
  const named = nameOf(headers["user-agent"], { table: defaultBots, remember: (_, make) => make() });
  return createScore({ ...visit, client: { ...visit.client, ...client }, fields: Fields.of(headers), ...named });
}

function namesOf(told: Told): readonly string[] {
  return scoreOf(told)
    .weights("none")
    .map(({ name }) => name);
}

/** As browsers send them with a page that is typed into the address bar. */
const navigating = {
  accept: "text/html,application/xhtml+xml,*/*;q=0.8",
  "accept-language": "de,en;q=0.7",
  "accept-encoding": "gzip, deflate, br, zstd",
  "sec-fetch-site": "none",
  "sec-fetch-mode": "navigate",
  "sec-fetch-dest": "document",
  "sec-fetch-user": "?1",
};

const chrome: Headers = {
  ...navigating,
  "user-agent":
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36",
  "sec-ch-ua": '"Google Chrome";v="143", "Chromium";v="143", "Not A(Brand";v="24"',
  "sec-ch-ua-mobile": "?0",
  "sec-ch-ua-platform": '"Windows"',
};
const phone: Headers = {
  ...chrome,
  "user-agent":
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Mobile Safari/537.36",
  "sec-ch-ua-mobile": "?1",
  "sec-ch-ua-platform": '"Android"',
};
const firefox: Headers = {
  ...navigating,
  "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
};
const safari: Headers = {
  ...navigating,
  "user-agent":
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15",
};
const view: Headers = {
  accept: "*/*",
  "accept-language": "en",
  "accept-encoding": "gzip",
  "user-agent":
    "Mozilla/5.0 (Linux; Android 14; SM-A556B; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/142.0.0.0 Mobile Safari/537.36",
};
/** On Chromium 79, which has Fetch Metadata without `Sec-Fetch-Dest`. */
const samsung: Headers = {
  ...Object.fromEntries(Object.entries(navigating).filter(([name]) => name !== "sec-fetch-dest")),
  "user-agent":
    "Mozilla/5.0 (Linux; Android 10; SAMSUNG SM-A505FN) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/12.1 Chrome/79.0.3945.136 Mobile Safari/537.36",
};
const modern: Partial<Client> = { http: "HTTP/3", tls: "TLSv1.3", botScore: 90 };

test.each([
  ["Chrome", chrome],
  ["Chrome on a phone", phone],
  ["Firefox", firefox],
  ["Safari", safari],
  ["a view in an app", view],
  ["Samsung Internet 12", samsung],
])("nothing speaks against %s", (_, headers) => {
  const score = scoreOf({ headers, client: modern });
  expect([score.total("none"), score.weights("none")]).toEqual([0, []]);
});

function without(headers: Headers, ...names: readonly string[]): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}

const metadata = ["sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest", "sec-fetch-user"];

const signals: readonly [name: string, told: Told][] = [
  ["no-accept", { headers: without(chrome, "accept") }],
  ["no-language", { headers: without(chrome, "accept-language") }],
  ["no-encoding", { headers: without(chrome, "accept-encoding") }],
  ["odd-language", { headers: { ...chrome, "accept-language": "*" } }],
  ["odd-accept", { headers: { ...chrome, accept: "*/*" } }],
  ["no-fetch-metadata", { headers: without(firefox, ...metadata) }],
  ["odd-fetch-metadata", { headers: without(chrome, "sec-fetch-dest") }],
  ["odd-fetch-metadata", { headers: { ...chrome, "sec-fetch-mode": "browse" } }],
  ["odd-fetch-metadata", { headers: without(samsung, "sec-fetch-mode") }],
  ["odd-fetch-metadata", { headers: without(firefox, "sec-fetch-dest") }],
  ["odd-fetch-metadata", { headers: { ...chrome, "sec-fetch-mode": "cors" } }],
  ["odd-fetch-metadata", { headers: { ...firefox, "sec-fetch-user": "1" } }],
  ["no-hints", { headers: without(chrome, "sec-ch-ua", "sec-ch-ua-mobile", "sec-ch-ua-platform") }],
  ["foreign-hints", { headers: { ...firefox, "sec-ch-ua": chrome["sec-ch-ua"]! } }],
  ["foreign-hints", { headers: { ...safari, "sec-ch-ua-platform": '"macOS"' } }],
  ["other-version", { headers: { ...chrome, "sec-ch-ua": '"Chromium";v="120"' } }],
  ["other-version", { headers: { ...chrome, "sec-ch-ua": '"Firefox";v="143"' } }],
  ["other-platform", { headers: { ...chrome, "sec-ch-ua-platform": '"Linux"' } }],
  ["other-mobile", { headers: { ...chrome, "sec-ch-ua-mobile": "?1" } }],
  ["other-mobile", { headers: { ...phone, "sec-ch-ua-mobile": "?0" } }],
  ["old-http", { headers: chrome, client: { http: "HTTP/1.1" } }],
  ["old-tls", { headers: firefox, client: { tls: "TLSv1.1" } }],
  ["platform-sure", { headers: chrome, client: { botScore: 1 } }],
  ["platform-likely", { headers: chrome, client: { botScore: 29 } }],
];

test.each(signals)("%s: %j", (name, told) => {
  expect(namesOf(told)).toEqual([name]);
});

test("a headless browser gives itself away in its hints too", () => {
  const hints = '"HeadlessChrome";v="143", "Chromium";v="143"';
  expect(namesOf({ headers: { ...chrome, "sec-ch-ua": hints } })).toEqual(["headless-hints"]);
  const agent =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/143.0.0.0 Safari/537.36";
  expect(namesOf({ headers: { "user-agent": agent } })).toEqual(["tool", "headless"]);
});

test("fields that browsers send over https alone are not missed over http, nor others of a program that says it is one", () => {
  const bare = without(chrome, ...metadata, "sec-ch-ua", "sec-ch-ua-mobile", "sec-ch-ua-platform");
  expect(namesOf({ headers: bare, url: "http://www.example.com/" })).toEqual([]);
  expect(namesOf({ headers: { "user-agent": "curl/8.5.0" } })).toEqual(["tool"]);
  expect(namesOf({ headers: {} })).toEqual(["unknown", "no-agent"]);
});

describe("the score", () => {
  test("is the sum, up to 100, and rules add to it", () => {
    const score = scoreOf({ headers: { "user-agent": "curl/8.5.0" } });
    expect(score.wasAsked()).toBe(false);
    score.add({ name: "login", points: 25 });
    expect([score.total("claimed"), score.wasAsked()]).toEqual([55, true]);
    expect(spelled(score, "claimed")).toBe("score:55=tool:30,login:25");
    score.add({ name: "worse", points: 100 });
    expect(score.total("claimed")).toBe(100);
  });

  test("goes by what is proved: only rules speak against one who proved it, and an impostor is one", () => {
    const score = scoreOf({ headers: { "user-agent": "Googlebot/2.1" } });
    score.add({ name: "rule", points: 5 });
    expect(["none", "claimed", "verified", "impostor"].map((proof) => score.total(proof as Proof))).toEqual([
      15, 15, 5, 100,
    ]);
    expect(spelled(score, "impostor")).toBe("score:100=impostor:100,search:10,rule:5");
  });
});

const texts = fc.string({ unit: "binary" });
const browsers = fc.constantFrom(chrome, phone, firefox, safari, view);
const noise = fc.dictionary(
  fc.oneof(texts, fc.constantFrom(...Object.keys(chrome), "upgrade")),
  fc.oneof(texts, fc.constantFrom(...Object.values(chrome), "?1", '"Linux"', "*")),
);
const clients = fc.record(
  { http: fc.constantFrom("HTTP/1.1", "HTTP/2", "x"), tls: texts, botScore: fc.integer() },
  { requiredKeys: [] },
);

test("no header set makes it throw, and it is from 0 to 100", () => {
  fc.assert(
    fc.property(noise, clients, fc.boolean(), (headers, client, isPlain) => {
      const total = scoreOf({ headers, client, url: isPlain ? "http://www.example.com/" : "/" }).total("none");
      expect(total >= 0 && total <= 100 && Number.isInteger(total)).toBe(true);
    }),
  );
});

/** Fields that belie the agents above, whatever else is sent. */
const contradictions: readonly Headers[] = [
  { "sec-ch-ua": '"Chromium";v="99"' },
  { "sec-ch-ua": '"HeadlessChrome";v="143"' },
  { "sec-ch-ua-platform": '"Fuchsia"' },
  { "sec-fetch-mode": "teleport" },
  { "sec-fetch-user": "?0" },
  { "accept-language": "*" },
];

test("a contradiction more never lowers it", () => {
  fc.assert(
    fc.property(
      browsers,
      fc.subarray(Object.keys(chrome)),
      fc.constantFrom(...contradictions),
      (browser, left, odd) => {
        const kept = { ...without(browser, ...left), "user-agent": browser["user-agent"]! };
        const [before, after] = [kept, { ...kept, ...odd }].map((headers) => scoreOf({ headers }).total("none"));
        expect(after).toBeGreaterThanOrEqual(before!);
      },
    ),
    { numRuns: 500 },
  );
});
