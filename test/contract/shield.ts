/** What every way to a shield does. Runs inside workerd. */
import { describe, expect, test } from "vitest";
import type { Asked, Shield, ShieldPlace, Told, ToldAnswer } from "../../src/hop.ts";
import { Fields } from "../../src/http/fields.ts";
import type { World } from "../harness/world.ts";

const place: ShieldPlace = { site: "www.example.com", region: "weur", shard: 0 };

/** A visit as a location asks for it. */
function asked(path: string, fields: Readonly<Record<string, string>> = {}, changes: Partial<Asked> = {}): Asked {
  return {
    id: "1",
    method: "GET",
    url: `https://www.example.com${path}`,
    fields: Fields.of(fields).toJSON(),
    client: { ip: "192.0.2.1", country: "DE" },
    who: { bot: "", kind: "person", proof: "none" },
    region: "weur",
    tickets: undefined,
    experiments: [],
    purged: undefined,
    ...changes,
  };
}

/** @param world whose first origin the shield asks; every test has a path of its own. */
export function shieldContract(name: string, shield: () => Shield, world: World): void {
  const origin = world.origin("frankfurt");
  const ask = async (...asking: Parameters<typeof asked>): Promise<ToldAnswer> =>
    answerIn(await shield().ask(place, asked(...asking)));
  const times = async (path: string): Promise<number> =>
    (await origin.seen()).filter(({ target }) => target === path).length;

  describe(name, () => {
    test("an answer passes whole: status, fields, cookies and bytes", async () => {
      const headers = [
        ["cache-control", "private"],
        ["x-one", "1"],
        ["set-cookie", "a=1"],
        ["set-cookie", "b=2"],
      ] as const;
      await origin.answers("/whole", { status: 404, headers, body: "not here" });
      const told = await ask("/whole");
      expect(told).toMatchObject({ status: 404, origin: "frankfurt", cache: { fwd: "uri-miss", fwdStatus: 404 } });
      const fields = Fields.fromJSON(told.fields);
      expect([fields.get("x-one"), fields.cookies]).toEqual(["1", ["a=1", "b=2"]]);
      expect(await textOf(told)).toBe("not here");
      expect(told.trail).toContainEqual({ room: "cache", decision: "not-stored:private" });
    });

    test("what the shield has is told with the time at which the origin was asked", async () => {
      await origin.answers("/kept", { body: "kept", headers: { "cache-control": "max-age=60" } });
      const first = await ask("/kept");
      expect(await textOf(first)).toBe("kept");
      const again = await untilHit(() => ask("/kept"));
      expect(again.askedAt).toBeGreaterThanOrEqual(first.askedAt);
      expect(again.askedAt).toBeLessThanOrEqual(first.askedAt + 5_000);
      expect(await times("/kept")).toBe(1);
    });

    test("a mark that only the location knows makes it ask anew", async () => {
      const headers = { "cache-control": "max-age=60" };
      await origin.answers("/marked", { body: "old", headers }, { body: "new", headers });
      await textOf(await ask("/marked"));
      const { askedAt } = await untilHit(() => ask("/marked"));
      const purged = { scope: "all", name: "", at: askedAt, soft: false } as const;
      expect(await textOf(await ask("/marked", {}, { purged }))).toBe("new");
    });

    test("what is to be forgotten is asked for anew", async () => {
      const headers = { "cache-control": "max-age=60" };
      await origin.answers("/changed", { body: "old", headers }, { body: "new", headers });
      await textOf(await ask("/changed"));
      await untilHit(() => ask("/changed"));
      await shield().forget(place, "https://www.example.com/changed");
      expect(await textOf(await ask("/changed"))).toBe("new");
    });

    test("a condition is answered, a range cut, a HEAD without a body", async () => {
      const headers = { "cache-control": "max-age=60", etag: '"e"', "content-length": "6" };
      await origin.answers("/parts", { body: "abcdef", headers });
      await textOf(await ask("/parts"));
      expect(await untilHit(() => ask("/parts", { "if-none-match": '"e"' }))).toMatchObject({
        status: 304,
        body: null,
      });
      const part = await ask("/parts", { range: "bytes=1-2" });
      expect([part.status, await textOf(part)]).toEqual([206, "bc"]);
      const head = await ask("/parts", {}, { method: "HEAD" });
      expect([head.status, head.body, Fields.fromJSON(head.fields).get("content-length")]).toEqual([200, null, "6"]);
      expect(await times("/parts")).toBe(1);
    });

    test("a long body streams: its beginning is there before its end is made", async () => {
      const bytes = 5 * 65_536;
      await origin.answers("/long", { bytes, pause: 100, headers: { "cache-control": "max-age=60" } });
      const told = await ask("/long");
      const startedAt = Date.now();
      const reader = (told.body as ReadableStream<Uint8Array>).getReader();
      let read = (await reader.read()).value!.byteLength;
      expect(Date.now() - startedAt).toBeLessThan(350);
      for (let next = await reader.read(); !next.done; next = await reader.read()) read += next.value.byteLength;
      expect(read).toBe(bytes);
    });

    test.each([
      ["of known length", { "content-length": "400000" }],
      ["of unknown length", {}],
    ])("a body %s that breaks off, breaks off", async (kind, sized) => {
      const path = `/broken-${kind.length}`;
      const headers = { "cache-control": "max-age=60", ...sized };
      await origin.answers(path, { bytes: 400_000, breaks: 200_000, headers });
      await expect(textOf(await ask(path))).rejects.toThrow();
      await expect(textOf(await ask(path))).rejects.toThrow();
      expect(await times(path)).toBe(2);
    });

    test("who leaves takes nothing from the others, and the answer is stored to its end", async () => {
      const bytes = 4 * 65_536;
      await origin.answers("/left", { bytes, pause: 30, headers: { "cache-control": "max-age=60" } });
      const first = await ask("/left");
      const second = ask("/left");
      await (first.body as ReadableStream).cancel("the client left");
      expect((await textOf(await second)).length).toBeGreaterThan(0);
      await untilHit(() => ask("/left"));
      expect(await times("/left")).toBe(1);
    });

    test("many questions at once are one to the origin", async () => {
      await origin.answers("/many", { body: "many", delay: 100, headers: { "cache-control": "max-age=60" } });
      const told = await Promise.all(Array.from({ length: 200 }, async () => textOf(await ask("/many"))));
      expect(told).toEqual(Array(200).fill("many"));
      expect(await times("/many")).toBe(1);
    });

    test("an origin's failure is told as such, with its reason and where it was", async () => {
      await origin.answers("/down", { breaks: "before" });
      const told = await shield().ask(place, asked("/down"));
      expect(told).toMatchObject({ kind: "failed", source: "origin", because: "no-origin-answered" });
      expect(JSON.stringify(told)).toContain("frankfurt:connection");
    });

    test("what it doesn't serve, it declines", async () => {
      const told = await shield().ask(place, asked("/a", {}, { url: "https://unknown.example/" }));
      expect(told).toEqual({ kind: "declined" });
    });
  });
}

function answerIn(told: Told): ToldAnswer {
  if (told.kind !== "answer") throw new Error(`no answer: ${JSON.stringify(told)}`);
  return told;
}

async function textOf({ body }: ToldAnswer): Promise<string> {
  return new Response(body).text();
}

/** What is stored behind the answer's back may take a moment. */
async function untilHit(ask: () => Promise<ToldAnswer>): Promise<ToldAnswer> {
  for (const limit = Date.now() + 4_000; ;) {
    const told = await ask();
    if (told.cache?.hit) return told;
    await textOf(told);
    if (Date.now() > limit) throw new Error(`never a hit: ${JSON.stringify(told.trail)}`);
  }
}
