/** Visits that are challenged, and what they bring back. */
import { solveChallenge } from "altcha-lib/v1";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { words } from "../../src/scrub/challenge/words.ts";
import { seal } from "../../src/seal.ts";
import type { OriginAnswer } from "../harness/origin-answer.ts";
import { createTimers } from "../harness/timers.ts";
import {
  berlin,
  cacheStatus,
  createWorld,
  originUrl,
  type VisitOptions,
  type World,
  type WorldOptions,
} from "../harness/world.ts";

const browser = { accept: "text/html,application/xhtml+xml,*/*;q=0.8", "sec-fetch-mode": "navigate" };
const rule = { name: "shop", when: 'request.path.startsWith("/shop")', challenge: true };

/** @param challenge of the settings. */
async function worldWith(challenge: object = {}, { vars, ...options }: WorldOptions = {}): Promise<World> {
  const SETTINGS = { trail: true, challenge: { work: 1_000, ...challenge } };
  const world = createWorld({
    ...options,
    vars: { RULES: [rule], SETTINGS, SIGNING_KEY: "a key of the story", ...vars },
  });
  for (const path of ["/shop", "/shop/", "/shop/feed", "/shop/style.css", "/page"]) {
    await world.origin("frankfurt").answers(path, { body: `page ${path}`, headers: { "cache-control": "max-age=60" } });
  }
  return world;
}

const trailOf = (world: World): readonly string[] => world.log.at(-1)!["trail"] as string[];
const unescape = (text: string): string =>
  text
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");

interface Page {
  readonly html: string;
  readonly work: {
    readonly salt: string;
    readonly challenge: string;
    readonly signature: string;
    readonly maxnumber: number;
  };
  /** The link for who runs no scripts. */
  readonly next: string;
  readonly response: Response;
}

