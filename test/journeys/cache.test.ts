import { describe, expect, test } from "vitest";
import { createMemoryStore } from "../../src/platform/memory/store.ts";
import { cacheStatus, createWorld, dawn } from "../harness/world.ts";

const minute = { "cache-control": "max-age=60" };
const at = (seconds: number): string => new Date(dawn + seconds * 1000).toUTCString();

describe("a stored answer", () => {
  test("is a miss first, then a hit that tells its age", async () => {
    const world = createWorld();
    const origin = world.origin("frankfurt");
    await origin.answers("/a", { headers: { ...minute, date: at(0) }, body: "one" }, { body: "two" });

    const miss = await world.visit("/a");
    expect(await miss.text()).toBe("one");
    expect(cacheStatus(miss)).toContain("fwd=uri-miss");
    expect(cacheStatus(miss)).toContain("stored");
    await world.settle();

    world.clock.advance(10);
    const hit = await world.visit("/a");
    expect(await hit.text()).toBe("one");
    expect(hit.headers.get("age")).toBe("10");
    expect(cacheStatus(hit)).toContain("hit");
    expect(cacheStatus(hit)).toContain("ttl=50");
    expect(await origin.seen()).toHaveLength(1);
  });

  test("is asked about when it has become stale, and kept when the origin says it still holds", async () => {
    const world = createWorld();
    const origin = world.origin("frankfurt");
    await origin.answers(
      "/a",
      { headers: { ...minute, etag: '"v1"', date: at(0), "x-kept": "yes" }, body: "one" },
      { status: 304, headers: { ...minute, etag: '"v1"', date: at(61), "x-new": "yes" } },
      { body: "never asked for" },
    );
    await (await world.visit("/a")).text();
    await world.settle();

    world.clock.advance(61);
    const confirmed = await world.visit("/a");
    expect(await confirmed.text()).toBe("one");
    expect(confirmed.headers.get("x-kept")).toBe("yes");
    expect(confirmed.headers.get("x-new")).toBe("yes");
    expect(cacheStatus(confirmed)).toContain("fwd=stale");
    expect(cacheStatus(confirmed)).toContain("fwd-status=304");
    await world.settle();

    world.clock.advance(59);
    const hit = await world.visit("/a");
    expect(await hit.text()).toBe("one");
    expect(hit.headers.get("age")).toBe("59");
    const seen = await origin.seen();
    expect(seen).toHaveLength(2);
    expect(seen[1]!.headers["if-none-match"]).toBe('"v1"');
  });

  test("is replaced when the origin has a newer one", async () => {
    const world = createWorld();
    await world
      .origin("frankfurt")
      .answers(
        "/a",
        { headers: { ...minute, etag: '"1"', date: at(0) }, body: "one" },
        { headers: { ...minute, etag: '"2"', date: at(61) }, body: "two" },
      );
    await (await world.visit("/a")).text();
    await world.settle();
    world.clock.advance(61);
    expect(await (await world.visit("/a")).text()).toBe("two");
    await world.settle();
    const hit = await world.visit("/a");
    expect(await hit.text()).toBe("two");
    expect(cacheStatus(hit)).toContain("hit");
  });

  test("serves HEAD as well", async () => {
    const world = createWorld();
    const origin = world.origin("frankfurt");
    await origin.answers("/a", { headers: { ...minute, date: at(0), "x-mark": "1" }, body: "one" });
    await (await world.visit("/a")).text();
    await world.settle();
    const head = await world.visit("/a", { method: "HEAD" });
    expect(head.headers.get("x-mark")).toBe("1");
    expect(await head.text()).toBe("");
    expect(cacheStatus(head)).toContain("hit");
    expect(await origin.seen()).toHaveLength(1);
  });

  test.each([
    ["204 that tells a length", { status: 204, headers: { ...minute, "content-length": "1" } }],
    ["205 that has a body all the same", { status: 205, headers: minute, body: "no content, it says" }],
  ])("a %s is stored without, and is a hit", async (_, answer) => {
    const world = createWorld();
    await world.origin("frankfurt").answers("/a", answer);
    expect(cacheStatus(await world.visit("/a"))).toContain("stored");
    await world.settle();
    const hit = await world.visit("/a");
    expect([hit.status, hit.body, cacheStatus(hit).split(";")[0]]).toEqual([answer.status, null, "hit"]);
  });
});

