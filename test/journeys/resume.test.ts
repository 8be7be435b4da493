/** Downloads whose origin dies on the way: the client and the store see one unbroken body. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { OriginAnswer } from "../harness/origin-answer.ts";
import { createTimers } from "../harness/timers.ts";
import { cacheStatus, createWorld, type VisitOptions, type World } from "../harness/world.ts";

const names = ["frankfurt", "virginia", "singapore"] as const;
const bytes = 300_000;
const headers = { etag: '"v1"', "cache-control": "no-store" };
/** The same file on every origin, in the same version. */
const file: OriginAnswer = { bytes, headers, ranges: true };

type Plays = Partial<Record<(typeof names)[number], OriginAnswer | readonly OriginAnswer[]>>;

type Timed = World & { readonly timers: ReturnType<typeof createTimers> };

async function worldWhere(plays: Plays, site: object = {}, vars: object = {}): Promise<Timed> {
  const timers = createTimers();
  const SITES = [{ hosts: ["www.example.com"], ...site }];
  const world = createWorld({ vars: { SITES, SETTINGS: { eject: false }, ...vars }, ports: { after: timers.after } });
  for (const name of names) await world.origin(name).answers("/file", ...[plays[name] ?? file].flat());
  return { ...world, timers };
}

/** Its length, when every byte of it is the one of that place in the file. */
async function lengthOf(response: Response, first = 0): Promise<number> {
  const body = new Uint8Array(await response.arrayBuffer());
  const wrong = body.findIndex((byte, index) => byte !== (first + index) % 251);
  expect(wrong).toBe(-1);
  return body.length;
}

async function fetchedFrom(world: World, options?: VisitOptions): Promise<number> {
  return lengthOf(await world.visit("/file", options));
}

/** Reads what comes; time passes, again and again, until the edge has noticed that nothing does. */
async function readThrough(world: Timed, ms: number): Promise<number> {
  const passing = setInterval(() => void (lateOf(world).length === 0 && world.timers.pass(ms, world.clock)), 20);
  let at = 0;
  try {
    for await (const chunk of (await world.visit("/file")).body as ReadableStream<Uint8Array>) {
      expect(chunk[0]).toBe(at % 251);
      at += chunk.length;
    }
  } finally {
    clearInterval(passing);
  }
  return at;
}

const lateOf = ({ log }: World): readonly string[] => log.flatMap(({ late }) => (late as string | undefined) ?? []);

/** What an origin sent last may be lost when its connection is. */
const withoutPlace = (late: string | undefined): string => String(late).replace(/@\d+/, "@");

async function rangesSeen(world: World, name: (typeof names)[number]): Promise<readonly unknown[]> {
  const seen = await world.origin(name).seen();
  return seen.map((request) => [request.headers["range"], request.headers["if-range"]]);
}