async function challenged(world: World, target = "/shop?a=1&b=2", options: VisitOptions = {}): Promise<Page> {
  const before = (await world.origin("frankfurt").seen()).length;
  const response = await world.visit(target, { ...options, headers: { ...browser, ...options.headers } });
  const html = await response.text();
  expect([response.status, world.log.at(-1)!["because"]]).toEqual([403, "challenged"]);
  expect(await world.origin("frankfurt").seen()).toHaveLength(before);
  const work = JSON.parse(unescape(/data-work="([^"]*)"/.exec(html)?.[1] ?? "null"));
  return { html, work, next: unescape(/url=([^"]*)"/.exec(html)![1]!), response };
}

async function solve({ work }: Page): Promise<string> {
  const { salt, challenge, signature, maxnumber } = work;
  const { number } = (await solveChallenge(challenge, salt, "SHA-256", maxnumber).promise)!;
  return JSON.stringify({ salt, challenge, signature, number });
}

function bring(world: World, form: Readonly<Record<string, string>>, options: VisitOptions = {}): Promise<Response> {
  const headers = { ...browser, "content-type": "application/x-www-form-urlencoded", ...options.headers };
  return world.visit("/.perigee/clearance", {
    ...options,
    method: "POST",
    body: new URLSearchParams(form).toString(),
    headers,
  });
}

const cookieOf = (response: Response): string => response.headers.get("set-cookie")!.split(";")[0]!;

/** A client that has done the work. */
async function cleared(world: World, options: VisitOptions = {}): Promise<string> {
  const work = await solve(await challenged(world, "/shop", options));
  return cookieOf(await bring(world, { work, to: "/shop" }, options));
}

describe("the page", () => {
  test("is short, kept by nobody, and may run nothing but its own script", async () => {
    const { html, response } = await challenged(await worldWith());
    expect(new TextEncoder().encode(html).length).toBeLessThan(15 * 1024);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(cacheStatus(response)).toBe("detail=challenged");
    const policy = response.headers.get("content-security-policy")!;
    expect(policy).toMatch(
      /^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    );
    expect(html).not.toMatch(/src=|https?:/);
  });

  test("is for who shows pages; others get a line", async () => {
    const world = await worldWith({ spare: [] });
    const response = await world.visit("/shop", { headers: { accept: "application/json" } });
    expect([response.status, response.headers.get("content-type")]).toEqual([403, "text/plain;charset=utf-8"]);
    expect(await response.text()).toMatch(/^Please show that you are not a robot, in a browser\.\nVisit /);
    const head = await world.visit("/shop", { method: "HEAD", headers: browser });
    expect([head.status, await head.text()]).toEqual([403, ""]);
  });

  test.each([
    ["de-AT,de;q=0.9,en;q=0.5", "de"],
    ["xx, fr;q=0.3, pt-BR;q=0.4", "pt"],
    ["zh-Hant-TW", "zh"],
    ["ar", "ar"],
    ["tlh", "en"],
    ["de;q=0, *", "en"],
    ["", "en"],
    [",;q=;;,de;q=2", "en"],
  ])("speaks the language of %j: %s", async (language, expected) => {
    const { html, response } = await challenged(await worldWith(), "/shop", {
      headers: { "accept-language": language },
    });
    expect(html).toContain(`<html lang="${expected}"${expected === "ar" ? ' dir="rtl"' : ""}>`);
    expect(html).toContain(`<h1>${words[expected]!.title}</h1>`);
    expect(response.headers.get("content-language")).toBe(expected);
  });

  test("says all it has to in every language", () => {
    expect(Object.keys(words).length).toBeGreaterThanOrEqual(10);
    for (const said of Object.values(words)) {
      expect(said.waits).toContain("%");
      for (const text of [said.title, said.says, said.goOn, said.failed]) expect(text.length).toBeGreaterThan(1);
    }
  });

  test("what was asked for stands in it as text and nothing else", async () => {
    const { html } = await challenged(await worldWith(), `/shop?x="><script>alert(1)</script>&y='`);
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).not.toContain("alert(1)<");
  });
});

describe("work", () => {
  test("done, it lets in: back to what was asked for, with a cookie that no later room sees", async () => {
    const world = await worldWith();
    const page = await challenged(world);
    expect(page.html).toContain('name="to" value="/shop?a=1&amp;b=2"');
    const sent = await bring(world, { work: await solve(page), to: "/shop?a=1&b=2" });
    expect([sent.status, sent.headers.get("location"), world.log.at(-1)!["because"]]).toEqual([
      303,
      "/shop?a=1&b=2",
      "cleared",
    ]);
    expect(sent.headers.get("set-cookie")).toMatch(
      /^perigee-clearance=[\w.-]+; Path=\/; Max-Age=3600; HttpOnly; SameSite=Lax; Secure$/,
    );
    for (const expected of ["fwd=uri-miss; fwd-status=200; stored", "hit; ttl=60"]) {
      const response = await world.visit("/shop", { headers: { ...browser, cookie: `a=1; ${cookieOf(sent)}` } });
      expect(await response.text()).toBe("page /shop");
      await world.settle();
      expect(cacheStatus(response).replace(/; key=.*/, "")).toBe(expected);
      expect(trailOf(world)).toContain("scrub=cleared:shop");
    }
    expect((await world.origin("frankfurt").seen())[0]!.headers["cookie"]).toBe("a=1");
  });

  test("a clearance holds until its time is up, for its site and network alone", async () => {
    const vars = { SITES: [{ hosts: ["www.example.com"] }, { hosts: ["other.example.com"] }] };
    const world = await worldWith({}, { vars });
    const from = { ...berlin, ip: "2001:db8:1:2::7" };
    const cookie = await cleared(world, { from });
    const status = async (ip: string, target = "/shop") =>
      (await world.visit(target, { headers: { ...browser, cookie }, from: { ...berlin, ip } })).status;
    expect([await status("2001:db8:1:2::7"), await status("2001:db8:1:2:ffff::1")]).toEqual([200, 200]);
    expect([await status("2001:db8:1:3::7"), await status("192.0.2.1")]).toEqual([403, 403]);
    expect(await status("2001:db8:1:2::7", "https://other.example.com/shop")).toBe(403);
    world.clock.advance(3_599);
    expect(await status("2001:db8:1:2::7")).toBe(200);
    world.clock.advance(1);
    expect(await status("2001:db8:1:2::7")).toBe(403);
  });

  test("keys rotate without anybody being challenged again", async () => {
    const before = await worldWith();
    const cookie = await cleared(before);
    const after = await worldWith({}, { vars: { SIGNING_KEY: "a new key", SIGNING_KEY_OLD: "a key of the story" } });
    expect((await after.visit("/shop", { headers: { ...browser, cookie } })).status).toBe(200);
    const later = await worldWith({}, { vars: { SIGNING_KEY: "a newer key", SIGNING_KEY_OLD: "a new key" } });
    expect((await later.visit("/shop", { headers: { ...browser, cookie } })).status).toBe(403);
    // Work that was begun with the old one is as good.
    const work = await solve(await challenged(before));
    expect((await bring(after, { work, to: "/shop" })).status).toBe(303);
  });

  test("counts once, in time, for who was given it", async () => {
    const world = await worldWith();
    const [first, second, third] = [await challenged(world), await challenged(world), await challenged(world)];
    const work = await solve(first);
    expect((await bring(world, { work })).status).toBe(303);
    expect((await bring(world, { work })).status).toBe(403);
    expect((await bring(world, { work: await solve(second) }, { from: { ...berlin, ip: "192.0.2.99" } })).status).toBe(
      403,
    );
    world.clock.advance(301);
    expect((await bring(world, { work: await solve(third) })).status).toBe(403);
    expect(trailOf(world)).toContain("scrub=not-passed");
  });

  test("forged in any way it is none", async () => {
    const world = await worldWith();
    const page = await challenged(world);
    const done = JSON.parse(await solve(page)) as Record<string, unknown>;
    const other = JSON.parse(await solve(await challenged(world))) as Record<string, unknown>;
    const longer = String(done["salt"]).replace(/until=(\d+)/, (_, until) => `until=${Number(until) + 9_999}`);
    const forged: readonly unknown[] = [
      { ...done, number: (done["number"] as number) + 1 },
      { ...done, number: String(done["number"]) },
      { ...done, number: -1 },
      { ...done, number: 1e308 },
      { ...done, salt: other["salt"] },
      { ...done, salt: longer },
      { ...done, salt: `${String(done["salt"])}&` },
      { ...done, challenge: other["challenge"] },
      { ...done, signature: other["signature"] },
      { ...done, signature: "" },
      { ...done, algorithm: "SHA-1", signature: other["signature"] },
      {},
      [],
      null,
      "text",
      7,
    ];
    for (const each of forged)
      expect((await bring(world, { work: JSON.stringify(each) })).status, JSON.stringify(each)).toBe(403);
    for (const each of ["", "{", "[".repeat(5_000)]) expect((await bring(world, { work: each })).status).toBe(403);
    expect((await bring(world, { work: "x".repeat(20_000) })).status).toBe(400);
    expect((await bring(world, { work: JSON.stringify(done) })).status).toBe(303);
  });

  test("whatever is brought, it ends in the page, or a refusal", { timeout: 120_000 }, async () => {
    const world = await worldWith();
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), async (work, to) => {
        const response = await bring(world, { work, to, wait: to });
        expect(response.status).toBe(403);
        expect(response.headers.get("set-cookie")).toBeNull();
        await response.text();
      }),
      { numRuns: 50 },
    );
  });

  test.each([
    ["/shop?a=1", "/shop?a=1"],
    ["//evil.example/", "/.//evil.example/"],
    ["/\\evil.example/", "/./\\evil.example/"],
    ["https://evil.example/", "/"],
    ["javascript:alert(1)", "/"],
    ["/a\r\nset-cookie: x=1", "/"],
    ["/ü", "/"],
    ["/.perigee/clearance?wait=x", "/"],
    [`/${"a".repeat(4_096)}`, "/"],
    ["", "/"],
  ])("leads to nowhere else: %j → %j", async (to, location) => {
    const world = await worldWith();
    const response = await bring(world, { work: await solve(await challenged(world)), to });
    expect([response.status, response.headers.get("location")]).toEqual([303, location]);
  });

  test("a cookie forged in any letter is none", async () => {
    const world = await worldWith();
    const cookie = await cleared(world);
    const status = async (value: string) =>
      (await world.visit("/shop", { headers: { ...browser, cookie: value } })).status;
    expect(await status(cookie)).toBe(200);
    for (let at = "perigee-clearance=".length; at < cookie.length; at += 2) {
      expect(await status(cookie.slice(0, at) + (cookie[at] === "0" ? "1" : "0") + cookie.slice(at + 1))).toBe(403);
    }
    // What is sealed for one thing is none for another.
    const wait = await seal(world.edge, "wait 192.0.2.1 www.example.com", {
      text: "",
      until: world.clock.now + 60_000,
    });
    expect(await status(`perigee-clearance=${wait}`)).toBe(403);
  });

  test("what can't be asked for again by a GET goes on to the page it came from, or to the first", async () => {
    const world = await worldWith();
    const to = async (headers: Record<string, string>) =>
      /name="to" value="([^"]*)"/.exec(
        (await challenged(world, "/shop/buy", { method: "POST", body: "x", headers })).html,
      )![1];
    expect(await to({ referer: "https://www.example.com/shop/cart?id=1" })).toBe("/shop/cart?id=1");
    expect(await to({ referer: "https://evil.example/shop" })).toBe("/");
    expect(await to({})).toBe("/");
  });
});

