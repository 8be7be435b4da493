/** Origins that have as much to do as they can, and what becomes of those who come then. */
import { describe, expect, test, vi } from "vitest";
import type { Edge } from "../../src/edge.ts";
import { createTimers } from "../harness/timers.ts";
import { cacheStatus, createWorld, originUrl, type VisitOptions } from "../harness/world.ts";

interface Given {
  readonly origin?: object;
  readonly site?: object;
  readonly origins?: readonly string[];
}

/** Origins that take two at once. What is asked below /held waits there until the story lets it go on. */
async function createStory({ origin = {}, site = {}, origins = ["frankfurt"] }: Given = {}) {
  const script = crypto.randomUUID();
  const timers = createTimers();
  const held: (() => void)[] = [];
  const under: Promise<string>[] = [];
  let isHolding = true;
  const ask: Edge["fetch"] = async (target, init) => {
    const url = typeof target === "string" ? target : target.url;
    if (isHolding && url.includes("/held")) await new Promise<void>((resolve) => void held.push(resolve));
    return fetch(target, { ...init, redirect: "manual", encodeResponseBody: "manual" });
  };
  const ORIGINS = origins.map((name) => ({
    name,
    url: originUrl(name, script),
    maxConnections: 2,
    queue: { length: 2, wait: "1s" },
    ...origin,
  }));
  const SITES = [{ hosts: ["www.example.com"], balance: "first", ...site }];
  const clock = createWorld().clock;
  const world = createWorld({
    vars: { ORIGINS, SITES },
    ports: { fetch: ask, after: timers.after },
    beside: { script, clock },
  });
  for (const name of origins as "frankfurt"[]) {
    await world.origin(name).answers("/held", { body: name });
    await world.origin(name).answers("/page", { body: name, headers: { "cache-control": "max-age=60" } });
  }
  const visit = (target: string, options?: VisitOptions): Promise<Response> => world.visit(target, options);
  const count = (): number =>
    origins
      .map((name) => world.edge.fleet.origin(name))
      .reduce((sum, { inFlight, gate }) => sum + inFlight + gate.waiting.length, 0);
  /** As many more are under way, or wait for their turn. */
  async function fill(more: number): Promise<void> {
    const wanted = count() + more;
    for (let each = 0; each < more; each++)
      under.push(visit("/held", { method: "POST" }).then((answer) => answer.text()));
    await vi.waitFor(() => expect(count()).toBe(wanted));
  }
  /** They go on, all of them, and come to their end. */
  async function letGo(): Promise<readonly string[]> {
    isHolding = false;
    for (const go of held) go();
    return Promise.all(under);
  }
  const trail = (): readonly string[] => world.log.at(-1)!["trail"] as readonly string[];
  return { world, timers, clock, held, visit, count, fill, letGo, trail };
}

const gptbot = { "user-agent": "Mozilla/5.0 (compatible; GPTBot/1.2; +https://openai.com/gptbot)" };