describe("a body that breaks off", () => {
  test("goes on from the next origin, with the very next byte", async () => {
    const world = await worldWhere({ frankfurt: { ...file, breaks: 70_000 } });
    const response = await world.visit("/file");
    expect([response.status, response.headers.get("content-length")]).toEqual([200, "300000"]);
    expect(await lengthOf(response)).toBe(bytes);
    const at = Number(/@(\d+)/.exec(lateOf(world)[0]!)![1]);
    expect(at).toBeLessThanOrEqual(70_000);
    expect(await rangesSeen(world, "virginia")).toEqual([[`bytes=${at}-299999`, '"v1"']]);
    expect(lateOf(world)).toEqual([`origin=frankfurt:broke@${at}+virginia`]);
    expect(world.log[1]).toMatchObject({ id: world.log[0]!["id"], site: "www.example.com" });
  });

  test("and again, when that one breaks off too", async () => {
    const world = await worldWhere({ frankfurt: { ...file, breaks: 1 }, virginia: { ...file, breaks: 99_999 } });
    expect(await fetchedFrom(world)).toBe(bytes);
    expect(lateOf(world).map(withoutPlace)).toEqual([
      "origin=frankfurt:broke@+virginia",
      "origin=virginia:broke@+singapore",
    ]);
  });

  test("goes on from the same origin when there is no other", async () => {
    const world = await worldWhere({}, { origins: ["frankfurt"] });
    await world.origin("frankfurt").answers("/file", { ...file, breaks: 70_000 }, file);
    expect(await fetchedFrom(world)).toBe(bytes);
    expect(lateOf(world).map(withoutPlace)).toEqual(["origin=frankfurt:broke@+frankfurt"]);
  });

  test("is stored whole", async () => {
    const fresh = { ...file, headers: { etag: '"v1"', "cache-control": "max-age=60" } };
    const world = await worldWhere({ frankfurt: { ...fresh, breaks: 123_456 }, virginia: fresh });
    expect(await fetchedFrom(world)).toBe(bytes);
    await world.settle();
    const again = await world.visit("/file");
    expect(cacheStatus(again)).toMatch(/^hit/);
    expect(await lengthOf(again)).toBe(bytes);
  });

  test.for([
    ["breaks off after its last byte", { breaks: "end" }],
    ["doesn't end after its last byte", { stalls: "end" }],
  ] as const)("and whose rest %s, is whole: nobody is asked for nothing", async ([, ends]) => {
    const plays = { frankfurt: { ...file, breaks: 70_000 }, virginia: { ...file, ...ends } };
    // All bodies are followed to their end then.
    const world = await worldWhere(plays, {}, { RULES: [{ when: "false", balance: "least-connections" }] });
    expect(await fetchedFrom(world)).toBe(bytes);
    world.timers.pass(60_000, world.clock);
    await world.settle();
    expect(await world.origin("singapore").seen()).toEqual([]);
    expect(lateOf(world).map(withoutPlace)).toEqual(["origin=frankfurt:broke@+virginia"]);
    expect(names.map((name) => world.edge.fleet.origin(name).inFlight)).toEqual([0, 0, 0]);
    expect(world.edge.fleet.origin("virginia").condition.failures).toBe(0);
  });

  test("and whose rest is longer than it says, goes on from the one after that", async () => {
    // The values of its bytes begin anew there.
    const at = 251;
    const place = { "content-range": `bytes ${at}-299999/300000` };
    const world = await worldWhere({
      frankfurt: { ...file, stalls: at },
      virginia: { status: 206, headers: { ...headers, ...place }, bytes: bytes - at + 1 },
    });
    expect(await readThrough(world, 60_000)).toBe(bytes);
    expect(lateOf(world)).toEqual([
      `origin=frankfurt:stalled@${at}+virginia`,
      expect.stringMatching(/^origin=virginia:broke@\d+\+singapore$/),
    ]);
  });

  test.for(["br", "gzip"])("goes on in the coding it began in: %s", async (coding) => {
    const coded = { ...file, headers: { ...headers, "content-encoding": coding, "content-type": "text/css" } };
    const world = await worldWhere({ frankfurt: { ...coded, breaks: 70_000 }, virginia: coded });
    const response = await world.visit("/file", { headers: { "accept-encoding": coding } });
    expect(response.headers.get("content-encoding")).toBe(coding);
    expect(await lengthOf(response)).toBe(bytes);
    expect((await world.origin("virginia").seen())[0]!.headers["accept-encoding"]).toBe(coding);
  });

  test("goes on in the range that was asked for", async () => {
    const long = { ...file, bytes: 600_000 };
    const world = await worldWhere({ frankfurt: { ...long, breaks: 5_000 }, virginia: long }, { cache: false });
    const asked = { headers: { range: "bytes=100000-399999", "if-none-match": '"v0"' } };
    const response = await world.visit("/file", asked);
    expect([response.status, response.headers.get("content-range")]).toEqual([206, "bytes 100000-399999/600000"]);
    expect(await lengthOf(response, 100_000)).toBe(300_000);
    expect(await rangesSeen(world, "virginia")).toEqual([[expect.stringMatching(/^bytes=10\d{4}-399999$/), '"v1"']]);
    expect((await world.origin("virginia").seen())[0]!.headers).not.toHaveProperty("if-none-match");
  });

  test("goes on in a slice that is stored, too", async () => {
    const fresh = { ...file, headers: { etag: '"v1"', "cache-control": "max-age=60" } };
    const world = await worldWhere(
      { frankfurt: { ...fresh, breaks: 5_000 }, virginia: fresh },
      { cache: { slice: "64KB" } },
    );
    const response = await world.visit("/file", { headers: { range: "bytes=70000-139999" } });
    expect(await lengthOf(response, 70_000)).toBe(70_000);
  });
});