test("a form that never comes is given up", async () => {
  const timers = createTimers();
  const world = await worldWith({}, { ports: { after: timers.after } });
  const brought = world.visit("/.perigee/clearance", { method: "POST", body: new ReadableStream({}) });
  await timers.elapse(10_000, world.clock);
  expect((await brought).status).toBe(408);
});

describe("without scripts", () => {
  test("the page goes on by itself, and who has waited is let in once", async () => {
    const world = await worldWith();
    const { html, next } = await challenged(world);
    expect(html).toMatch(
      /<noscript><meta http-equiv="refresh" content="6;url=\/\.perigee\/clearance\?wait=[^"]+"><\/noscript>/,
    );
    const go = (target = next, options: VisitOptions = {}) => world.visit(target, { ...options, headers: browser });
    world.clock.advance(4.9);
    expect((await go()).status).toBe(403);
    world.clock.advance(0.1);
    expect((await go(next, { from: { ...berlin, ip: "192.0.2.99" } })).status).toBe(403);
    const response = await go();
    expect([response.status, response.headers.get("location")]).toEqual([303, "/shop?a=1&b=2"]);
    expect((await world.visit("/shop", { headers: { ...browser, cookie: cookieOf(response) } })).status).toBe(200);
    expect((await go()).status).toBe(403);
    expect((await go(next.replace(/wait=./, "wait=0"))).status).toBe(403);
  });

  test("a token that comes too late is none", async () => {
    const world = await worldWith({ wait: "10s" });
    const { next } = await challenged(world);
    world.clock.advance(310);
    expect((await world.visit(next, { headers: browser })).status).toBe(403);
  });
});