describe("an origin that takes two at once", () => {
  test("gets no third, which waits for its turn", async () => {
    const { fill, letGo, held } = await createStory();
    await fill(4);
    expect(held).toHaveLength(2);
    expect(await letGo()).toEqual(Array(4).fill("frankfurt"));
  });

  test("is free again when a short body is here whole", async () => {
    const { world, visit, count } = await createStory();
    await world
      .origin("frankfurt")
      .answers("/short", { bytes: 1_000, ranges: true, headers: { "cache-control": "no-store" } });
    for (let each = 0; each < 5; each++) expect((await (await visit("/short")).arrayBuffer()).byteLength).toBe(1_000);
    await world.settle();
    expect(count()).toBe(0);
  });

  test("is free again of those who have left when their time is up, once", async () => {
    const { world, timers, clock, visit, count } = await createStory();
    for (const path of ["/hangs", "/hangs-too"]) await world.origin("frankfurt").answers(path, { stalls: "before" });
    const clients = [new AbortController(), new AbortController()];
    const left = clients.map(({ signal }, index) => visit(index === 0 ? "/hangs" : "/hangs-too", { signal }));
    await vi.waitFor(() => expect(count()).toBe(2));
    for (const client of clients) client.abort();
    for (const _ of clients) await timers.elapse(30_000, clock);
    expect((await Promise.all(left)).map(({ status }) => status)).toEqual([504, 504]);
    expect(await world.origin("frankfurt").seen()).toHaveLength(2);
    expect((await visit("/page")).status).toBe(200);
  });

  test("leaves those who find no place even to wait with 503, and when to come back", async () => {
    const { fill, letGo, visit, world, trail } = await createStory();
    await fill(4);
    const refused = await visit("/page");
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(world.log.at(-1)).toMatchObject({ because: "origin-overloaded" });
    expect(trail()).toEqual(expect.arrayContaining(["origin=out:frankfurt=full", "origin=frankfurt:full 0ms"]));
    await letGo();
  });

  test("keeps nobody waiting longer than a second", async () => {
    const { fill, letGo, visit, timers, clock } = await createStory();
    await fill(2);
    const waiting = visit("/page");
    await timers.elapse(1_000, clock);
    expect((await waiting).status).toBe(503);
    await letGo();
  });

  test.each([[[4]], [[2, 2]]])(
    "leaves the third to another origin, also what must not be done twice: %j at once",
    async (counts) => {
      const { fill, letGo, trail } = await createStory({ origins: ["frankfurt", "virginia"] });
      for (const count of counts) await fill(count);
      expect(await letGo()).toEqual(["frankfurt", "frankfurt", "virginia", "virginia"]);
      if (counts.length > 1) expect(trail()).toContain("origin=out:frankfurt=full");
    },
  );

  test("costs nobody a try who finds it full after all", async () => {
    const { fill, letGo, visit, world } = await createStory({
      origin: { queue: { length: 0 } },
      origins: ["frankfurt", "virginia"],
    });
    await fill(4);
    expect((await visit("/page")).status).toBe(503);
    expect(world.edge.fleet.site("www.example.com").retries.saved).toBeGreaterThan(30);
    await letGo();
  });

  test("isn't thought ill of for it", async () => {
    const { fill, letGo, visit, world } = await createStory({ origin: { queue: { length: 0 } } });
    await fill(2);
    for (let more = 0; more < 20; more++) expect((await visit("/page")).status).toBe(503);
    expect(world.edge.fleet.origin("frankfurt").condition).toMatchObject({ failures: 0, ejection: undefined });
    await letGo();
  });

  test("may find out by itself how many it takes at once: 20 at first", async () => {
    const { fill, letGo, world, held } = await createStory({ origin: { maxConnections: "adaptive" } });
    await fill(22);
    const { inFlight, gate } = world.edge.fleet.origin("frankfurt");
    expect([held.length, inFlight, gate.waiting.length]).toEqual([20, 20, 2]);
    world.clock.advance(1);
    expect(await letGo()).toEqual(Array(22).fill("frankfurt"));
  });

  test("counts a body that isn't through", async () => {
    const { visit, world, letGo } = await createStory();
    await world.origin("frankfurt").answers("/long", { bytes: 8 << 20 });
    const first = await visit("/long", { method: "POST" });
    expect(world.edge.fleet.origin("frankfurt").inFlight).toBe(1);
    await first.body!.cancel();
    await world.settle();
    expect(world.edge.fleet.origin("frankfurt").inFlight).toBe(0);
    await letGo();
  });
});

describe("what the cache has", () => {
  /** A stored page, stale by now, and an origin that is full. */
  async function staleStory(site: object) {
    const story = await createStory({ site, origin: { queue: { length: 0 } } });
    await (await story.visit("/page")).text();
    await story.world.settle();
    story.clock.advance(3_600);
    await story.fill(2);
    return story;
  }

  test("is served, stale, where the site says so", async () => {
    const { visit, letGo, trail } = await staleStory({ overload: ["stale", "refuse"] });
    const answer = await visit("/page");
    expect([answer.status, await answer.text()]).toEqual([200, "frankfurt"]);
    expect(cacheStatus(answer)).toBe("fwd=stale; ttl=-3540; detail=stale-if-overloaded");
    expect(trail()).toContain("cache=stale-if-overloaded");
    await letGo();
  });

  test("is not called an error's stand-in, even where the origin allows one, as long as nobody met an error", async () => {
    const { visit, letGo } = await staleStory({ cache: { staleIfError: "1d" } });
    expect(cacheStatus(await visit("/page"))).toContain("detail=stale-if-overloaded");
    await letGo();
  });

  test("is called so in slices, too", async () => {
    const { visit, world, clock, fill, letGo, trail } = await createStory({ origin: { queue: { length: 0 } } });
    const headers = { "cache-control": "max-age=60, stale-if-error=86400", etag: '"v1"' };
    await world.origin("frankfurt").answers("/film", { headers, bytes: 3 << 20, ranges: true });
    const seek = () => visit("/film", { headers: { range: "bytes=0-9" } });
    await (await seek()).text();
    await world.settle();
    clock.advance(3_600);
    await fill(2);
    expect(cacheStatus(await seek())).toBe("fwd=stale; ttl=-3540; detail=stale-if-overloaded");
    expect(trail()).toContain("cache=stale-if-overloaded");
    await letGo();
  });

  test.each([
    [{ overload: ["stale", "refuse"] }, "fwd=stale; fwd-status=503; ttl=-3540; detail=stale-if-overloaded"],
    [{ cache: { staleIfError: "1d" } }, "fwd=stale; fwd-status=503; ttl=-3540; detail=stale-if-error"],
  ])("stands in for an origin that says 503 itself, by whose word it may: %j", async (site, expected) => {
    const { visit, world, clock } = await createStory({ site });
    await (await visit("/page")).text();
    await world.settle();
    clock.advance(3_600);
    await world.origin("frankfurt").answers("/page", { status: 503 });
    expect(cacheStatus(await visit("/page"))).toBe(expected);
  });

  test("isn't where the site doesn't, nor the origin", async () => {
    const { visit, letGo } = await staleStory({});
    expect((await visit("/page")).status).toBe(503);
    await letGo();
  });

  test("isn't when it is older than maxStale", async () => {
    const { visit, letGo } = await staleStory({
      overload: ["stale", "refuse"],
      cache: { maxStale: "10m" },
    });
    expect((await visit("/page")).status).toBe(503);
    await letGo();
  });
});

