import { describe, expect, test } from "vitest";
import type { CachePolicy, Rule } from "../../src/config/model.ts";
import type { Asking } from "../../src/config/upstream.ts";
import { visitOf, type VisitParts } from "../rules/visit.ts";
import { configOf } from "./load.ts";

function ruleOf(rule: object, others: object = {}): Rule {
  return configOf({ RULES: [rule], ...others }).rules[0]!;
}

describe("origins", () => {
  test("a URL is taken apart, and a country stands for a point in it", () => {
    const { origins } = configOf();
    expect(origins[0]).toMatchObject({ name: "frankfurt", base: "/base", at: [50.11, 8.68] });
    expect(origins[0]!.url.href).toBe("https://fra.origin.example.com/");
    expect(origins[1]).toMatchObject({ base: "", at: [expect.any(Number), expect.any(Number)] });
    expect(origins[1]!.url.href).toBe("http://virginia.example.com:8080/");
  });

  test("a place may be left out", () => {
    const { origins } = configOf({ ORIGINS: [{ name: "a", url: "http://a.example" }] });
    expect(origins[0]!.at).toBeUndefined();
  });
});

describe("sites", () => {
  test("complete when only hosts are said", () => {
    const { sites, origins } = configOf();
    expect(sites.exact.get("www.example.com")).toEqual({
      name: "www.example.com",
      hosts: ["www.example.com"],
      origins,
      balance: "nearest",
      methods: new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]),
      paths: "usual",
      asking: {
        timeouts: { header: 30_000, idle: undefined, whole: Number.POSITIVE_INFINITY },
        retry: { tries: 3, budget: 0.1, body: 65_536, backoff: 25, patience: "adaptive" },
        resume: true,
        overload: { stale: false, brownout: undefined },
        hedge: undefined,
      },
      caching: {
        bypass: false,
        ttl: undefined,
        staleWhileRevalidate: 0,
        staleIfError: 0,
        maxStale: 604_800_000,
        early: 1,
        maxBytes: 256 * 1024 * 1024,
        slice: 1024 * 1024,
        shield: false,
        storeSetCookie: false,
        key: { query: "all", sort: false, headers: [], cookies: [], country: false, device: false },
      } satisfies CachePolicy,
    });
  });

  test("hosts are found by name, wildcard and star", () => {
    const { sites } = configOf({
      SITES: [
        { name: "shop", hosts: ["WWW.Example.com", "*.shop.example.com", "BÜCHER.example"] },
        { hosts: ["*"], origins: ["virginia"], balance: "first" },
      ],
    });
    expect([...sites.exact.keys()]).toEqual(["www.example.com", "xn--bcher-kva.example"]);
    expect(sites.wildcard.get(".shop.example.com")!.name).toBe("shop");
    expect(sites.any).toMatchObject({ name: "*", balance: "first", origins: [{ name: "virginia" }] });
  });

  test("say how their origins are asked; the settings have the defaults", () => {
    const asked = (site: object, SETTINGS = {}): Asking =>
      configOf({ SITES: [{ hosts: ["*"], ...site }], SETTINGS }).sites.any!.asking;
    expect(asked({}, { timeout: "7s", tries: 5 })).toMatchObject({ timeouts: { header: 7_000 }, retry: { tries: 5 } });
    expect(asked({ timeouts: { header: "1s", idle: "5s", whole: "1m" } }, { timeout: "7s" }).timeouts).toEqual({
      header: 1_000,
      idle: 5_000,
      whole: 60_000,
    });
    expect(asked({ retry: { tries: 2, budget: "0.5%", body: "1KB", backoff: "0ms" } }).retry).toEqual({
      tries: 2,
      budget: 0.005,
      body: 1024,
      backoff: 0,
      patience: "adaptive",
    });
    expect(asked({ retry: { patience: "2s" } }).retry.patience).toBe(2_000);
    expect(asked({ retry: { patience: false } }).retry.patience).toBe(Number.POSITIVE_INFINITY);
    expect(asked({ hedge: false }).hedge).toBeUndefined();
    expect(asked({ hedge: true }).hedge).toEqual({ after: "p95", budget: 0.05 });
    expect(asked({ hedge: { after: "300ms" } }).hedge).toEqual({ after: 300, budget: 0.05 });
  });

  test("false keeps the cache out", () => {
    const { sites } = configOf({ SITES: [{ hosts: ["*"], cache: false }] });
    expect(sites.any!.caching).toMatchObject({ bypass: true, maxBytes: 256 * 1024 * 1024 });
  });
});

