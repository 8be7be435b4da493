import { describe, expect, test } from "vitest";
import { createWorld, originUrl, type VisitOptions, type World } from "../harness/world.ts";
import type { OriginAnswer, SeenRequest } from "../harness/origin-answer.ts";

interface Scene {
  readonly mirror?: Readonly<Record<string, unknown>>;
  readonly shadow?: Readonly<Record<string, unknown>>;
  readonly site?: Readonly<Record<string, unknown>>;
  readonly vars?: Readonly<Record<string, unknown>>;
}

/** Frankfurt serves; virginia is the shadow, which gets copies. */
function worldWhere({ mirror = {}, shadow = {}, site = {}, vars = {} }: Scene = {}): World {
  const scene = createWorld();
  const url = (name: string): string => originUrl(name, scene.script);
  return createWorld({
    beside: scene,
    vars: {
      ORIGINS: [
        { name: "frankfurt", url: url("frankfurt"), region: "EU" },
        { name: "shadow", url: url("virginia"), region: "EU", ...shadow },
      ],
      SITES: [{ hosts: ["www.example.com"], origins: ["frankfurt"], ...site }],
      RULES: [{ name: "trial", mirror: { to: ["shadow"], ...mirror } }],
      ...vars,
    },
  });
}

async function play(world: World, shadow: OriginAnswer = { body: "from the shadow" }): Promise<void> {
  await world.origin("frankfurt").answers("/a", { body: "real" });
  await world.origin("virginia").answers("/a", shadow);
}

function copiesIn(world: World): Promise<readonly SeenRequest[]> {
  return world.origin("virginia").seen();
}

async function visit(world: World, options: VisitOptions = {}, target = "/a"): Promise<string> {
  const text = await (await world.visit(target, options)).text();
  await world.settle();
  return text;
}

function trailOf(world: World): string {
  return (world.log.at(-1)!["trail"] as readonly string[]).filter((note) => note.startsWith("origin=mirror")).join(" ");
}

describe("a copy", () => {
  test("has all that the origin got, and its answer is nobody's", async () => {
    const world = worldWhere();
    await play(world);
    expect(await visit(world, { headers: { "x-some": "thing", cookie: "a=b" } }, "/a?q=1")).toBe("real");
    const [original] = await world.origin("frankfurt").seen();
    const [copy, ...others] = await copiesIn(world);
    const { host: _of, ...fields } = original!.headers;
    expect(copy).toMatchObject({ ...original, headers: fields });
    expect(others).toEqual([]);
    expect(trailOf(world)).toBe("origin=mirror:shadow");
    expect(world.log[0]).toMatchObject({ status: 200, origin: "frankfurt" });
    expect(JSON.stringify(world.log[0]!["trail"])).toContain("mirror=trial");
  });

  test("carries content of a length that is known and small enough to keep", async () => {
    const world = worldWhere({ site: { retry: { body: "1KB" } } });
    await play(world);
    const post = (size: number): VisitOptions => ({
      method: "POST",
      body: "x".repeat(size),
      headers: { "content-length": String(size) },
    });
    expect(await visit(world, post(1024))).toBe("real");
    expect((await copiesIn(world)).map(({ method, bodyBytes }) => [method, bodyBytes])).toEqual([["POST", 1024]]);
    expect(await visit(world, post(1025))).toBe("real");
    expect(trailOf(world)).toBe("origin=mirror:streamed");
    expect(await copiesIn(world)).toHaveLength(1);
    expect((await world.origin("frankfurt").seen()).map(({ bodyBytes }) => bodyBytes)).toEqual([1024, 1025]);
  });

  test("is sent when the origin is asked, not when the cache answers", async () => {
    const world = worldWhere();
    await world.origin("frankfurt").answers("/a", { body: "real", headers: { "cache-control": "max-age=60" } });
    await visit(world);
    await visit(world);
    expect(await copiesIn(world)).toHaveLength(1);
  });

  test("is signed for the shadow, which is another one than the origin", async () => {
    const world = worldWhere({
      shadow: { header: { name: "x-key", secret: "SHADOW_KEY" } },
      vars: { SHADOW_KEY: "s" },
    });
    await play(world);
    await visit(world);
    expect((await copiesIn(world))[0]!.headers["x-key"]).toBe("s");
    expect((await world.origin("frankfurt").seen())[0]!.headers["x-key"]).toBeUndefined();
  });

  test("of a visit that takes many requests there is one", async () => {
    const world = worldWhere({ site: { cache: { slice: "64KB" } } });
    const bytes = 400_000;
    await world.origin("frankfurt").answers("/a", {
      bytes,
      ranges: true,
      headers: { etag: '"v1"', "cache-control": "max-age=60" },
    });
    const answer = await world.visit("/a", { headers: { range: "bytes=0-299999" } });
    expect((await answer.arrayBuffer()).byteLength).toBe(300_000);
    await world.settle();
    expect((await world.origin("frankfurt").seen()).length).toBeGreaterThan(2);
    expect(await copiesIn(world)).toHaveLength(1);
  });
});