describe("what varies", () => {
  test("has a bounded number of variants: of more, the oldest go from the store", async () => {
    const store = createMemoryStore();
    const gone: string[] = [];
    const watched = { ...store, delete: (key: string) => (gone.push(key), store.delete(key)) };
    const world = createWorld({ ports: { store: watched } });
    await world.origin("frankfurt").answers("/a", { headers: { ...minute, vary: "foo", date: at(0) }, body: "one" });
    const ask = async (foo: number): Promise<string> => {
      const response = await world.visit("/a", { headers: { foo: String(foo) } });
      await response.text();
      await world.settle();
      return cacheStatus(response);
    };
    for (let foo = 0; foo < 103; foo++) await ask(foo);
    expect(gone).toHaveLength(3);
    expect(await ask(102)).toContain("hit");
    expect(await ask(3)).toContain("hit");
    expect(await ask(0)).toContain("fwd=vary-miss");
  });

  test("has its variants side by side, and a third language is a vary-miss", async () => {
    const world = createWorld();
    const origin = world.origin("frankfurt");
    const varies = { ...minute, vary: "Accept-Language", date: at(0) };
    await origin.answers(
      "/a",
      { headers: varies, body: "hallo" },
      { headers: varies, body: "hello" },
      { headers: varies, body: "salut" },
    );
    const speak = async (language: string) => {
      const response = await world.visit("/a", { headers: { "accept-language": language } });
      const said = [await response.text(), cacheStatus(response).split(";")[0]];
      await world.settle();
      return said;
    };
    expect(await speak("de")).toEqual(["hallo", "fwd=uri-miss"]);
    expect(await speak("en")).toEqual(["hello", "fwd=vary-miss"]);
    expect(await speak("DE ")).toEqual(["hallo", "hit"]);
    expect(await speak("en")).toEqual(["hello", "hit"]);
    expect(await speak("fr")).toEqual(["salut", "fwd=vary-miss"]);
    expect(await origin.seen()).toHaveLength(3);
  });

  test("by everything is never reused", async () => {
    const world = createWorld();
    await world.origin("frankfurt").answers("/a", { headers: { ...minute, vary: "Foo, *" }, body: "one" });
    await (await world.visit("/a")).text();
    await world.settle();
    expect(cacheStatus(await world.visit("/a"))).toMatch(/fwd=miss.*vary-star/);
  });
});