describe("settings", () => {
  test("defaults", () => {
    const { settings } = configOf();
    expect(settings).toMatchObject({
      name: "perigee",
      trail: false,
      localVisitors: false,
      log: "all",
      limits: { url: 16_384, fields: 80, field: 8192, fieldBytes: 32_768 },
      fieldNames: "plain",
      methodOverrides: false,
      timeout: 30_000,
      tries: 3,
      subrequests: 50,
      memory: 32 << 20,
      targets: ["cdn-cache-control"],
      compress: { enabled: true, minimum: 1024, store: true, budget: 5, after: 1, largest: 4 << 20 },
    });
    expect(settings.compress.types).toContain("text/*");
    expect(settings.compress.types).toContain("*+xml");
  });

  test("each may be set, the others keep their default", () => {
    const { settings } = configOf({
      SETTINGS: { limits: { url: "1KB" }, timeout: "250ms" },
      SETTINGS_1: { compress: { types: ["Text/HTML"] }, targets: ["Own-Cache-Control", "CDN-Cache-Control"] },
    });
    expect(settings.targets).toEqual(["own-cache-control", "cdn-cache-control"]);
    expect(settings.limits).toEqual({ url: 1024, fields: 80, field: 8192, fieldBytes: 32_768 });
    expect(settings.timeout).toBe(250);
    expect(settings.compress).toMatchObject({ enabled: true, minimum: 1024, types: ["text/html"] });
  });
});

describe("rules", () => {
  const visit = visitOf({ url: "https://www.example.com/a?b=c", client: { ip: "192.0.2.7" } });

  test("without `when` a rule always applies, and is called by its place", () => {
    const { rules } = configOf({ RULES: [{ block: 403 }, { name: "b", block: 404 }], RULES_1: [{ block: 405 }] });
    expect(rules.map(({ name, when }) => [name, when(visit)])).toEqual([
      ["RULES.0", true],
      ["b", true],
      ["RULES_1.0", true],
    ]);
  });

  test("`sites` are part of the condition", () => {
    const SITES = [{ name: "www", hosts: ["www.example.com"] }, { hosts: ["*"] }];
    const when = (rule: object, parts?: VisitParts): boolean =>
      ruleOf({ block: 403, ...rule }, { SITES }).when(visitOf(parts));
    expect(when({ sites: ["www"] })).toBe(true);
    expect(when({ sites: ["*"] })).toBe(false);
    expect(when({ sites: ["www"], when: 'request.method == "POST"' })).toBe(false);
    expect(when({ sites: ["www"], when: 'request.method == "POST"' }, { method: "POST" })).toBe(true);
  });

  test.each([
    [{ block: 403 }, { block: { status: 403, body: undefined } }],
    [{ block: { body: "no" } }, { block: { status: 403, body: "no" } }],
    [{ cache: false }, { cache: { bypass: true } }],
    [
      { cache: { ttl: "1h", stale: "1d" } },
      { cache: { ttl: 3_600_000, staleWhileRevalidate: 86_400_000, staleIfError: 86_400_000 } },
    ],
    [
      { cache: { stale: "1d", staleIfError: "1w" } },
      { cache: { staleWhileRevalidate: 86_400_000, staleIfError: 604_800_000 } },
    ],
    [
      { cache: { maxSize: "10MB", key: { query: { only: ["v"] }, headers: ["Accept-Language"] } } },
      {
        cache: {
          maxBytes: 10_485_760,
          key: {
            query: { only: ["v"] },
            sort: false,
            headers: ["accept-language"],
            cookies: [],
            country: false,
            device: false,
          },
        },
      },
    ],
    [
      { cache: { key: { query: { except: ["utm"] } } } },
      {
        cache: {
          key: { query: { except: ["utm"] }, sort: false, headers: [], cookies: [], country: false, device: false },
        },
      },
    ],
    [
      { cache: { ttl: { "200": "1h", "4xx": "1m", default: "0s" }, storeSetCookie: true } },
      { cache: { ttl: { "200": 3_600_000, "4xx": 60_000, default: 0 }, storeSetCookie: true } },
    ],
    [{ cache: { maxStale: "1h", early: false } }, { cache: { maxStale: 3_600_000, early: 0 } }],
    [{ cache: { early: true } }, { cache: { early: 1 } }],
    [{ cache: { early: 2.5 } }, { cache: { early: 2.5 } }],
    [
      { security: false, compress: false },
      { security: [], compress: { enabled: false } },
    ],
    [{ compress: true }, { compress: { enabled: true } }],
    [
      { compress: { codings: ["br", "gzip"], levels: { br: 9 }, store: false } },
      { compress: { enabled: true, codings: ["br", "gzip"], levels: { br: 9 }, store: false } },
    ],
    [
      {
        security: {
          hsts: "max-age=60",
          nosniff: false,
          referrer: false,
          frame: "DENY",
          csp: false,
          permissions: false,
          coop: false,
          corp: false,
        },
      },
      {
        security: [
          { name: "strict-transport-security", value: "max-age=60", only: "https" },
          { name: "x-frame-options", value: "DENY" },
        ],
      },
    ],
  ])("%j", (input, rule) => {
    expect(ruleOf(input)).toEqual({ name: "RULES.0", when: expect.any(Function), ...rule });
  });

  test("texts hold CEL", () => {
    const { redirect, respond, limit, rewrite, headers } = ruleOf({
      redirect: "https://example.org${request.path}",
      respond: { body: "${client.ip}", headers: { "X-A": "${client.ip}" } },
      limit: { by: "LOGIN" },
      rewrite: { path: "/x${request.path}" },
      headers: { request: { set: { "X-Ip": "${client.ip}" }, remove: ["Cookie"] } },
    });
    expect([redirect!.status, redirect!.to(visit)]).toEqual([302, "https://example.org/a"]);
    const fields = respond!.headers.map(([field, text]) => [field, text(visit)]);
    expect([respond!.status, respond!.body(visit), fields]).toEqual([200, "192.0.2.7", [["x-a", "192.0.2.7"]]]);
    expect(limit).toMatchObject({ kind: "binding", binding: "LOGIN", action: "block" });
    expect(limit!.per(visit)).toBe("192.0.2.7");
    expect([rewrite!.path!(visit, []), rewrite!.query]).toEqual(["/x/a", undefined]);
    expect(headers!.request.set.map(([name, value]) => [name, value(visit)])).toEqual([["x-ip", "192.0.2.7"]]);
    expect([headers!.request.remove, headers!.request.add, headers!.response]).toEqual([
      ["cookie"],
      [],
      { remove: [], set: [], add: [] },
    ]);
    expect(ruleOf({ redirect: { to: "/b", status: 308 } }).redirect!.status).toBe(308);
  });

  test("origins are the ones that are named", () => {
    expect(ruleOf({ origins: ["virginia"] }).origins).toMatchObject([{ name: "virginia" }]);
  });

  test("a rule asks lists, which may be continued", () => {
    const rule = ruleOf(
      { when: 'inList(client.ip, "offices")', block: 403 },
      { LISTS: { offices: ["10.0.0.0/8"] }, LISTS_1: { offices: ["192.0.2.0/24"] } },
    );
    expect(rule.when(visit)).toBe(true);
    expect(rule.when(visitOf({ client: { ip: "10.1.1.1" } }))).toBe(true);
    expect(rule.when(visitOf({ client: { ip: "11.1.1.1" } }))).toBe(false);
  });
});

