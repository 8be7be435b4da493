/** Attacks on a shared cache: the attacker comes first, and the victim must get what they would have got without. */
import { describe, expect, test } from "vitest";
import { normalPath } from "../../src/http/path.ts";
import { cacheStatus, createWorld, dawn, type VisitOptions, type World } from "../harness/world.ts";

const date = new Date(dawn).toUTCString();
const minute = { "cache-control": "max-age=60", date };
const clean = { headers: minute, body: "clean" };

/** One visitor after the other; the second one's answer as text, and what the cache did for them. */
async function attackerThenVictim(world: World, attack: Attack, path = attack.path): Promise<Seen> {
  await (await world.visit(attack.path, attack)).text();
  await world.settle();
  const response = await world.visit(path);
  return { status: response.status, body: await response.text(), cache: cacheStatus(response) };
}

interface Attack extends VisitOptions {
  readonly path: string;
}

interface Seen {
  readonly status: number;
  readonly body: string;
  readonly cache: string;
}

describe("poisoning: fields that are no part of the key", () => {
  test.for([
    "forwarded",
    "x-forwarded-host",
    "x-forwarded-prefix",
    "x-forwarded-scheme",
    "x-forwarded-server",
    "x-host",
    "x-http-host-override",
    "x-middleware-subrequest",
    "x-original-url",
    "x-rewrite-url",
    "x-wap-profile",
    "x_forwarded_host",
    "x_original_url",
  ])("%s of the attacker never reaches the origin", async (name) => {
    const world = createWorld();
    const origin = world.origin("frankfurt");
    await origin.answers("/a", clean);
    const seen = await attackerThenVictim(world, { path: "/a", headers: { [name]: "evil.example" } });
    expect(seen).toMatchObject({ body: "clean", cache: expect.stringContaining("hit") as string });
    const [asked] = await origin.seen();
    expect(JSON.stringify(asked!.headers)).not.toContain("evil.example");
  });

  test("what Connection names is not taken off: the attacker can't hide a field that everybody else has", async () => {
    const world = createWorld();
    const origin = world.origin("frankfurt");
    await origin.answers("/a", clean);
    await (await world.visit("/a", { headers: { connection: "cookie", cookie: "consent=1" } })).text();
    expect((await origin.seen())[0]!.headers).toHaveProperty("cookie", "consent=1");
  });
});

describe("poisoning: fields by which answers are told apart", () => {
  const german = { "accept-language": "de" };
  const fromElsewhere = { from: { ip: "192.0.2.9", country: "DE" } };

  test.for<[how: string, rule: object, vary: Record<string, string>]>([
    ["by Vary", {}, { vary: "accept-language" }],
    ["by the key", { cache: { key: { headers: ["accept-language"] } } }, {}],
  ])("%s: what Connection hides from the origin, it hides from the cache too", async ([, rule, vary]) => {
    const world = createWorld({ vars: { RULES: [{ when: "true", cache: { ttl: "1m" }, ...rule }] } });
    await world.origin("frankfurt").answers("/a", { ...clean, headers: { ...minute, ...vary } });
    const seen = await attackerThenVictim(world, { path: "/a", headers: { ...german, connection: "accept-language" } });
    expect(seen.cache).toContain("hit");
    const response = await world.visit("/a", { headers: german });
    expect(cacheStatus(response)).toContain("miss");
    expect((await world.origin("frankfurt").seen()).at(-1)!.headers).toMatchObject(german);
  });

  test.for(["X-Forwarded-For", "Forwarded", "X-Real-IP, X-Forwarded-For"])(
    "an answer that varies by %s, which the edge writes, is for one client only",
    async (vary) => {
      const world = createWorld();
      await world.origin("frankfurt").answers("/a", { body: "yours", headers: { ...minute, vary } });
      await attackerThenVictim(world, { path: "/a" });
      expect(cacheStatus(await world.visit("/a"))).toContain("hit");
      expect(cacheStatus(await world.visit("/a", fromElsewhere))).toContain("fwd=vary-miss");
    },
  );

  test("an answer that varies by what a rule writes is for those for whom it writes the same", async () => {
    const RULES = [{ headers: { request: { set: { "x-device": "${client.device}" } } } }];
    const world = createWorld({ vars: { RULES } });
    await world.origin("frankfurt").answers("/a", { body: "for phones", headers: { ...minute, vary: "x-device" } });
    const phone = { "sec-ch-ua-mobile": "?1" };
    await attackerThenVictim(world, { path: "/a", headers: phone });
    expect(cacheStatus(await world.visit("/a", { headers: phone }))).toContain("hit");
    const desktop = { "user-agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64)" };
    expect(cacheStatus(await world.visit("/a", { headers: desktop }))).toContain("fwd=vary-miss");
  });
});