describe("stale answers", () => {
  const swr = { "cache-control": "max-age=60, stale-while-revalidate=30", date: at(0) };

  test("are served while one request refreshes them behind the clients' backs", async () => {
    const world = createWorld();
    const origin = world.origin("frankfurt");
    await origin.answers("/a", { headers: swr, body: "one" }, { headers: { ...swr, date: at(70) }, body: "two" });
    await (await world.visit("/a")).text();
    await world.settle();

    world.clock.advance(70);
    const stale = await Promise.all([world.visit("/a"), world.visit("/a"), world.visit("/a")]);
    for (const response of stale) {
      expect(await response.text()).toBe("one");
      expect(cacheStatus(response)).toContain("ttl=-10");
    }
    await world.settle();
    expect(await (await world.visit("/a")).text()).toBe("two");
    expect(await origin.seen()).toHaveLength(2);
  });

  test("survive a refresh that fails", async () => {
    const world = createWorld();
    await world.origin("frankfurt").answers("/a", { headers: swr, body: "one" }, { status: 500, body: "broken" });
    await (await world.visit("/a")).text();
    await world.settle();
    world.clock.advance(70);
    await (await world.visit("/a")).text();
    await world.settle();
    expect(await (await world.visit("/a")).text()).toBe("one");
  });

  test("are no use after their window", async () => {
    const world = createWorld();
    await world.origin("frankfurt").answers("/a", { headers: swr, body: "one" }, { headers: swr, body: "two" });
    await (await world.visit("/a")).text();
    await world.settle();
    world.clock.advance(91);
    expect(await (await world.visit("/a")).text()).toBe("two");
  });

  test("bridge an origin's failure, when the origin allows it", async () => {
    const world = createWorld({ vars: { SETTINGS: { tries: 1 } } });
    const headers = { "cache-control": "max-age=60, stale-if-error=600", date: at(0) };
    await world
      .origin("frankfurt")
      .answers("/a", { headers, body: "one" }, { status: 503, body: "down" }, { breaks: "before" });
    await (await world.visit("/a")).text();
    await world.settle();
    world.clock.advance(61);
    for (const _ of ["503", "connection lost"]) {
      const bridged = await world.visit("/a");
      expect(bridged.status).toBe(200);
      expect(await bridged.text()).toBe("one");
      expect(cacheStatus(bridged)).toContain("stale-if-error");
    }
  });

  test("don't, when the origin says must-revalidate", async () => {
    const world = createWorld({ vars: { SETTINGS: { tries: 1 } } });
    const headers = { "cache-control": "max-age=60, stale-if-error=600, must-revalidate", date: at(0) };
    await world.origin("frankfurt").answers("/a", { headers, body: "one" }, { status: 503, body: "down" });
    await (await world.visit("/a")).text();
    await world.settle();
    world.clock.advance(61);
    expect((await world.visit("/a")).status).toBe(503);
  });
});

describe("what isn't shared", () => {
  const refused: readonly (readonly [
    why: string,
    headers: Record<string, string>,
    request?: Record<string, string>,
  ])[] = [
    ["no-store", { "cache-control": "no-store, max-age=60" }],
    ["private", { "cache-control": "private, max-age=60" }],
    ["set-cookie", { "cache-control": "max-age=60", "set-cookie": "id=1" }],
    ["authorization", { "cache-control": "max-age=60" }, { authorization: "Basic eDp5" }],
    ["request-no-store", { "cache-control": "max-age=60" }, { "cache-control": "no-store" }],
    ["no-freshness", {}],
    ["no-store", { "cache-control": "max-age=60", "cdn-cache-control": "no-store" }],
  ];
  test.for(refused)("%s: %j", async ([why, headers, request = {}]) => {
    const world = createWorld();
    const origin = world.origin("frankfurt");
    await origin.answers("/a", { headers, body: "one" });
    expect(cacheStatus(await world.visit("/a", { headers: request }))).toContain(why);
    await world.settle();
    expect(cacheStatus(await world.visit("/a"))).toMatch(/fwd=(?:uri-)?miss/);
    expect(await origin.seen()).toHaveLength(2);
  });

  const allowed: readonly (readonly [
    why: string,
    headers: Record<string, string>,
    request?: Record<string, string>,
  ])[] = [
    ["a cookie for everybody", { "cache-control": "public, max-age=60", "set-cookie": "theme=dark" }],
    ["an authorised answer for everybody", { "cache-control": "s-maxage=60" }, { authorization: "Basic eDp5" }],
    ["a targeted lifetime", { "cache-control": "no-store", "cdn-cache-control": "max-age=60" }],
    ["private in its named field only", { "cache-control": 'max-age=60, private="x-user"', "x-user": "ann" }],
  ];
  test.for(allowed)("but %s is", async ([, headers, request = {}]) => {
    const world = createWorld();
    const origin = world.origin("frankfurt");
    await origin.answers("/a", { headers, body: "one" });
    await (await world.visit("/a", { headers: request })).text();
    await world.settle();
    const hit = await world.visit("/a", { headers: request });
    expect(cacheStatus(hit)).toContain("hit");
    expect(hit.headers.has("x-user")).toBe(false);
    expect(await origin.seen()).toHaveLength(1);
  });
});