describe("the visit doesn't notice when the shadow", () => {
  test.for<[string, OriginAnswer]>([
    ["answers 500", { status: 500 }],
    ["closes the connection", { breaks: "before" }],
    ["resets it", { breaks: "reset" }],
    ["breaks off in its body", { body: "half of it", breaks: 3 }],
    ["never answers", { stalls: "before" }],
  ])("%s", async ([, shadow]) => {
    const world = worldWhere({ mirror: { timeout: "200ms" } });
    await play(world, shadow);
    expect(await visit(world)).toBe("real");
    expect(await copiesIn(world)).toHaveLength(1);
    const { copies, condition } = world.edge.fleet.origin("shadow");
    expect([copies, condition.failures]).toEqual([0, 0]);
  });

  test("has no key for its credentials", async () => {
    const world = worldWhere({ shadow: { sign: { key: "NO_KEY" } } });
    await play(world);
    expect(await visit(world)).toBe("real");
    expect(await copiesIn(world)).toEqual([]);
  });

  test("is busy: then there is no copy", async () => {
    const world = worldWhere({ shadow: { maxConnections: 2 }, mirror: { timeout: "300ms" } });
    await play(world, { stalls: "before" });
    for (let time = 0; time < 3; time++) expect(await (await world.visit("/a")).text()).toBe("real");
    expect(trailOf(world)).toBe("origin=mirror:shadow=busy");
    await world.settle();
    expect(await copiesIn(world)).toHaveLength(2);
    await visit(world);
    expect(trailOf(world)).toBe("origin=mirror:shadow");
  });
});

describe("there is no copy", () => {
  test("of a WebSocket", async () => {
    const world = worldWhere();
    const answer = await world.visit("/ws", { headers: { upgrade: "websocket" } });
    expect(answer.status).toBe(101);
    answer.webSocket!.accept();
    answer.webSocket!.close();
    expect(trailOf(world)).toBe("origin=mirror:upgrade");
    expect(await copiesIn(world)).toEqual([]);
  });

  test("of visits that aren't drawn: about as many as the share says", async () => {
    const world = worldWhere({ mirror: { share: "25%" } });
    await play(world);
    for (let time = 0; time < 100; time++) await visit(world, { headers: { "cf-ray": `visit-${time}` } });
    const copies = (await copiesIn(world)).length;
    expect(copies).toBeGreaterThan(10);
    expect(copies).toBeLessThan(40);
  });

  test("of a copy: a shadow that is this edge would refuse it", async () => {
    const world = worldWhere();
    await play(world);
    await visit(world);
    const [{ headers }] = (await copiesIn(world)) as [SeenRequest];
    const back = await world.visit("/a", { headers: { "cdn-loop": headers["cdn-loop"]! } });
    expect(back.status).toBe(508);
    await world.settle();
    expect(await copiesIn(world)).toHaveLength(1);
  });
});