describe("who is spared", () => {
  const googlebot = { "user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)" };
  const all = ["preflights", "verified", "feeds", "assets", "api"];
  /** By what, and by what else. */
  const spared: readonly [by: string, and: string, target: string, options: VisitOptions][] = [
    [
      "preflights",
      "api",
      "/shop",
      { method: "OPTIONS", headers: { origin: "https://a.example", "access-control-request-method": "PUT" } },
    ],
    ["feeds", "", "/shop/feed", { headers: browser }],
    ["feeds", "", "/shop", { headers: { accept: "application/rss+xml, text/html;q=0.5" } }],
    ["assets", "", "/shop/style.css", { headers: { ...browser, "sec-fetch-mode": "no-cors" } }],
    ["api", "", "/shop", { headers: { accept: "application/json" } }],
    ["api", "", "/shop", { headers: { accept: "*/*" } }],
    ["api", "", "/shop", { method: "POST", body: "{}", headers: { "content-type": "application/json" } }],
  ];
  test.each(spared)("%s %s: %s, unless the config says otherwise", async (by, and, target, options) => {
    const world = await worldWith();
    expect((await world.visit(target, options)).status).not.toBe(403);
    expect(trailOf(world)).toContain("scrub=spared:shop");
    for (const spare of [[by], all.filter((each) => each !== and)]) {
      expect((await (await worldWith({ spare })).visit(target, options)).status).not.toBe(403);
    }
    const strict = await worldWith({ spare: all.filter((each) => each !== by && each !== and) });
    expect((await strict.visit(target, options)).status).toBe(403);
    expect(await strict.origin("frankfurt").seen()).toEqual([]);
  });

  test("bots that have shown who they are, and no others", async () => {
    const ranges = { googlebot: { ranges: ["https://search.example/googlebot.json"] } };
    const scene = createWorld();
    const SETTINGS = { challenge: { work: 1_000 }, verify: { ranges: true, bots: ranges } };
    const vars = { RULES: [rule], SETTINGS, SIGNING_KEY: "key" };
    const elsewhere = originUrl("singapore", scene.script);
    const world = createWorld({
      beside: scene,
      vars,
      ports: { fetch: (target, init) => fetch(String(target).replace("https://search.example", elsewhere), init) },
    });
    await world.origin("singapore").answers("/googlebot.json", { body: '["192.0.2.0/30"]' });
    await world.origin("frankfurt").answers("/shop", { body: "page" });
    const status = async (ip: string) =>
      (await world.visit("/shop", { headers: { ...browser, ...googlebot }, from: { ...berlin, ip } })).status;
    expect(await status("192.0.2.1")).toBe(403);
    await world.settle();
    expect(await status("192.0.2.1")).toBe(200);
    expect(await status("192.0.2.4")).toBe(403);
  });

  test("where no rule says so nobody is challenged", async () => {
    const world = await worldWith();
    expect((await world.visit("/page", { headers: browser })).status).toBe(200);
  });

  test("without a key nobody can be challenged, and the trail says so", async () => {
    const world = await worldWith({}, { vars: { SIGNING_KEY: "" } });
    expect((await world.visit("/shop", { headers: browser })).status).toBe(200);
    expect(trailOf(world)).toContain("scrub=no-key:shop");
    expect((await bring(world, { work: "{}" })).status).toBe(404);
  });
});