describe("poisoning: a request that means more than its URL", () => {
  const ignoring = { cache: { key: { query: { except: ["utm_content"] } } } };
  test.for<[how: string, attack: string, told: string]>([
    ["as it is", "/js?callback=good&utm_content=x", "/js?callback=good"],
    ["with another parameter behind a semicolon", "/js?callback=good&utm_content=x;callback=evil", "/js?callback=good"],
    ["with an encoded ampersand", "/js?callback=good&utm_content=x%26callback=evil", "/js?callback=good"],
    ["in another spelling", "/js?callback=good&utm%5Fcontent=x;callback=evil", "/js?callback=good"],
  ])(
    "a parameter that the key leaves out, %s, is left out of what the origin is asked for",
    async ([, attack, told]) => {
      const world = createWorld({ vars: { RULES: [ignoring] } });
      const origin = world.origin("frankfurt");
      await origin.answers("/js", clean);
      const seen = await attackerThenVictim(world, { path: attack }, "/js?callback=good");
      expect(seen).toMatchObject({ body: "clean", cache: expect.stringContaining("hit") as string });
      expect((await origin.seen()).map(({ target }) => target)).toEqual([told]);
    },
  );

  test.for<[attack: string]>([
    ["/js?callback=good;callback=evil"],
    ["/js?callback=evil&callback=good"],
    ["/js?callback=good%26callback=evil"],
    ["/js?callback=good&callback=evil"],
    ["/js?callback=good&callback[]=evil"],
    ["/js?callback=good&%63allback=evil"],
    ["/js?callback=good&utm_content;callback=evil"],
    ["/js?callback=good?utm_content=x&callback=evil"],
    ["/js?callback%3Devil&callback=good"],
  ])("%s is another key than /js?callback=good, because the origin may read it otherwise", async ([attack]) => {
    const world = createWorld({ vars: { RULES: [ignoring] } });
    const origin = world.origin("frankfurt");
    await origin.answers("/js", { headers: minute, body: "evil" }, clean);
    const seen = await attackerThenVictim(world, { path: attack }, "/js?callback=good");
    expect(seen).toMatchObject({ body: "clean", cache: expect.stringContaining("uri-miss") as string });
  });
});