describe("bindings", () => {
  test("a variable that is a JSON text is read", () => {
    expect(configOf({ RULES: '[{"block": 403}]', SETTINGS: '{"name": "edge"}' })).toMatchObject({
      rules: [{ name: "RULES.0" }],
      settings: { name: "edge" },
    });
  });

  test("continuations are in the order of their numbers", () => {
    const { rules } = configOf({
      RULES_10: [{ name: "c", block: 403 }],
      RULES_2: [{ name: "b", block: 403 }],
      RULES: [{ name: "a", block: 403 }],
    });
    expect(rules.map(({ name }) => name)).toEqual(["a", "b", "c"]);
  });

  test("a bot of BOTS counts before others where the settings say how it can be verified", () => {
    const [BOTS, agent] = [{ monitor: ["PartnerBot"] }, "curl/8.11.0 partnerbot/1.0"];
    const identities = { partnerbot: { dns: ["partner.example"] } };
    expect(configOf({ BOTS }).bots.find(agent)).toEqual({ name: "curl", kind: "tool" });
    const found = configOf({ BOTS, SETTINGS: { verify: { bots: identities } } }).bots.find(agent);
    expect(found).toEqual({ name: "partnerbot", kind: "monitor" });
    expect(configOf({ BOTS }).bots.find("curl/8.11.0 googlebot/2.1")).toEqual({ name: "googlebot", kind: "search" });
  });

  test("all others are left alone", () => {
    const platformBinding = new Map();
    const others = {
      CONFIG: platformBinding,
      RULE: platformBinding,
      LOGIN: { limit() {} },
      ADMIN_TOKEN: "secret",
      OTHER: [1],
    };
    expect(configOf(others)).toEqual({ ...configOf(), sites: expect.anything() });
  });

  test("the version follows what is written, not the order of keys", () => {
    const version = (SETTINGS: object): string => configOf({ SETTINGS }).version;
    expect(version({ tries: 2, trail: true })).toBe(version({ trail: true, tries: 2 }));
    expect(version({ tries: 2 })).not.toBe(version({ tries: 1 }));
    expect(version({})).toMatch(/^[0-9a-f]{14}$/);
  });
});