describe("Turnstile", () => {
  const turnstile = { siteKey: "0x4AAA", secret: "TURNSTILE" };

  async function worldThat(answer: OriginAnswer, vars: object = { TURNSTILE: "secret" }) {
    const scene = createWorld();
    const at = originUrl("singapore", scene.script);
    const asked: string[] = [];
    const world = await worldWith(
      { turnstile },
      {
        beside: scene,
        vars: { ...vars },
        ports: {
          fetch: async (target, init) => {
            if (!String(target).startsWith("https://challenges.cloudflare.com/"))
              return fetch(target, { ...init, redirect: "manual" });
            asked.push(String(init.body));
            return fetch(at + new URL(String(target)).pathname, init);
          },
        },
      },
    );
    await world.origin("singapore").answers("/turnstile/v0/siteverify", answer);
    return { world, asked };
  }

  test("is on the page in place of work, and asked about what it gave", async () => {
    const { world, asked } = await worldThat({ body: '{"success":true,"hostname":"www.example.com"}' });
    const { html, response } = await challenged(world);
    expect(html).toContain('data-sitekey="0x4AAA"');
    expect(response.headers.get("content-security-policy")).toContain(
      "https://challenges.cloudflare.com; frame-src https://challenges.cloudflare.com",
    );
    expect((await bring(world, { "cf-turnstile-response": "token", to: "/shop" })).status).toBe(303);
    expect(asked).toEqual(["secret=secret&response=token&remoteip=192.0.2.1"]);
  });

  test.each<[what: string, answer: OriginAnswer]>([
    ["no", { body: '{"success":false}' }],
    ["yes for another host", { body: '{"success":true,"hostname":"evil.example"}' }],
    ["yes as a text", { body: '{"success":"true","hostname":"www.example.com"}' }],
    ["nonsense", { body: "<html>" }],
    ["an error", { status: 500, body: '{"success":true,"hostname":"www.example.com"}' }],
    ["too much", { bytes: 100_000 }],
    ["nothing", { breaks: "before" }],
  ])("when it says %s, the client is asked anew", async (_what, answer) => {
    vi.spyOn(console, "error").mockReturnValue();
    const { world } = await worldThat(answer);
    expect((await bring(world, { "cf-turnstile-response": "token" })).status).toBe(403);
    expect((await bring(world, { work: "{}" })).status).toBe(403);
    vi.restoreAllMocks();
  });

  test("without its secret nobody passes by it", async () => {
    const { world, asked } = await worldThat({ body: '{"success":true,"hostname":"www.example.com"}' }, {});
    expect((await bring(world, { "cf-turnstile-response": "token" })).status).toBe(403);
    expect(asked).toEqual([]);
  });
});