describe("poisoning: an error for everybody", () => {
  const long = "x".repeat(5000);
  const fields = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-${index}`, "1"]));

  test.for<[what: string, status: number, because: string, headers: Record<string, string>]>([
    ["a field that common servers take for too large", 431, "fields-too-large", { "x-long": "x".repeat(8192) }],
    ["cookies that they take for too large", 431, "fields-too-large", { cookie: `a=${"x".repeat(8192)}` }],
    ["more fields than they take", 431, "too-many-fields", fields(81)],
    ["a control character", 400, "bad-field", { "x-odd": "a\u0001b" }],
    ["a bell", 400, "bad-field", { "user-agent": "\u0007" }],
    ["a DEL", 400, "bad-field", { cookie: "a=\u007f" }],
    ["X-HTTP-Method-Override", 400, "method-override", { "x-http-method-override": "DELETE" }],
    ["X-HTTP-Method", 400, "method-override", { "x-http-method": "PUT" }],
    ["X-Method-Override", 400, "method-override", { "x-method-override": "x" }],
    ["X_HTTP_Method_Override", 400, "method-override", { x_http_method_override: "POST" }],
  ])("%s is refused with %d before the origin", async ([, status, because, headers]) => {
    const world = createWorld();
    const origin = world.origin("frankfurt");
    await origin.answers("/a", clean);
    const refused = await world.visit("/a", { headers });
    expect([refused.status, refused.headers.get("cache-status")]).toEqual([status, `perigee; detail=${because}`]);
    expect(await origin.seen()).toEqual([]);
    const seen = await attackerThenVictim(world, { path: "/a", headers });
    expect(seen).toMatchObject({ status: 200, body: "clean" });
    expect(await origin.seen()).toHaveLength(1);
  });

  test("where the settings let a POST name another method, it does, and changes nothing that is kept", async () => {
    const world = createWorld({ vars: { SETTINGS: { methodOverrides: true } } });
    const origin = world.origin("frankfurt");
    await origin.answers("/a", clean);
    const headers = { "x-http-method-override": "PATCH" };
    const patched = await world.visit("/a", { method: "POST", body: "x", headers });
    expect([patched.status, cacheStatus(patched)]).toEqual([200, expect.stringContaining("fwd=method")]);
    expect((await origin.seen())[0]!.headers).toMatchObject(headers);
    expect((await world.visit("/a", { headers })).status).toBe(400);
  });

  test("_method in the query is a parameter like any other: another key, and no other method", async () => {
    const world = createWorld();
    const origin = world.origin("frankfurt");
    await origin.answers("/a", { status: 405, headers: minute, body: "not allowed" }, clean);
    const seen = await attackerThenVictim(world, { path: "/a?_method=DELETE" }, "/a");
    expect(seen).toMatchObject({ status: 200, body: "clean", cache: expect.stringContaining("uri-miss") as string });
  });

  test.for<[what: string, status: number, headers: Record<string, string>]>([
    ["a long field", 400, { "x-long": long }],
    ["a long field", 413, { "x-long": long }],
    ["a long field", 431, { "x-long": long }],
    ["many cookies", 414, { cookie: `a=${long}` }],
    ["many fields", 400, fields(70)],
    ["a type without content", 415, { "content-type": "application/evil" }],
    ["another protocol", 501, { upgrade: "h2c" }],
    ["credentials", 401, { authorization: "Basic eDp5" }],
    ["a range that nobody can read", 400, { range: "bytes=cow" }],
    ["an end to its way", 400, { "max-forwards": "0" }],
  ])("%s that makes the origin say %d is refused to the attacker alone", async ([, status, headers]) => {
    const world = createWorld();
    await world.origin("frankfurt").answers("/a", { status, headers: minute, body: "refused" }, clean);
    const seen = await attackerThenVictim(world, { path: "/a", headers });
    expect(seen).toMatchObject({ status: 200, body: "clean" });
  });

  test("an error to a request like everybody's is kept as the origin says", async () => {
    const world = createWorld();
    const origin = world.origin("frankfurt");
    await origin.answers("/a", { status: 404, headers: minute, body: "gone" });
    const seen = await attackerThenVictim(world, { path: "/a", headers: { "user-agent": "Mozilla/5.0" } });
    expect(seen).toMatchObject({ status: 404, body: "gone", cache: expect.stringContaining("hit") as string });
  });
});

describe("deception: a personal page at a path that looks like a file's", () => {
  const account = { headers: { ...minute, "content-type": "text/html" }, body: "the victim's account" };
  const nobody = { status: 401, headers: { "cache-control": "no-store" }, body: "please sign in" };

  test.for([
    "/account/x.css",
    "/account/x.JS",
    "/account;x.png",
    "/account%3bx.svg",
    "/account%23x.woff2",
    "/account%3Fx.pdf",
    "/account/x.css;v=1",
    "/account/x%2ecss",
    "/account/x.%63ss",
  ])("%s isn't kept, so the attacker who made the victim follow the link finds nothing", async (path) => {
    const world = createWorld();
    await world.origin("frankfurt").answers(normalPath(path), account, nobody);
    const lured = await world.visit(path, { headers: { cookie: "session=victim" } });
    expect(await lured.text()).toBe("the victim's account");
    expect(cacheStatus(lured)).toContain("detail=deceptive-type");
    await world.settle();
    expect(await (await world.visit(path)).text()).toBe("please sign in");
  });

  test.for(["/account/x.css", "/account/x%2ecss", "/account/x.cs%73"])(
    "nor %s where a rule keeps all that looks like a file",
    async (path) => {
      const rule = { when: 'request.path.matches("\\\\.(css|js)$")', cache: { ttl: "1h" } };
      const world = createWorld({ vars: { RULES: [rule] } });
      const page = { ...account, headers: { "content-type": "text/html" } };
      await world.origin("frankfurt").answers(normalPath(path), page, nobody);
      await (await world.visit(path, { headers: { cookie: "session=victim" } })).text();
      await world.settle();
      expect(await (await world.visit(path)).text()).toBe("please sign in");
    },
  );

  test.for(["text/plain", "application/octet-stream", undefined])(
    "nor by heuristics what says %s: a type that anything may have shows no file",
    async (type) => {
      const world = createWorld();
      const modified = { date, "last-modified": "Sun, 01 Feb 2026 00:00:00 GMT" };
      const headers = { ...modified, ...(type !== undefined && { "content-type": type }) };
      await world.origin("frankfurt").answers("/account/x.css", { ...account, headers }, nobody);
      const lured = await world.visit("/account/x.css", { headers: { cookie: "session=victim" } });
      expect(cacheStatus(lured)).toContain("detail=cookie");
      await world.settle();
      expect(await (await world.visit("/account/x.css")).text()).toBe("please sign in");
    },
  );

  test("a real stylesheet is kept, cookies or not", async () => {
    const world = createWorld();
    const css = { date, "content-type": "text/css", etag: '"1"', "last-modified": "Sun, 01 Feb 2026 00:00:00 GMT" };
    await world.origin("frankfurt").answers("/x.css", { headers: css, body: "a{}" });
    const headers = { cookie: "session=victim" };
    const seen = await attackerThenVictim(world, { path: "/x.css", headers });
    expect(seen).toMatchObject({ body: "a{}", cache: expect.stringContaining("hit") as string });
  });

  test("a page that says that it is for everybody is kept wherever it is", async () => {
    const world = createWorld();
    const headers = { date, "cache-control": "public, max-age=60", "content-type": "text/html" };
    await world.origin("frankfurt").answers("/demo.css", { headers, body: "how to write css" });
    expect((await attackerThenVictim(world, { path: "/demo.css" })).cache).toContain("hit");
  });
});

describe("cookies of the request", () => {
  const validated = { date, etag: '"1"', "last-modified": "Sun, 01 Feb 2026 00:00:00 GMT" };
  const headers = { cookie: "session=victim" };

  test("keep an answer from being kept that nobody said should be", async () => {
    const world = createWorld();
    await world.origin("frankfurt").answers("/account", { headers: validated, body: "the victim's" }, clean);
    const victim = await world.visit("/account", { headers });
    expect(cacheStatus(victim)).toContain("detail=cookie");
    await victim.text();
    await world.settle();
    expect(await (await world.visit("/account")).text()).toBe("clean");
  });

  test("make no difference where the origin says for how long it is to be kept", async () => {
    const world = createWorld();
    await world.origin("frankfurt").answers("/a", clean);
    expect((await attackerThenVictim(world, { path: "/a", headers })).cache).toContain("hit");
  });

  test("nor where a rule says so", async () => {
    const world = createWorld({ vars: { RULES: [{ cache: { ttl: "1h" } }] } });
    await world.origin("frankfurt").answers("/a", { headers: { date }, body: "clean" });
    expect((await attackerThenVictim(world, { path: "/a", headers })).cache).toContain("hit");
  });

  test("are no part of the key, unless it names them: then each value has an answer of its own", async () => {
    for (const [key, seen] of [
      [undefined, "hit"],
      [{ cookies: ["plan"] }, "fwd=uri-miss"],
    ] as const) {
      const world = createWorld({ vars: { RULES: [{ cache: key ? { key } : { stale: "1s" } }] } });
      await world.origin("frankfurt").answers("/a", clean);
      for (const cookie of ["plan=a; id=1", "plan=a; id=2"])
        await (await world.visit("/a", { headers: { cookie } })).text();
      await world.settle();
      expect(cacheStatus(await world.visit("/a", { headers: { cookie: "plan=a; id=3" } }))).toContain("hit");
      expect(cacheStatus(await world.visit("/a", { headers: { cookie: "plan=b" } }))).toContain(seen);
    }
  });
});
