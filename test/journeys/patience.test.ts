/** An origin is silent for far longer than answers take: the visit is sent to the next one too, and the first good answer wins. */
import { describe, expect, test, vi } from "vitest";
import type { OriginAnswer } from "../harness/origin-answer.ts";
import { createTimers } from "../harness/timers.ts";
import { createWorld, type VisitOptions, type World } from "../harness/world.ts";

type Timed = World & { readonly timers: ReturnType<typeof createTimers> };

const names = ["frankfurt", "virginia", "singapore"] as const;
type Name = (typeof names)[number];

/** Berlin's order is frankfurt, virginia, singapore, of which nothing is known. Who isn't told otherwise answers with its name. */
async function worldWhere(answers: Partial<Record<Name, OriginAnswer>>, site: object = {}): Promise<Timed> {
  const timers = createTimers();
  const SITES = [{ hosts: ["www.example.com"], origins: names, cache: false, ...site }];
  const world = createWorld({ vars: { SITES }, ports: { after: timers.after } });
  for (const name of names) await world.origin(name).answers("/", answers[name] ?? { body: name });
  return { ...world, timers };
}

const stalling: OriginAnswer = { stalls: "before" };

const asked = (world: World): Promise<readonly number[]> =>
  Promise.all(names.map(async (name) => (await world.origin(name).seen()).length));

const underWay = ({ edge }: World): readonly number[] => names.map((name) => edge.fleet.origin(name).inFlight);

const trailOf = ({ log }: World): readonly string[] =>
  (log.at(-1)!["trail"] as string[]).filter((note) => /^origin=(?!by-|score:)/.test(note)).map((note) => note.slice(7));

/** The text, when the edge waits for each of these in turn, and they pass. */
async function textAfter(waits: readonly number[], world: Timed, options?: VisitOptions): Promise<string> {
  const visited = world.visit("/", options);
  for (const ms of waits) await world.timers.elapse(ms, world.clock);
  return (await visited).text();
}

describe("an origin that this isolate never asked", () => {
  test("has a second, then the next one answers, and the first has failed", async () => {
    const world = await worldWhere({ frankfurt: stalling });
    expect(await textAfter([1_000], world)).toBe("virginia");
    expect(trailOf(world)).toEqual(["silent:frankfurt 1000ms", "virginia 0ms"]);
    await world.settle();
    expect([underWay(world), world.timers.waiting()]).toEqual([[0, 0, 0], []]);
    expect(world.edge.fleet.origin("frankfurt").condition).toMatchObject({ failures: 1, inRow: 3 });
  });

  test("hasn't failed by a silence that is no longer than what another takes, or four times that", async () => {
    const answers: Parameters<typeof worldWhere>[0] = {
      frankfurt: stalling,
      virginia: { delay: 150, body: "virginia" },
    };
    const world = await worldWhere(answers, { origins: names.slice(0, 2) });
    const { condition } = world.edge.fleet.origin("frankfurt");
    const visited = world.visit("/");
    await world.timers.elapse(1_000, world.clock);
    world.clock.advance(2);
    expect(await (await visited).text()).toBe("virginia");
    expect([condition.inRow, underWay(world)]).toEqual([0, [1, 0, 0]]);
    await world.timers.elapse(5_000, world.clock);
    // Silence counts as several failures.
    await vi.waitFor(() => expect([condition.inRow, underWay(world)]).toEqual([3, [0, 0, 0]]));
  });

  test("so does the next: as many are asked as there may be tries", async () => {
    const world = await worldWhere({ frankfurt: stalling, virginia: stalling });
    expect(await textAfter([1_000, 1_000], world)).toBe("singapore");
    expect(trailOf(world)).toEqual(["silent:frankfurt 1000ms", "silent:virginia 1000ms", "singapore 0ms"]);
    await world.settle();
    expect(underWay(world)).toEqual([0, 0, 0]);
  });

  test("answers all the same before the next: its answer counts, and the next is let go of", async () => {
    const world = await worldWhere({ frankfurt: { delay: 150, body: "late" }, virginia: stalling });
    expect(await textAfter([1_000], world)).toBe("late");
    expect(trailOf(world)).toEqual(["silent:frankfurt 1000ms", "frankfurt 1000ms"]);
    await world.settle();
    expect([underWay(world), await asked(world)]).toEqual([
      [0, 0, 0],
      [1, 1, 0],
    ]);
    expect(world.edge.fleet.origin("virginia").condition).toMatchObject({ failures: 0 });
  });

  test("is silent, and the next refuses: the one after that is asked at once", async () => {
    const world = await worldWhere({ frankfurt: stalling, virginia: { status: 503 } });
    expect(await textAfter([1_000], world)).toBe("singapore");
    expect(trailOf(world)).toEqual(["silent:frankfurt 1000ms", "virginia:503 0ms", "singapore 0ms"]);
  });

  test("is silent, and all others say that they can't: its time is waited for, and then theirs is passed on", async () => {
    const busy: OriginAnswer = { status: 503, body: "busy" };
    const world = await worldWhere({ frankfurt: stalling, virginia: busy, singapore: busy });
    const visited = world.visit("/");
    await world.timers.elapse(1_000, world.clock);
    await vi.waitFor(() => expect(underWay(world)).toEqual([1, 0, 0]));
    await world.timers.elapse(29_000, world.clock);
    expect(await (await visited).text()).toBe("busy");
    expect(trailOf(world)).toEqual([
      "silent:frankfurt 1000ms",
      "virginia:503 0ms",
      "singapore:503 0ms",
      "frankfurt:timeout 30000ms",
      "tries-spent",
      "singapore",
    ]);
  });
});