describe("the client's own wishes", () => {
  const cases: readonly (readonly [wish: string, expected: string, status: number])[] = [
    ["max-age=5", "fwd=request", 200],
    ["no-cache", "fwd=request", 200],
    ["min-fresh=55", "fwd=request", 200],
    ["max-age=30", "hit", 200],
    ["only-if-cached", "hit", 200],
  ];
  test.for(cases)("%s → %s", async ([wish, expected, status]) => {
    const world = createWorld();
    await world.origin("frankfurt").answers("/a", { headers: { ...minute, date: at(0) }, body: "one" });
    await (await world.visit("/a")).text();
    await world.settle();
    world.clock.advance(10);
    const response = await world.visit("/a", { headers: { "cache-control": wish } });
    expect(response.status).toBe(status);
    expect(cacheStatus(response)).toContain(expected);
  });

  test("only-if-cached with nothing stored is 504, and the origin sees nothing", async () => {
    const world = createWorld();
    const response = await world.visit("/a", { headers: { "cache-control": "only-if-cached" } });
    expect(response.status).toBe(504);
    expect(await world.origin("frankfurt").seen()).toHaveLength(0);
  });

  test("max-stale takes what became stale", async () => {
    const world = createWorld();
    await world.origin("frankfurt").answers("/a", { headers: { ...minute, date: at(0) }, body: "one" });
    await (await world.visit("/a")).text();
    await world.settle();
    world.clock.advance(70);
    const response = await world.visit("/a", { headers: { "cache-control": "max-stale=20" } });
    expect(cacheStatus(response)).toContain("hit; ttl=-10");
  });
});

describe("rules", () => {
  test("a ttl makes an answer fresh that says nothing of it, and a bypass leaves it alone", async () => {
    const world = createWorld({
      vars: {
        RULES: [
          { when: 'request.path.startsWith("/kept")', cache: { ttl: "1m", stale: "1m" } },
          { when: 'request.path == "/kept/not"', cache: false },
        ],
      },
    });
    const origin = world.origin("frankfurt");
    await origin.answers("/kept/a", { body: "one" });
    await origin.answers("/kept/not", { headers: minute, body: "one" });
    for (const path of ["/kept/a", "/kept/not"]) await (await world.visit(path)).text();
    await world.settle();
    expect(cacheStatus(await world.visit("/kept/a"))).toContain("hit");
    expect(cacheStatus(await world.visit("/kept/not"))).toContain("fwd=bypass");
  });

  test("key parts: a tracking parameter makes no other key, a cookie does", async () => {
    const cache = { ttl: "1m", key: { query: { except: ["utm_source"] }, cookies: ["theme"] } };
    const world = createWorld({ vars: { RULES: [{ cache }] } });
    const origin = world.origin("frankfurt");
    await origin.answers("/a", { body: "one" });
    const status = async (target: string, cookie: string) => {
      const response = await world.visit(target, { headers: { cookie } });
      await response.text();
      await world.settle();
      return cacheStatus(response).split(";")[0];
    };
    expect(await status("/a?x=1&utm_source=mail", "theme=dark")).toBe("fwd=uri-miss");
    expect(await status("/a?x=1", "id=7; theme=dark")).toBe("hit");
    expect(await status("/a?utm%5Fsource=ad&x=1", "theme=dark")).toBe("hit");
    expect(await status("/a?x=1", "theme=light")).toBe("fwd=uri-miss");
    expect(await status("/a?x=2", "theme=dark")).toBe("fwd=uri-miss");
  });
});

