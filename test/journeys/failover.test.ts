import { describe, expect, test } from "vitest";
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
  return trail.filter((note) => note.startsWith("origin=")).map((note) => note.slice(7).split(" ", 1)[0]!);
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
    [{ method: "POST" }, false],
    [{ method: "POST", body: "content" }, false],
    [{ method: "PATCH", body: "content" }, false],
  ];

  test.for(methods)("%j", async ([options, repeated]) => {
    const world = await worldWhere({ frankfurt: { status: 503, body: "busy" } });
    const { status } = await world.visit("/", options);
    expect([status, await asked(world)]).toEqual(repeated ? [200, [1, 1, 0]] : [503, [1, 0, 0]]);
  });

  test("nor is a POST whose connection broke: the origin may have done it", async () => {
    const world = await worldWhere({ frankfurt: { breaks: "before" } });
    expect((await world.visit("/", { method: "POST", body: "order" })).status).toBe(502);
    expect(await asked(world)).toEqual([1, 0, 0]);
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

  test("what may be stored is fetched for those who ask next", async () => {
    const world = await worldWhere({ frankfurt: { delay: 400, body: "late" } });
    expect(await left(world, "GET")).toBe(200);
    expect(await asked(world)).toEqual([1, 0, 0]);
  });
});
