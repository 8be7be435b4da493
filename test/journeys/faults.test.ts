/** Origins that fail in every way that servers fail, and what the client gets. */
import { describe, expect, test } from "vitest";
import type { OriginAnswer } from "../harness/origin-answer.ts";
import { createTimers } from "../harness/timers.ts";
import { createWorld, type World } from "../harness/world.ts";

/** Berlin asks frankfurt first, and virginia when that fails. */
async function worldWhere(frankfurt: OriginAnswer, site: object = {}): Promise<World & { timers: Timers }> {
  const timers = createTimers();
  const SITES = [{ hosts: ["www.example.com"], origins: ["frankfurt", "virginia"], ...site }];
  const world = createWorld({ vars: { SITES }, ports: { after: timers.after } });
  await world.origin("frankfurt").answers("/", frankfurt);
  await world.origin("virginia").answers("/", { body: "virginia" });
  return { ...world, timers };
}

type Timers = ReturnType<typeof createTimers>;

/** Nobody is asked beside an origin that is silent. */
const patient = { retry: { patience: false } };

const trailOf = ({ log }: World): readonly string[] =>
  (log.at(-1)!["trail"] as string[])
    .filter((note) => /^origin=(?!score:)/.test(note))
    .map((note) => note.split(" ", 1)[0]!);

describe("before the header", () => {
  test("a reset connection: the next origin answers", async () => {
    const world = await worldWhere({ breaks: "reset" });
    expect(await (await world.visit("/")).text()).toBe("virginia");
    expect(trailOf(world)).toEqual(["origin=by-position", "origin=frankfurt:connection", "origin=virginia"]);
  });

  test("an origin that takes the request and says nothing: the next one answers when the time is up", async () => {
    const world = await worldWhere({ stalls: "before" }, patient);
    const visited = world.visit("/");
    await world.timers.elapse(30_000, world.clock);
    expect(await (await visited).text()).toBe("virginia");
    expect(world.log[0]!["trail"]).toContain("origin=frankfurt:timeout 30000ms");
  });

  test("the site says how long that is", async () => {
    const world = await worldWhere({ stalls: "before" }, { ...patient, timeouts: { header: "2s" } });
    const visited = world.visit("/");
    await world.timers.elapse(2_000, world.clock);
    expect(await (await visited).text()).toBe("virginia");
  });

  test("and how long everything may take: no further try begins then", async () => {
    const world = await worldWhere({ stalls: "before" }, { ...patient, timeouts: { whole: "3s" } });
    const visited = world.visit("/");
    await world.timers.elapse(3_000, world.clock);
    expect((await visited).status).toBe(504);
    expect(trailOf(world)).toEqual(["origin=by-position", "origin=frankfurt:timeout", "origin=out-of-time"]);
  });

  test("an origin that fails at a rate: nobody notices", async () => {
    const world = await worldWhere({ failsEvery: 3, body: "frankfurt" });
    const texts: string[] = [];
    for (let visit = 0; visit < 9; visit++) texts.push(await (await world.visit("/")).text());
    const three = ["frankfurt", "frankfurt", "virginia"];
    expect(texts).toEqual([...three, ...three, ...three]);
  });

  test("an origin that gets slower: the next one answers as soon as it is too slow", async () => {
    const world = createWorld({ vars: { SETTINGS: { timeout: "400ms" } } });
    await world.origin("frankfurt").answers("/", { slows: 300, body: "frankfurt" });
    await world.origin("virginia").answers("/", { body: "virginia" });
    const texts: string[] = [];
    for (let visit = 0; visit < 4; visit++) texts.push(await (await world.visit("/")).text());
    expect(texts).toEqual(["frankfurt", "frankfurt", "virginia", "virginia"]);
  });
});

describe("an upload", () => {
  /** Content that comes as the story wants. */
  function slowly() {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    return { body: readable, send: (bytes: number) => writer.write(new Uint8Array(bytes)), end: () => writer.close() };
  }

  test("may take as long as the client takes for it", async () => {
    const world = await worldWhere({ body: "thanks" });
    const content = slowly();
    const visited = world.visit("/", { method: "POST", body: content.body });
    await content.send(100_000);
    expect(world.timers.waiting()).toEqual([]);
    world.clock.advance(3600);
    await content.send(100_000);
    await content.end();
    expect(await (await visited).text()).toBe("thanks");
    expect((await world.origin("frankfurt").seen())[0]).toMatchObject({ bodyBytes: 200_000 });
    expect(world.timers.waiting()).toEqual([]);
  });

  test("has the time for its answer begin when the last of it has gone", async () => {
    const world = await worldWhere({ stalls: "before" });
    const content = slowly();
    const visited = world.visit("/", { method: "POST", body: content.body });
    await content.send(10);
    await content.end();
    await world.timers.elapse(30_000, world.clock);
    expect((await visited).status).toBe(504);
    expect(trailOf(world).slice(-2)).toEqual(["origin=frankfurt:timeout", "origin=not-repeatable"]);
  });

  test("that is too long for the site's patience ends all the same", async () => {
    const world = await worldWhere({ body: "thanks" }, { timeouts: { whole: "3s" } });
    const content = slowly();
    const visited = world.visit("/", { method: "POST", body: content.body });
    await content.send(10);
    await world.timers.elapse(3_000, world.clock);
    expect((await visited).status).toBe(504);
  });
});

describe("in the body", () => {
  test("all must be over when the site says so: the body ends there", async () => {
    const bytes = 1_000_000;
    const headers = { "content-length": String(bytes), "cache-control": "no-store" };
    const world = await worldWhere({ bytes, headers, stalls: 300_000 }, { timeouts: { whole: "5s" } });
    const reading = (await world.visit("/")).arrayBuffer();
    await Promise.all([expect(reading).rejects.toThrow(), world.timers.elapse(5_000, world.clock)]);
  });

  test("one that is shorter than its length says is not passed off as whole", async () => {
    const headers = { "content-length": "100", connection: "close", "cache-control": "no-store" };
    const world = await worldWhere({ headers, body: "short" });
    expect(await (await world.visit("/")).text()).toBe("virginia");
    expect(trailOf(world).slice(1)).toEqual(["origin=frankfurt", "origin=frankfurt:broke", "origin=virginia"]);
    await world.origin("virginia").answers("/", { headers, body: "short" });
    expect((await world.visit("/")).status).toBe(502);
  });

  test("one that is longer than its length says ends where that does", async () => {
    const headers = { "content-length": "5", connection: "close", "cache-control": "no-store" };
    const world = await worldWhere({ headers, body: "hello, and more" });
    expect(await (await world.visit("/")).text()).toBe("hello");
  });
});