describe("a brownout", () => {
  const brownout = { stale: "25%", shed: { at: "50%", bots: ["gptbot"] }, refuse: "75%" };

  test("serves what is stale, sheds the named bots, then refuses the rest: step by step, and tells", async () => {
    const { visit, fill, count, letGo, clock, world, trail } = await createStory({ site: { brownout } });
    const seen = async (target: string, headers = {}): Promise<string> => {
      const before = count();
      const answer = await visit(target, { headers });
      await answer.text();
      await vi.waitFor(() => expect(count()).toBe(before));
      const note = trail().find((each) => each.startsWith("origin=brownout"));
      return `${answer.status} ${note?.slice(16) ?? "-"}`;
    };
    await seen("/page");
    await world.settle();
    clock.advance(3_600);

    await fill(1);
    expect([await seen("/page"), await seen("/other", gptbot)]).toEqual(["200 stale@25", "404 -"]);
    await fill(1);
    expect([await seen("/page"), await seen("/new", gptbot)]).toEqual(["200 stale@50", "503 shed:gptbot@50"]);
    await fill(1);
    expect([await seen("/page"), await seen("/newer")]).toEqual(["200 stale@75", "503 refuse@75"]);
    expect(world.log.at(-1)).toMatchObject({ because: "origin-overloaded", status: 503 });
    await letGo();
    await world.settle();
    expect(await seen("/page")).toBe("200 -");
  });

  test("that sheds a bot leaves those alone who wait for the same", async () => {
    const shed = { at: "0%", bots: ["gptbot"] };
    const { visit, world } = await createStory({ site: { brownout: { shed } } });
    const [bot, person] = await Promise.all([visit("/page", { headers: gptbot }), visit("/page")]);
    expect([bot.status, person.status, await person.text()]).toEqual([503, 200, "frankfurt"]);
    await world.settle();
    expect(cacheStatus(await visit("/page"))).toContain("hit");
  });
});

describe("a place is given back", () => {
  const [frankfurt, virginia] = ["frankfurt", "virginia"] as const;

  async function stalling(headers: Record<string, string>) {
    const script = crypto.randomUUID();
    const timers = createTimers();
    const ORIGINS = [frankfurt, virginia].map((name) => ({ name, url: originUrl(name, script), maxConnections: 3 }));
    const SITES = [{ hosts: ["www.example.com"], balance: "first", timeouts: { idle: "5s" } }];
    const { clock } = createWorld();
    const world = createWorld({
      vars: { ORIGINS, SITES },
      ports: { after: timers.after },
      beside: { script, clock },
    });
    await world.origin(frankfurt).answers("/film", { bytes: 400_000, ranges: true, headers, stalls: 1_000 });
    await world.origin(virginia).answers("/film", { bytes: 400_000, ranges: true, headers });
    const film = (await world.visit("/film")).arrayBuffer();
    void timers.elapse(5_000, clock);
    return { film, inFlight: () => world.edge.fleet.origin(frankfurt).inFlight };
  }

  test("by a body that stalls, when another one has its rest", async () => {
    const { film, inFlight } = await stalling({ etag: '"v1"', "cache-control": "no-store" });
    expect((await film).byteLength).toBe(400_000);
    await vi.waitFor(() => expect(inFlight()).toBe(0));
  });

  test("by a body that stalls, and that nobody else has", async () => {
    const { film, inFlight } = await stalling({ "cache-control": "no-store" });
    await expect(film).rejects.toThrow();
    await vi.waitFor(() => expect(inFlight()).toBe(0));
  });
});