/** Bodies that are held until they are whole: nothing of them has gone on yet. */
describe("a short body that breaks off", () => {
  const short: OriginAnswer = { bytes: 60_000, headers: { "cache-control": "no-store" }, ranges: true };
  const broken: OriginAnswer = { ...short, breaks: 50_000 };
  const tagged = (answer: OriginAnswer): OriginAnswer => ({ ...answer, headers });

  const trailOf = ({ log }: World): readonly string[] =>
    (log[0]!["trail"] as string[])
      .filter((note) => /^origin=(?!by-|score:)/.test(note))
      .map((note) => note.split(" ")[0]!);

  test.for([
    ["has no tag", {}, broken, short],
    ["has a tag", {}, tagged(broken), tagged(short)],
    [
      "is another version at the next",
      {},
      tagged(broken),
      { ...short, headers: { etag: '"v2"', "cache-control": "no-store" } },
    ],
    ["has less than a packet", {}, { ...short, bytes: 1_000, breaks: 200 }, short],
    ["breaks before its first byte", {}, { ...short, breaks: 1 }, short],
    ["is watched", { timeouts: { idle: "5s" } }, { ...short, bytes: 200_000, breaks: 100_000 }, short],
    ["is watched, and not to be continued", { timeouts: { idle: "5s" }, resume: false }, broken, short],
    ["might be stored", {}, { ...broken, headers: { "cache-control": "max-age=60" } }, short],
    ["is a page of errors", {}, { ...broken, status: 404 }, short],
  ] as const)("and %s is asked for anew", async ([, site, frankfurt, virginia]) => {
    const world = await worldWhere({ frankfurt, virginia }, site);
    for (let visit = 1; visit <= 10; visit++) expect(await fetchedFrom(world)).toBe(60_000);
    expect(trailOf(world)).toEqual(["origin=frankfurt", "origin=frankfurt:broke", "origin=virginia"]);
    expect(await rangesSeen(world, "virginia")).toContainEqual([undefined, undefined]);
    expect(world.edge.fleet.origin("frankfurt").condition.failures).toBeGreaterThan(0);
  });

  test.for(["PUT", "DELETE", "OPTIONS"])("after %s, too: it may be done twice", async (method) => {
    const world = await worldWhere({ frankfurt: broken, virginia: short });
    expect(await fetchedFrom(world, { method })).toBe(60_000);
  });

  test("breaks off for the client when what was asked for may not be done twice", async () => {
    const world = await worldWhere({ frankfurt: broken, virginia: short });
    const response = await world.visit("/file", { method: "POST", body: "x" });
    expect(response.status).toBe(200);
    await expect(response.arrayBuffer()).rejects.toThrow();
    expect(await world.origin("virginia").seen()).toEqual([]);
  });

  test("everywhere is an error, not half an answer", async () => {
    const world = await worldWhere({ frankfurt: broken, virginia: broken, singapore: broken });
    const response = await world.visit("/file");
    expect([response.status, response.headers.get("content-length")]).not.toEqual([200, "60000"]);
    expect(response.status).toBe(502);
    expect(await response.text()).not.toContain("frankfurt");
    expect(world.log[0]).toMatchObject({ because: "bad-upstream-answer" });
    expect(trailOf(world).at(-1)).toBe("origin=tries-spent");
  });

  test("everywhere, and the store's stale answer may stand in: it does", async () => {
    const lasting = { ...short, headers: { "cache-control": "max-age=1, stale-if-error=600" } };
    const world = await worldWhere({ virginia: broken, singapore: broken });
    await world.origin("frankfurt").answers("/file", lasting, broken);
    expect(await fetchedFrom(world)).toBe(60_000);
    await world.settle();
    world.clock.advance(60);
    expect(await fetchedFrom(world)).toBe(60_000);
  });

  test("and comes slowly, goes on from the next origin when a tag allows it", async () => {
    const slow = tagged({ ...short, bytes: 200_000, pause: 60, breaks: 150_000 });
    const world = await worldWhere({ frankfurt: slow, virginia: tagged({ ...short, bytes: 200_000 }) });
    expect(await fetchedFrom(world)).toBe(200_000);
    expect(lateOf(world).map(withoutPlace)).toEqual(["origin=frankfurt:broke@+virginia"]);
  });
});