describe("invalidation", () => {
  test("a successful POST forgets the URL and where its Location points; a failed one doesn't", async () => {
    const world = createWorld();
    const origin = world.origin("frankfurt");
    for (const path of ["/list", "/item"])
      await origin.answers(path, { headers: { ...minute, date: at(0) }, body: "old" });
    const statuses = async () =>
      Promise.all(
        ["/list", "/item"].map(async (path) => {
          const response = await world.visit(path);
          await response.text();
          return cacheStatus(response).split(";")[0];
        }),
      );
    await statuses();
    await world.settle();

    await origin.answers("/list", { status: 500 });
    await world.visit("/list", { method: "POST", body: "x" });
    expect(await statuses()).toEqual(["hit", "hit"]);

    await origin.answers("/list", { status: 201, headers: { location: "/item" } }, { body: "new" });
    await world.visit("/list", { method: "POST", body: "x" });
    expect(await statuses()).toEqual(["fwd=uri-miss", "fwd=uri-miss"]);
  });
});

describe("when something breaks", () => {
  test("a body that breaks off is not stored as the whole", async () => {
    const world = createWorld();
    const origin = world.origin("frankfurt");
    const headers = { ...minute, date: at(0), "content-length": "300000" };
    await origin.answers("/a", { headers, bytes: 300_000, breaks: 200_000 }, { headers, bytes: 300_000 });
    await expect((await world.visit("/a")).arrayBuffer()).rejects.toThrow();
    await world.settle();
    const whole = await world.visit("/a");
    expect((await whole.arrayBuffer()).byteLength).toBe(300_000);
    expect(cacheStatus(whole)).toContain("fwd=miss");
  });

  test("a store that fails at every turn costs hits, not visits", async () => {
    const broken = async () => Promise.reject(new Error("the store is down"));
    const world = createWorld({ ports: { store: { match: broken, put: broken, delete: broken } } });
    await world.origin("frankfurt").answers("/a", { headers: minute, body: "one" });
    for (const method of ["GET", "GET", "POST"]) expect((await world.visit("/a", { method })).status).toBe(200);
  });

  test("an entry that can't be read counts as a miss and is replaced", async () => {
    const store = createMemoryStore();
    const garbled = { ...store, match: async () => ({ head: "{not json", body: null, length: undefined }) };
    const world = createWorld({ ports: { store: garbled } });
    await world.origin("frankfurt").answers("/a", { headers: minute, body: "one" });
    const response = await world.visit("/a");
    expect(await response.text()).toBe("one");
    expect(cacheStatus(response)).toContain("stored");
  });

  test("a store that takes nothing doesn't hold up a body", async () => {
    const full = { ...createMemoryStore(), put: async () => Promise.reject(new Error("the store is full")) };
    const world = createWorld({ ports: { store: full } });
    const headers = { ...minute, date: at(0), "content-length": "300000" };
    await world.origin("frankfurt").answers("/a", { headers, bytes: 300_000 });
    expect((await (await world.visit("/a")).arrayBuffer()).byteLength).toBe(300_000);
  });

  test("the client may leave early; what it started is stored all the same", async () => {
    const world = createWorld();
    const headers = { ...minute, date: at(0), "content-length": "300000" };
    await world.origin("frankfurt").answers("/a", { headers, bytes: 300_000 });
    const reader = (await world.visit("/a")).body!.getReader();
    await reader.read();
    await reader.cancel();
    await world.settle();
    const hit = await world.visit("/a");
    expect(cacheStatus(hit)).toContain("hit");
    expect((await hit.arrayBuffer()).byteLength).toBe(300_000);
  });

  test("unless it leaves at the beginning of a long one: that is fetched for those alone who wait for it", async () => {
    const world = createWorld();
    const bytes = 20_000_000;
    const headers = { ...minute, date: at(0), "content-length": String(bytes), etag: '"v1"' };
    await world.origin("frankfurt").answers("/a", { headers, bytes, ranges: true });
    const leave = async (visited: Promise<Response>): Promise<void> => {
      const reader = (await visited).body!.getReader();
      await reader.read();
      await reader.cancel();
    };
    await leave(world.visit("/a"));
    await world.settle();
    expect(world.edge.fleet.origin("frankfurt").condition.failures).toBe(0);

    const first = world.visit("/a");
    const other = world.visit("/a");
    await leave(first);
    const waited = await other;
    expect(cacheStatus(waited)).toContain("collapsed");
    expect((await waited.arrayBuffer()).byteLength).toBe(bytes);
    await world.settle();
    expect(await world.origin("frankfurt").seen()).toHaveLength(2);
  });
});

