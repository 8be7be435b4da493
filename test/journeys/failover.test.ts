import { describe, expect, test, vi } from "vitest";
import { createWorld, originUrl, type VisitOptions, type World } from "../harness/world.ts";
import type { OriginAnswer } from "../harness/origin-answer.ts";

const names = ["frankfurt", "virginia", "singapore"] as const;
type Name = (typeof names)[number];

/** Berlin's order is frankfurt, virginia, singapore. Who isn't told otherwise answers with its name. */
async function worldWhere(
  answers: Partial<Record<Name, OriginAnswer>>,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<World> {
  const world = createWorld({ vars: { SETTINGS: settings } });
  await play(world, answers);
  return world;
}

async function play(world: World, answers: Partial<Record<Name, OriginAnswer>>): Promise<void> {
  for (const name of names) await world.origin(name).answers("/", answers[name] ?? { body: name });
}

/** How often each origin was asked. */
async function asked(world: World): Promise<readonly number[]> {
  return Promise.all(names.map(async (name) => (await world.origin(name).seen()).length));
}

/** What the origin room noted, without times. */
function trailOf(world: World): readonly string[] {
  const trail = world.log.at(-1)!["trail"] as readonly string[];
  return trail.filter((note) => /^origin=(?!score:)/.test(note)).map((note) => note.slice(7).split(" ", 1)[0]!);
}

async function textOf(world: World, options: VisitOptions = {}): Promise<string> {
  return (await world.visit("/", options)).text();
}

describe("the next nearest serves when the nearest", () => {
  const failures: readonly [how: string, answer: OriginAnswer, note: string][] = [
    ["closes the connection", { breaks: "before" }, "frankfurt:connection"],
    ["is a gateway that got no good answer", { status: 502, body: "bad" }, "frankfurt:502"],
    ["is overloaded", { status: 503, body: "busy" }, "frankfurt:503"],
    ["is a gateway that got no answer in time", { status: 504, body: "late" }, "frankfurt:504"],
    ["doesn't answer in time", { delay: 2_000, body: "late" }, "frankfurt:timeout"],
    ["isn't reached by the platform, which says so in its place", { status: 522, body: "host" }, "frankfurt:timeout"],
    ["answers with a status that is none", { status: 799, body: "?" }, "frankfurt:unusable"],
  ];

  test.for(failures)("%s", async ([, answer, note]) => {
    const world = await worldWhere({ frankfurt: answer }, { timeout: "300ms" });
    expect(await textOf(world)).toBe("virginia");
    expect(trailOf(world)).toEqual(["by-position", note, "virginia"]);
    expect(world.log[0]).toMatchObject({ status: 200, origin: "virginia" });
    expect(await asked(world)).toEqual([1, 1, 0]);
  });

  test("refuses the connection", async () => {
    const at = [50.11, 8.68];
    const script = crypto.randomUUID();
    const ORIGINS = [
      { name: "nobody", url: originUrl("nobody", script), at },
      { name: "virginia", url: originUrl("virginia", script), at: [38.95, -77.45] },
    ];
    const SITES = [{ hosts: ["www.example.com"], origins: ["nobody", "virginia"] }];
    const world = createWorld({ vars: { ORIGINS, SITES } });
    expect(await textOf(world)).toBe("no script\n");
    expect(trailOf(world)).toEqual(["by-position", "nobody:connection", "virginia"]);
  });
});

describe("what an origin says of the resource is its answer", () => {
  test.for([200, 301, 404, 410, 429, 500, 501])("%i is passed, and no other is asked", async (status) => {
    const world = await worldWhere({ frankfurt: { status, headers: { location: "/x" }, body: "its own" } });
    expect((await world.visit("/")).status).toBe(status);
    expect(await asked(world)).toEqual([1, 0, 0]);
  });
});

describe("how often", () => {
  const broken: OriginAnswer = { breaks: "before" };

  test("down to the last of the pool", async () => {
    const world = await worldWhere({ frankfurt: broken, virginia: { status: 503 } });
    expect(await textOf(world)).toBe("singapore");
    expect(trailOf(world)).toEqual(["by-position", "frankfurt:connection", "virginia:503", "singapore"]);
  });

  test("not beyond the tries that the settings give", async () => {
    const world = await worldWhere({ frankfurt: broken, virginia: broken }, { tries: 2 });
    expect((await world.visit("/")).status).toBe(502);
    expect(await asked(world)).toEqual([1, 1, 0]);
  });
});

describe("a request is repeated only when that does no harm", () => {
  const methods: readonly [options: VisitOptions, repeated: boolean][] = [
    [{ method: "GET" }, true],
    [{ method: "HEAD" }, true],
    [{ method: "OPTIONS" }, true],
    [{ method: "PUT" }, true],
    [{ method: "DELETE" }, true],
    [{ method: "PUT", body: "content" }, false],
    [{ method: "DELETE", body: "content" }, false],
    [{ method: "PUT", body: "content", headers: { "content-length": "7" } }, true],
    [{ method: "DELETE", body: "content", headers: { "content-length": "7" } }, true],
    [{ method: "PUT", body: "x".repeat(65_537), headers: { "content-length": "65537" } }, false],
    [{ method: "POST" }, false],
    [{ method: "POST", body: "content", headers: { "content-length": "7" } }, false],
    [{ method: "PATCH", body: "content" }, false],
  ];

  test.for(methods)("%j", async ([options, repeated]) => {
    const world = await worldWhere({ frankfurt: { status: 503, body: "busy" } });
    const { status } = await world.visit("/", options);
    expect([status, await asked(world)]).toEqual(repeated ? [200, [1, 1, 0]] : [503, [1, 0, 0]]);
  });

  test("a POST too, when the platform says that it never came there", async () => {
    const world = await worldWhere({ frankfurt: { status: 521 } });
    const order = { method: "POST", body: "order", headers: { "content-length": "5" } };
    expect(await textOf(world, order)).toBe("virginia");
    expect(trailOf(world)).toEqual(["by-position", "frankfurt:unreached", "virginia"]);
    expect((await world.origin("virginia").seen())[0]).toMatchObject({ method: "POST", bodyBytes: 5 });
  });

  test("all of what is kept is sent each time, and the rest of the request with it", async () => {
    const world = await worldWhere({ frankfurt: { breaks: "before" } });
    const headers = { "content-length": "3000", "content-type": "text/plain", "x-own": "1" };
    await world.visit("/", { method: "PUT", body: "x".repeat(3000), headers });
    for (const name of ["frankfurt", "virginia"] as const) {
      const [seen] = await world.origin(name).seen();
      expect(seen).toMatchObject({ method: "PUT", bodyBytes: 3000, headers });
    }
  });

  test("a POST whose connection broke is not: the origin may have done it", async () => {
    const world = await worldWhere({ frankfurt: { breaks: "before" } });
    expect((await world.visit("/", { method: "POST", body: "order" })).status).toBe(502);
    expect(await asked(world)).toEqual([1, 0, 0]);
  });
});

describe("an origin that is alone", () => {
  const alone = { SITES: [{ hosts: ["www.example.com"], origins: ["frankfurt"] }] };

  async function worldOfOne(...answers: OriginAnswer[]): Promise<World> {
    const world = createWorld({ vars: alone });
    await world.origin("frankfurt").answers("/", ...answers);
    return world;
  }

  test("is asked again, after a pause", async () => {
    const world = await worldOfOne({ breaks: "before" }, { breaks: "before" }, { body: "at last" });
    expect(await textOf(world)).toBe("at last");
    expect(trailOf(world)).toEqual(["by-position", "frankfurt:connection", "frankfurt:connection", "frankfurt"]);
  });

  test("the pauses grow, by chance, up to a bound", async () => {
    const pauses: number[] = [];
    const after = (ms: number, act: () => void): (() => void) => {
      if (ms === 30_000) return () => {};
      pauses.push(ms);
      act();
      return () => {};
    };
    const retry = { tries: 6, backoff: "100ms" };
    const SITES = [{ hosts: ["www.example.com"], origins: ["frankfurt"], retry }];
    const world = createWorld({ vars: { SITES }, ports: { after, random: () => 0.5 } });
    await world.origin("frankfurt").answers("/", { breaks: "before" });
    expect((await world.visit("/")).status).toBe(502);
    expect(pauses).toEqual([50, 100, 200, 400, 500]);
  });

  test("is left alone once it has answered", async () => {
    const world = await worldOfOne({ status: 503 }, { body: "not asked for" });
    expect((await world.visit("/")).status).toBe(503);
    expect(trailOf(world)).toEqual(["by-position", "frankfurt:503", "all-answered", "frankfurt"]);
  });
});

describe("an outage is not multiplied", () => {
  const down: OriginAnswer = { breaks: "before" };
  const busy: OriginAnswer = { status: 503, body: "busy" };

  /** So many visits, at so many a second. */
  async function visitsTo(world: World, count: number, perSecond: number): Promise<readonly number[]> {
    const statuses: number[] = [];
    for (let visit = 0; visit < count; visit++) {
      statuses.push((await world.visit("/")).status);
      world.clock.advance(1 / perSecond);
    }
    return statuses;
  }

  test.for([
    ["one a second, all down", 1, down, {}],
    ["ten a second, all down", 10, down, {}],
    ["one a second, all overloaded", 1, busy, {}],
    ["one a second, and nobody is ever ejected", 1, down, { eject: false }],
    ["one a second, overloaded, and nobody is ever ejected", 1, busy, { eject: false }],
  ] as const)("however few visit: %s", async ([, perSecond, answer, settings]) => {
    const world = await worldWhere({ frankfurt: answer, virginia: answer, singapore: answer }, settings);
    const visits = 200;
    await visitsTo(world, visits, perSecond);
    const tries = (await asked(world)).reduce((sum, each) => sum + each);
    expect(tries).toBeGreaterThan(visits);
    expect(tries).toBeLessThanOrEqual(1.1 * visits + 8);
    expect(trailOf(world).at(-1)).toMatch(/^(retry-budget-spent|frankfurt|virginia|singapore)$/);
  });

  test("and who has gone down with all others is known to be well again by its first answer", async () => {
    const world = await worldWhere({ frankfurt: down, virginia: down, singapore: down }, { eject: false });
    await visitsTo(world, 30, 1);
    await play(world, { frankfurt: down });
    const statuses = await visitsTo(world, 30, 1);
    const back = statuses.indexOf(200);
    expect(back).toBeGreaterThanOrEqual(0);
    expect(back).toBeLessThan(20);
    expect(statuses.slice(back)).toEqual(statuses.slice(back).map(() => 200));
  });

  test.for([
    ["is down", down, {}],
    ["is down, and never ejected", down, { eject: false }],
    ["is overloaded, and never ejected", busy, { eject: false }],
  ] as const)(
    "while one origin %s, others that are well have all that it fails, at one visit a second",
    async ([, answer, settings]) => {
      const world = await worldWhere({ frankfurt: answer }, settings);
      expect(await visitsTo(world, 120, 1)).toEqual(Array.from({ length: 120 }, () => 200));
      expect((await asked(world))[2]).toBe(0);
    },
  );

  test.for([
    ["one resets its connections", ["frankfurt"], { breaks: "before", delay: 50 }],
    ["one says that it is overloaded", ["frankfurt"], { ...busy, delay: 50 }],
    ["two reset their connections", ["frankfurt", "virginia"], { breaks: "before", delay: 50 }],
  ] as const)("all that origins have under way is moved when %s, however much", async ([, fallen, answer]) => {
    const SITES = [{ hosts: ["www.example.com"], cache: false }];
    const world = createWorld({ vars: { SITES } });
    await play(world, Object.fromEntries(fallen.map((name) => [name, answer])));
    const burst = await Promise.all(Array.from({ length: 150 }, () => world.visit("/")));
    expect(burst.map(({ status }) => status)).toEqual(burst.map(() => 200));
    // What was owed for that is paid back before as much is lent to those who try again one by one.
    const { retries, waiting } = world.edge.fleet.site("www.example.com");
    expect([waiting, Math.round(retries.saved)]).toEqual([0, 30 + 15 - fallen.length * 150]);
  });

  test.for(names)("when all were down, and %s is back, it is found by the visits' own requests", async (back) => {
    const world = await worldWhere({ frankfurt: down, virginia: down, singapore: down });
    await visitsTo(world, 30, 1);
    await play(world, { frankfurt: down, virginia: down, singapore: down, [back]: { body: back } });
    expect((await visitsTo(world, 8, 1)).slice(3)).toEqual([200, 200, 200, 200, 200]);
  });

  test("an origin that is well is asked before one that has failed others", async () => {
    const world = await worldWhere({ frankfurt: down, virginia: down }, { eject: false });
    expect(await visitsTo(world, 60, 1)).toEqual(Array.from({ length: 60 }, () => 200));
    expect((await asked(world))[1]).toBeLessThanOrEqual(3);
  });

  test.for([
    ["20 s", 20, { eject: false }],
    ["twice as long as it would be ejected", 2, { eject: { base: "1s" } }],
  ] as const)(
    "an origin that failed, and that nobody has asked for %s, is tried all the same when another falls",
    async ([, seconds, settings]) => {
      const SITES = [{ hosts: ["www.example.com"], origins: ["frankfurt", "virginia"] }];
      const world = createWorld({ vars: { SITES, SETTINGS: settings } });
      await play(world, { frankfurt: down });
      Object.assign(world.edge.fleet.origin("virginia"), { inVain: 3, inVainAt: world.edge.now() });
      expect(await visitsTo(world, 1, 0.6)).toEqual([502]);
      expect(trailOf(world)).toEqual(["by-position", "frankfurt:connection", "retry-budget-spent"]);
      world.clock.advance(seconds - 1);
      expect(await visitsTo(world, 5, 1)).toEqual([200, 200, 200, 200, 200]);
    },
  );

  test("the site says how many: none", async () => {
    const SITES = [{ hosts: ["www.example.com"], retry: { budget: "0%" } }];
    const world = createWorld({ vars: { SITES, SETTINGS: { eject: false } } });
    await play(world, { frankfurt: down });
    expect(await visitsTo(world, 3, 1)).toEqual([502, 502, 502]);
    expect(await asked(world)).toEqual([3, 0, 0]);
    expect(trailOf(world)).toEqual(["by-position", "frankfurt:connection", "retry-budget-spent"]);
  });
});

describe("when all fail", () => {
  test("the last answer of an origin is better than ours", async () => {
    const busy = (body: string): OriginAnswer => ({ status: 503, body, headers: { "retry-after": "7" } });
    const world = await worldWhere({ frankfurt: busy("f"), virginia: busy("v"), singapore: { breaks: "before" } });
    const response = await world.visit("/");
    expect([response.status, response.headers.get("retry-after"), await response.text()]).toEqual([503, "7", "v"]);
    expect(world.log[0]).toMatchObject({ status: 503, origin: "virginia" });
    expect(trailOf(world)).toEqual([
      "by-position",
      "frankfurt:503",
      "virginia:503",
      "singapore:connection",
      "tries-spent",
      "virginia",
    ]);
  });

  const cases: readonly [
    how: string,
    answers: readonly [OriginAnswer, OriginAnswer],
    status: number,
    reason: string,
  ][] = [
    ["no connection", [{ breaks: "before" }, { breaks: "before" }], 502, "no-origin-answered"],
    ["no answer in time", [{ delay: 2_000 }, { delay: 2_000 }], 504, "origin-timeout"],
    ["neither", [{ delay: 2_000 }, { breaks: "before" }], 502, "no-origin-answered"],
    ["nothing of use", [{ status: 799 }, { status: 799 }], 502, "bad-upstream-answer"],
    ["the platform's own page", [{ status: 530, body: "origin.example" }, { status: 523 }], 502, "no-origin-answered"],
  ];

  test.for(cases)("%s: the edge says so, and names nobody", async ([, [frankfurt, virginia], status, reason]) => {
    const world = await worldWhere({ frankfurt, virginia }, { timeout: "200ms", tries: 2 });
    const response = await world.visit("/");
    const text = await response.text();
    expect(response.status).toBe(status);
    expect(world.log[0]).toMatchObject({ because: reason });
    for (const word of ["frankfurt", "virginia", "127.0.0.1", "origin.example"]) expect(text).not.toContain(word);
  });
});

test.for([
  ["of unknown length", { body: ["in ", "several ", "pieces"], pause: 300 }],
  ["that is long", { body: Array.from({ length: 3 }, () => "x".repeat(100_000)), pause: 300 }],
] as const)("the whole is for bodies too, also for one %s", async ([, answer]) => {
  const SITES = [{ hosts: ["www.example.com"], cache: false, timeouts: { whole: "500ms" } }];
  const world = createWorld({ vars: { SITES } });
  await play(world, { frankfurt: answer });
  await expect(textOf(world)).rejects.toThrow();
});

test("the time is for the header: a body may take longer", async () => {
  const world = await worldWhere({ frankfurt: { body: "slowly", pause: 600 } }, { timeout: "250ms" });
  expect(await textOf(world)).toBe("slowly");
  expect(await asked(world)).toEqual([1, 0, 0]);
});

describe("when the client leaves before the answer", () => {
  const left = async (world: World, method: string): Promise<number> => {
    const client = new AbortController();
    const visited = world.visit("/", { method, signal: client.signal });
    setTimeout(() => client.abort(), 100);
    return (await visited).status;
  };

  test("what was for it alone ends, and no other origin is asked", async () => {
    const world = await worldWhere({ frankfurt: { delay: 1_500, body: "late" } });
    expect(await left(world, "DELETE")).toBe(400);
    expect(world.log[0]).toMatchObject({ because: "client-error" });
    expect(await asked(world)).toEqual([1, 0, 0]);
  });

  test("what may be stored is tried no further when nobody waits for it", async () => {
    const world = await worldWhere({ frankfurt: { delay: 400, breaks: "before" } });
    expect(await left(world, "GET")).toBe(502);
    expect(await asked(world)).toEqual([1, 0, 0]);
    expect(trailOf(world)).toEqual(["by-position", "frankfurt:connection", "nobody-waits"]);
  });

  test("what another visit waits for is tried further, until that one has left, too", async () => {
    const lasting: OriginAnswer = { body: "virginia", headers: { "cache-control": "max-age=60" } };
    const world = await worldWhere({ frankfurt: { delay: 400, breaks: "before" }, virginia: lasting });
    const first = left(world, "GET");
    await vi.waitFor(() => expect(world.edge.fleet.origin("frankfurt").inFlight).toBe(1));
    const other = world.visit("/");
    expect(await (await other).text()).toBe("virginia");
    expect(await first).toBe(200);
    expect(await asked(world)).toEqual([1, 1, 0]);

    world.clock.advance(61);
    const both = left(world, "GET");
    await vi.waitFor(() => expect(world.edge.fleet.origin("frankfurt").inFlight).toBe(1));
    await Promise.all([both, left(world, "GET")]);
    expect(await asked(world)).toEqual([2, 1, 0]);
    expect(world.log.slice(-2).flatMap(({ trail }) => trail)).toContain("origin=nobody-waits");
  });

  test("what may be stored is fetched for those who ask next", async () => {
    const world = await worldWhere({ frankfurt: { delay: 400, body: "late" } });
    expect(await left(world, "GET")).toBe(200);
    expect(await asked(world)).toEqual([1, 0, 0]);
  });
});