test("two such in a row eject it; who comes second only gives it the time that an answer takes", async () => {
  const world = await worldWhere({ frankfurt: stalling });
  await textAfter([1_000], world);
  expect(await (await world.visit("/")).text()).toBe("virginia");
  expect(trailOf(world)).toEqual(["silent:frankfurt 250ms", "virginia 0ms"]);
  const { condition } = world.edge.fleet.origin("frankfurt");
  expect([underWay(world), condition.ejection]).toEqual([[1, 0, 0], undefined]);
  // Behind the visit's back it gets the rest of a second.
  await world.timers.elapse(1_000, world.clock);
  await world.settle();
  expect(condition.ejection).toMatchObject({ why: "failures" });
  expect(underWay(world)).toEqual([0, 0, 0]);
});

test("one on trial makes nobody wait: another is asked at once, and it is back by its answer", async () => {
  const world = await worldWhere({ frankfurt: { delay: 100, body: "frankfurt" } });
  const { condition } = world.edge.fleet.origin("frankfurt");
  const now = world.edge.now();
  condition.ejection = { why: "failures", since: now - 2, at: now - 2, until: now - 1 };
  world.edge.fleet.ejected.add("frankfurt");
  expect(await (await world.visit("/")).text()).toBe("virginia");
  expect(trailOf(world)).toContain("silent:frankfurt 0ms");
  await world.settle();
  expect(condition.ejection).toBeUndefined();
  expect(underWay(world)).toEqual([0, 0, 0]);
});

describe("how long its silence may be", () => {
  test("is what the site says", async () => {
    const world = await worldWhere({ frankfurt: stalling }, { retry: { patience: "3s" } });
    expect(await textAfter([3_000], world)).toBe("virginia");
  });

  test("is no matter where the site says so", async () => {
    const world = await worldWhere({ frankfurt: stalling }, { retry: { patience: false } });
    expect(await textAfter([30_000], world)).toBe("virginia");
    expect(trailOf(world)).toEqual(["frankfurt:timeout 30000ms", "virginia 0ms"]);
  });

  test("is told by whatever it says to anyone: then this visit goes on waiting", async () => {
    const world = await worldWhere(
      { frankfurt: { delay: 500, body: "slow" } },
      {
        balance: "first",
        retry: { patience: "20s" },
      },
    );
    await world.origin("frankfurt").answers("/other", { body: "other" });
    const slow = world.visit("/");
    await vi.waitFor(() => expect(world.timers.waiting()).toEqual([20_000]));
    world.clock.now += 15_000;
    await (await world.visit("/other")).text();
    world.clock.now -= 15_000;
    await world.timers.elapse(20_000, world.clock);
    expect(world.timers.waiting()).toEqual([10_000]); // to the end of the 30 seconds, before which it could be silent for 15
    expect(await (await slow).text()).toBe("slow");
    expect(await asked(world)).toEqual([2, 0, 0]);
  });
});