describe("a body that stalls", () => {
  const stalling = { ...file, stalls: 70_000 };

  test("goes on from the next origin after a minute", async () => {
    const world = await worldWhere({ frankfurt: stalling });
    expect(await readThrough(world, 60_000)).toBe(bytes);
    expect(lateOf(world).map(withoutPlace)).toEqual(["origin=frankfurt:stalled@+virginia"]);
  });

  test("goes on from the one after the next, when the next is silent", async () => {
    const world = await worldWhere({ frankfurt: { ...file, breaks: 70_000 }, virginia: { stalls: "before" } });
    const read = lengthOf(await world.visit("/file"));
    await world.timers.elapse(1_000, world.clock);
    expect(await read).toBe(bytes);
    expect(lateOf(world).map(withoutPlace)).toEqual(["origin=frankfurt:broke@+silent:virginia+singapore"]);
    await world.settle();
    expect(names.map((name) => world.edge.fleet.origin(name).inFlight)).toEqual([0, 0, 0]);
  });

  test("or sooner, when the site says so", async () => {
    const world = await worldWhere({ frankfurt: stalling }, { timeouts: { idle: "5s" } });
    expect(await readThrough(world, 5_000)).toBe(bytes);
  });

  test("and can't be continued, breaks off when the site says after how long", async () => {
    const unnamed = { ...stalling, headers: { "cache-control": "no-store" } };
    const world = await worldWhere({ frankfurt: unnamed }, { timeouts: { idle: "5s" } });
    await expect(readThrough(world, 5_000)).rejects.toThrow();
    expect(lateOf(world).map(withoutPlace)).toEqual(["origin=frankfurt:stalled@+not-resumable"]);
  });

  test("and is short ends after a minute, for it has no reason to wait", async () => {
    const short = { bytes: 60_000, ranges: true, stalls: 1_000, headers: { "cache-control": "no-store" } };
    const world = await worldWhere({ frankfurt: short });
    await expect(readThrough(world, 60_000)).rejects.toThrow();
    expect(lateOf(world).map(withoutPlace)).toEqual(["origin=frankfurt:stalled@+not-resumable"]);
  });

  test("doesn't, as long as bytes come, however slowly", async () => {
    const slow = { body: ["a", "b", "c", "d"], pause: 20, headers: { "cache-control": "no-store" } };
    const world = await worldWhere({ frankfurt: slow }, { timeouts: { idle: "5s" } });
    let text = "";
    for await (const chunk of (await world.visit("/file")).body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      world.clock.advance(4);
    }
    expect([text, lateOf(world)]).toEqual(["abcd", []]);
  });
});

