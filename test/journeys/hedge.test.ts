/** A second origin is asked when the first takes its time. */
import { describe, expect, test, vi } from "vitest";
import type { OriginAnswer } from "../harness/origin-answer.ts";
import { createTimers } from "../harness/timers.ts";
import { createWorld, type VisitOptions, type World } from "../harness/world.ts";

type Timed = World & { readonly timers: ReturnType<typeof createTimers> };

const names = ["frankfurt", "virginia"] as const;

/** Berlin asks frankfurt first, and virginia if that takes 2 s or more. */
async function worldWhere(
  frankfurt: OriginAnswer,
  virginia: OriginAnswer,
  hedge: unknown = { after: "2s" },
): Promise<Timed> {
  return worldOf(frankfurt, virginia, { hedge, retry: { patience: false } });
}

async function worldOf(frankfurt: OriginAnswer, virginia: OriginAnswer, site: object): Promise<Timed> {
  const timers = createTimers();
  const SITES = [{ hosts: ["www.example.com"], origins: names, cache: false, ...site }];
  const world = createWorld({ vars: { SITES }, ports: { after: timers.after } });
  await world.origin("frankfurt").answers("/", frankfurt);
  await world.origin("virginia").answers("/", virginia);
  return { ...world, timers };
}

const stalling: OriginAnswer = { stalls: "before" };
const good = (body: string): OriginAnswer => ({ body });

const asked = (world: World): Promise<readonly number[]> =>
  Promise.all(names.map(async (name) => (await world.origin(name).seen()).length));

const trailOf = ({ log }: World): readonly string[] =>
  (log.at(-1)!["trail"] as string[])
    .filter((note) => /^origin=(?!by-|score:)/.test(note))
    .map((note) => note.slice(7).split(" ", 1)[0]!);

async function textOf(world: Timed, options?: VisitOptions): Promise<string> {
  return (await world.visit("/", options)).text();
}

/** The text, when so many milliseconds pass before there is any. */
async function textAfter(ms: number, world: Timed): Promise<string> {
  const [text] = await Promise.all([textOf(world), world.timers.elapse(ms, world.clock)]);
  return text;
}

const underWay = ({ edge }: World): readonly number[] => names.map((name) => edge.fleet.origin(name).inFlight);

describe("the first origin", () => {
  test("answers in time: no other is asked", async () => {
    const world = await worldWhere(good("frankfurt"), good("virginia"));
    expect(await textOf(world)).toBe("frankfurt");
    expect([await asked(world), world.timers.waiting()]).toEqual([[1, 0], []]);
  });

  test("takes longer: the second answers, and the first is let go of", async () => {
    const world = await worldWhere(stalling, good("virginia"));
    expect(await textAfter(2_000, world)).toBe("virginia");
    expect(trailOf(world)).toEqual(["hedge:virginia", "virginia"]);
    expect([underWay(world), world.timers.waiting()]).toEqual([[0, 0], []]);
  });

  test("takes longer, and fails: what the second says counts", async () => {
    const world = await worldWhere(stalling, { delay: 150, body: "virginia" });
    const text = textOf(world);
    await world.timers.elapse(2_000, world.clock);
    await world.timers.elapse(28_000, world.clock); // the rest of the 30 s
    expect(await text).toBe("virginia");
  });

  test("takes longer, and answers all the same before a second that fails", async () => {
    const world = await worldWhere({ delay: 150, body: "frankfurt" }, { status: 503 });
    expect(await textAfter(2_000, world)).toBe("frankfurt");
    expect(trailOf(world)).toEqual(["hedge:virginia", "virginia:503", "frankfurt"]);
  });

  test("takes longer, and both say that they can't: neither is asked again", async () => {
    const world = await worldWhere({ delay: 150, status: 503, body: "busy" }, { status: 502, body: "bad" });
    expect(await textAfter(2_000, world)).toMatch(/^b/);
    expect(trailOf(world)).toEqual(["hedge:virginia", "virginia:502", "frankfurt:503", "all-answered", "frankfurt"]);
    expect(await asked(world)).toEqual([1, 1]);
  });
});