describe("many at once", () => {
  const statuses = async (responses: readonly Response[]) => {
    await Promise.all(responses.map((response) => response.arrayBuffer()));
    return responses.map((response) => cacheStatus(response));
  };

  test("a thousand visits to one cold key: one asks the origin, all get the answer", async () => {
    const world = createWorld();
    const origin = world.origin("frankfurt");
    await origin.answers("/a", { headers: minute, body: "one", delay: 100 });
    const responses = await Promise.all(Array.from({ length: 1000 }, () => world.visit("/a")));
    expect(new Set(await Promise.all(responses.map((response) => response.clone().text())))).toEqual(new Set(["one"]));
    const collapsed = (await statuses(responses)).filter((status) => status === "fwd=uri-miss; ttl=60; collapsed");
    expect(collapsed).toHaveLength(999);
    expect(await origin.seen()).toHaveLength(1);
  });

  test("a client that doesn't read its answer holds up nobody", async () => {
    const world = createWorld();
    await world.origin("frankfurt").answers("/a", { headers: minute, bytes: 500_000, delay: 50 });
    const idle = world.visit("/a");
    const waiting = await world.visit("/a");
    expect((await waiting.arrayBuffer()).byteLength).toBe(500_000);
    await (await idle).body?.cancel();
  });

  test("each variant has a flight of its own", async () => {
    const world = createWorld();
    const origin = world.origin("frankfurt");
    const headers = { ...minute, vary: "Accept-Language" };
    await origin.answers("/a", { headers, body: "x" });
    await (await world.visit("/a", { headers: { "accept-language": "de" } })).text();
    await world.settle();
    const speak = (language: string) => world.visit("/a", { headers: { "accept-language": language } });
    await statuses(await Promise.all([speak("en"), speak("fr"), speak("en"), speak("fr")]));
    expect(await origin.seen()).toHaveLength(3);
  });

  test("an answer that is for one visit only lets all others ask by themselves, and nobody waits for it again", async () => {
    const world = createWorld();
    const origin = world.origin("frankfurt");
    await origin.answers("/a", { headers: { "cache-control": "private" }, body: "yours", delay: 50 });
    await statuses(await Promise.all(Array.from({ length: 5 }, () => world.visit("/a"))));
    expect(await origin.seen()).toHaveLength(5);

    const [again] = await statuses([await world.visit("/a")]);
    expect(again).toBe("fwd=miss; fwd-status=200; detail=private");
    expect(world.log.at(-1)!["trail"]).toContain("cache=pass");

    await origin.answers("/a", { headers: minute, body: "ours" });
    await statuses([await world.visit("/a")]);
    await world.settle();
    const [hit] = await statuses([await world.visit("/a")]);
    expect(hit).toContain("hit");
  });

  test("an origin that fails is asked once for all who wait, and a stale answer serves them all", async () => {
    const world = createWorld({ vars: { SETTINGS: { tries: 1 } } });
    const origin = world.origin("frankfurt");
    const headers = { "cache-control": "max-age=60, stale-if-error=600", date: at(0) };
    await origin.answers("/cold", { status: 503, delay: 50 });
    const cold = await Promise.all(Array.from({ length: 5 }, () => world.visit("/cold")));
    expect(cold.map(({ status }) => status)).toEqual([503, 503, 503, 503, 503]);
    expect(await origin.seen()).toHaveLength(1);

    await origin.answers("/stale", { headers, body: "one" }, { breaks: "before", delay: 50 });
    await (await world.visit("/stale")).text();
    await world.settle();
    world.clock.advance(61);
    const bridged = await Promise.all(Array.from({ length: 5 }, () => world.visit("/stale")));
    expect(new Set(await Promise.all(bridged.map((response) => response.text())))).toEqual(new Set(["one"]));
    expect(await origin.seen()).toHaveLength(3);
  });
});