describe("no other is asked beside it", () => {
  const streamed = () => new Blob(["content"]).stream();
  const visits: readonly [what: string, options: () => VisitOptions][] = [
    ["a POST", () => ({ method: "POST", body: "order", headers: { "content-length": "5" } })],
    ["a PUT whose content isn't kept", () => ({ method: "PUT", body: streamed() })],
    ["an upgrade", () => ({ headers: { upgrade: "websocket" } })],
  ];

  test.for(visits)("for %s", async ([, options]) => {
    const world = await worldWhere({ frankfurt: { delay: 100, body: "frankfurt" } });
    const visited = world.visit("/", options());
    await (await visited).text();
    expect(await asked(world)).toEqual([1, 0, 0]);
    expect(trailOf(world).join()).not.toContain("silent");
  });

  test("where all others have failed already, and this one is on trial", async () => {
    const world = await worldWhere(
      { frankfurt: { breaks: "before" }, virginia: stalling },
      { origins: names.slice(0, 2) },
    );
    world.edge.fleet.origin("virginia").condition.inRow = 4;
    world.edge.fleet.ejected.add("singapore");
    const visited = world.visit("/");
    await world.timers.elapse(30_000, world.clock);
    await world.origin("frankfurt").answers("/", { body: "at last" });
    expect(await (await visited).text()).toBe("at last");
    const notes = trailOf(world).filter((note) => !note.startsWith("ejected:"));
    expect(notes).toEqual(["frankfurt:connection 0ms", "virginia:timeout 30000ms", "frankfurt 0ms"]);
  });

  test("where there is none", async () => {
    const world = await worldWhere({ frankfurt: stalling }, { origins: ["frankfurt"], retry: { tries: 1 } });
    const visited = world.visit("/");
    await world.timers.elapse(30_000, world.clock);
    expect((await visited).status).toBe(504);
  });

  test("beyond the budget, of which half is for those whose origin has failed", async () => {
    const site = { retry: { budget: "1%", patience: "2s" } };
    const world = await worldWhere({ frankfurt: { delay: 60, body: "late" } }, site);
    const { retries } = world.edge.fleet.site("www.example.com");
    Object.assign(retries, { saved: 10, at: world.edge.now() });
    expect(await textAfter([2_000], world)).toBe("late");
    expect(trailOf(world)).toEqual(["silent:frankfurt=retry-budget-spent", "frankfurt 2000ms"]);
    expect(await asked(world)).toEqual([1, 0, 0]);
  });
});

test("a PUT whose content is kept is sent to the next one, with all of it, where the site says after how long", async () => {
  const world = await worldWhere({ frankfurt: stalling }, { retry: { patience: "1s" } });
  const put = { method: "PUT", body: "content", headers: { "content-length": "7" } };
  expect(await textAfter([1_000], world, put)).toBe("virginia");
  expect((await world.origin("virginia").seen())[0]).toMatchObject({ method: "PUT", bodyBytes: 7 });
});

test("a PUT takes as long as it takes: nobody else does its work, and its origin isn't charged", async () => {
  const world = await worldWhere({});
  for (let times = 0; times < 3; times++) expect(await (await world.visit("/")).text()).toBe("frankfurt");
  await world.origin("frankfurt").answers("/", { delay: 60, body: "done" });
  const set: number[] = [];
  const { after } = world.edge;
  Object.assign(world.edge, { after: (ms: number, act: () => void) => (set.push(ms), after(ms, act)) });
  const put = { method: "PUT", body: "content", headers: { "content-length": "7" } };
  expect(await (await world.visit("/", put)).text()).toBe("done");
  expect(set).toEqual([30_000]);
  expect(await asked(world)).toEqual([4, 0, 0]);
});

test("a visit that is answered in time has set one timer, which is gone", async () => {
  const world = await worldWhere({});
  const set: number[] = [];
  const { after } = world.edge;
  Object.assign(world.edge, { after: (ms: number, act: () => void) => (set.push(ms), after(ms, act)) });
  expect(await (await world.visit("/")).text()).toBe("frankfurt");
  expect([set, world.timers.waiting()]).toEqual([[1_000], []]);
});