describe("no second origin is asked", () => {
  test("for what is no GET", async () => {
    const world = await worldWhere({ delay: 50, body: "frankfurt" }, good("virginia"), { after: "2s" });
    expect(await textOf(world, { method: "DELETE" })).toBe("frankfurt");
    expect(await asked(world)).toEqual([1, 0]);
  });

  test("beyond the budget", async () => {
    const world = await worldWhere(stalling, good("virginia"), { after: "2s", budget: "5%" });
    expect(await textAfter(2_000, world)).toBe("virginia");
    const text = textOf(world);
    await world.timers.elapse(2_000, world.clock);
    await world.timers.elapse(28_000, world.clock); // the rest of the 30 s
    expect(await text).toBe("virginia");
    expect(trailOf(world)).toEqual(["hedge-budget-spent", "frankfurt:timeout", "virginia"]);
  });

  test("as long as nobody knows what is usual", async () => {
    const world = await worldWhere({ delay: 50, body: "frankfurt" }, good("virginia"), true);
    expect(await textOf(world)).toBe("frankfurt");
    expect(world.timers.waiting()).toEqual([]);
  });
});

test.for([["alone", { patience: false }] as const, ["beside patience", {}] as const])(
  "what is usual is learnt, %s: a second origin is asked after the time in which 95 of 100 answers come",
  async ([, retry]) => {
    const slowly: OriginAnswer[] = Array.from({ length: 20 }, () => ({ body: "frankfurt" }));
    const world = await worldOf(good("frankfurt"), good("virginia"), { hedge: true, retry });
    await world.origin("frankfurt").answers("/", ...slowly, stalling);
    for (let visit = 0; visit < 20; visit++) expect(await textOf(world)).toBe("frankfurt");
    // The story's clock stands still while an origin answers: all answers took no time, which counts as 1 ms.
    expect(await textOf(world)).toBe("virginia");
    expect(trailOf(world)).toEqual(["hedge:virginia", "virginia"]);
  },
);

/** As a site has it that says nothing of it. */
describe("beside patience", () => {
  test("an origin that is silent is passed over by that, before its time: which is no hedge, and costs none", async () => {
    const world = await worldOf(stalling, good("virginia"), { hedge: { after: "2s" } });
    const saved = (): number => world.edge.fleet.site("www.example.com").hedges.saved;
    expect(await textAfter(1_000, world)).toBe("virginia");
    expect(trailOf(world)).toEqual(["silent:frankfurt", "virginia"]);
    expect(saved()).toBeGreaterThan(1);
    await world.settle();
    expect([underWay(world), world.timers.waiting()]).toEqual([[0, 0], []]);
  });

  test("one that answers others is not silent: who takes long there is hedged when it is time", async () => {
    const site = { balance: "first", hedge: { after: "2s" } };
    const world = await worldOf({ delay: 50, body: "frankfurt" }, good("virginia"), site);
    await world.origin("frankfurt").answers("/slow", stalling);
    await world.origin("virginia").answers("/slow", { body: "virginia" });
    const first = textOf(world);
    await vi.waitFor(() => expect(underWay(world)).toEqual([1, 0]));
    world.clock.advance(0.4); // so that it has 1.6 s to say something
    expect(await first).toBe("frankfurt");

    const slow = world.visit("/slow");
    await vi.waitFor(() => expect(world.timers.waiting()).toEqual([1_600]));
    world.clock.advance(0.5);
    expect(await textOf(world)).toBe("frankfurt");
    await world.timers.elapse(1_600, world.clock);
    expect(await (await slow).text()).toBe("virginia");
    expect(trailOf(world)).toEqual(["hedge:virginia", "virginia"]);
    expect(world.edge.fleet.origin("frankfurt").condition.failures).toBe(0);
  });

  test("nobody is hedged whose client has left", async () => {
    const world = await worldOf(stalling, good("virginia"), {
      cache: { ttl: "1m" },
      hedge: { after: "2s" },
      retry: { patience: false },
    });
    const client = new AbortController();
    const visited = world.visit("/", { signal: client.signal });
    await vi.waitFor(() => expect(underWay(world)).toEqual([1, 0]));
    client.abort();
    await world.timers.elapse(2_000, world.clock);
    await world.timers.elapse(28_000, world.clock);
    expect((await visited).status).toBe(504);
    expect(trailOf(world)).toEqual(["nobody-waits", "frankfurt:timeout", "nobody-waits"]);
    expect(await asked(world)).toEqual([1, 0]);
  });
});