describe("a body breaks off for the client", () => {
  const named = (etag: string): OriginAnswer => ({ ...file, headers: { ...headers, etag } });
  /** And then it has another version itself. */
  const broken: readonly OriginAnswer[] = [{ ...file, breaks: 70_000 }, named('"v2"')];

  async function breaksOff(plays: Plays, site?: object): Promise<World> {
    const world = await worldWhere(plays, site);
    await expect(fetchedFrom(world)).rejects.toThrow();
    return world;
  }

  test("when no origin has the same version", async () => {
    const world = await breaksOff({ frankfurt: broken, virginia: named('"v2"'), singapore: named('W/"v1"') });
    expect(withoutPlace(lateOf(world)[0])).toMatch(
      /^origin=frankfurt:broke@\+virginia\+not-the-rest\+singapore\+not-the-rest/,
    );
  });

  test.for([
    ["another version", named('"v2"')],
    ["another version, and no ranges", { ...named('"v2"'), ranges: false }],
    ["something shorter", { ...file, bytes: 60_000 }],
    ["something longer", { ...file, bytes: bytes + 1 }],
    ["the word that it isn't so any more", { status: 412, headers }],
    ["nothing from there on", { status: 416, headers: { ...headers, "content-range": "bytes */60000" } }],
    ["nothing there any more", { status: 404 }],
  ] as const)("when all others have %s: each is asked once", async ([, other]) => {
    const plays = { frankfurt: [broken[0]!, other], virginia: other, singapore: other };
    const world = await breaksOff(plays, { retry: { backoff: "0ms" } });
    const asked = await Promise.all(names.map(async (name) => (await world.origin(name).seen()).length));
    expect(asked).toEqual([2, 1, 1]);
    expect(lateOf(world)[0]).toMatch(/(\+\w+\+not-the-rest){3}\+all-answered$/);
  });

  test.for([
    ["has only a weak tag", { ...named('W/"v1"'), breaks: 70_000 }],
    ["has no tag", { ...file, headers: { "cache-control": "no-store" }, breaks: 70_000 }],
    ["has no length", { bytes, headers, breaks: 70_000 }],
  ] as const)("when it %s", async ([, frankfurt]) => {
    const world = await breaksOff({ frankfurt });
    expect(await world.origin("virginia").seen()).toEqual([]);
  });

  test("when the site wants it so", async () => {
    const world = await breaksOff({ frankfurt: broken }, { resume: false });
    expect(await world.origin("virginia").seen()).toEqual([]);
  });

  test("when the budget for further tries is spent", async () => {
    const world = await worldWhere({ frankfurt: { ...file, breaks: 70_000 } });
    const { retries } = world.edge.fleet.site("www.example.com");
    // Who waits may owe two.
    Object.assign(retries, { saved: -1.1, at: world.clock.now });
    expect(await fetchedFrom(world)).toBe(bytes);
    await expect(fetchedFrom(world)).rejects.toThrow();
    expect(withoutPlace(lateOf(world).at(-1))).toBe("origin=frankfurt:broke@+retry-budget-spent");
  });

  test("when the site wants nothing tried again", async () => {
    const world = await breaksOff({ frankfurt: broken }, { retry: { budget: "0%" } });
    expect(withoutPlace(lateOf(world).at(-1))).toBe("origin=frankfurt:broke@+retry-budget-spent");
  });

  const rest = (place: string) => ({ ...headers, "content-range": `bytes ${place}` });

  test.for([
    ["other bytes than those asked for", { ...file, headers: rest("7-299999/300000") }],
    ["fewer bytes", { ...file, headers: rest("70000-299998/300000") }],
    ["something longer", { ...file, bytes: bytes + 1 }],
    ["another coding", { ...file, headers: { ...headers, "content-encoding": "gzip" } }],
    ["fewer bytes than they say", { ...file, headers: { ...headers, "content-length": "10" } }],
    ["several ranges", { ...file, headers: { ...headers, "content-type": "multipart/byteranges; boundary=x" } }],
    ["no place for them", { status: 206, headers, body: "x" }],
  ] as const)("when others send %s: that is refused, not mixed in", async ([, liar]) => {
    const world = await breaksOff({ frankfurt: broken, virginia: liar, singapore: liar });
    expect(withoutPlace(lateOf(world)[0])).toContain("@+virginia+not-the-rest+singapore+not-the-rest+");
  });

  test("when they break off again and again: they are not asked for ever", async () => {
    const crumbs = { ...file, breaks: 100 };
    const world = await breaksOff({ frankfurt: crumbs, virginia: crumbs, singapore: crumbs });
    const asked = await Promise.all(names.map(async (name) => (await world.origin(name).seen()).length));
    expect(asked.reduce((sum, times) => sum + times)).toBe(11);
    expect(lateOf(world).at(-1)).toMatch(/\+tries-spent$/);
  });
});

test("wherever it breaks, every byte is the right one", { timeout: 30_000 }, async () => {
  const at = fc.integer({ min: 0, max: bytes - 1 });
  const long = fc.integer({ min: 0, max: bytes - (64 << 10) });
  await fc.assert(
    fc.asyncProperty(at, at, long, async (one, other, first) => {
      const plays = { frankfurt: { ...file, breaks: one }, virginia: { ...file, breaks: other } };
      const world = await worldWhere(plays, { cache: false });
      expect(await fetchedFrom(world)).toBe(bytes);
      const part = await world.visit("/file", { headers: { range: `bytes=${first}-` } });
      expect([part.status, await lengthOf(part, first)]).toEqual([206, bytes - first]);
    }),
    { numRuns: 15 },
  );
});

test("a client that leaves lets go of the origin, and nobody is asked for the rest", async () => {
  const world = await worldWhere({ frankfurt: { ...file, stalls: 70_000 } }, { cache: false });
  const client = new AbortController();
  const reader = (await world.visit("/file", { signal: client.signal })).body!.getReader();
  await reader.read();
  client.abort();
  await expect(readOn(reader)).rejects.toThrow();
  expect(await world.origin("virginia").seen()).toEqual([]);
  expect([world.timers.waiting(), lateOf(world)]).toEqual([[], []]);
  expect(world.edge.fleet.origin("frankfurt").condition.failures).toBe(0);
});

async function readOn(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  while (!(await reader.read()).done);
}
