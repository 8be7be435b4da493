import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Answer } from "../../../src/answer.ts";
import type { StoredAnswer } from "../../../src/cache/entry.ts";
import { openSlice, sliceAt, sliceRange, type Sliced } from "../../../src/cache/parts/slices.ts";
import { stitch } from "../../../src/cache/parts/stitch.ts";
import type { HeaderEdits } from "../../../src/config/model.ts";
import { Fields } from "../../../src/http/fields.ts";
import { contentRange, parseRange, resolveRange } from "../../../src/http/range.ts";
import { createMemoryStore } from "../../../src/platform/memory/store.ts";
import { answer, edge, streamOf, visitTo } from "../../transform/visit.ts";

const tag = { etag: '"v1"' };

/** A representation in slices, and an origin that sends any part of it in small pieces. */
function createSliced(bytes: Uint8Array, size: number, { piece = 7, subrequests = 10_000 } = {}) {
  const asked: string[] = [];
  const visit = visitTo("/film");
  const ask = async (edits: HeaderEdits): Promise<Answer> => {
    const range = edits.set.find(([name]) => name === "range")![1](visit);
    asked.push(range);
    const { first, last } = resolveRange(parseRange(range)!, bytes.length)!;
    const fields = { ...tag, "content-range": contentRange({ first, last }, bytes.length) };
    return answer(fields, streamOf(bytes.slice(first, last + 1), piece), 206);
  };
  const deferred: Promise<unknown>[] = [];
  const config = { ...edge.config, settings: { ...edge.config.settings, subrequests } };
  const slices = { kind: "slices", total: bytes.length, size, generation: "g", have: [] } as const;
  const sliced: Sliced = {
    visit,
    means: {
      edge: { ...edge, config, store: createMemoryStore(), defer: (work) => void deferred.push(work) },
      ask,
      forget: async () => {},
    },
    key: "film",
    stored: { fields: Fields.of(tag) } as StoredAnswer,
    slices,
  };
  return { sliced, asked, settle: () => Promise.allSettled(deferred) };
}

async function read(sliced: Sliced, first: number, last: number): Promise<Uint8Array> {
  const begun = await openSlice(sliced, sliceAt(first, sliced.slices.size));
  return new Uint8Array(await new Response(stitch(sliced, { first, last }, begun!)).arrayBuffer());
}

test("whatever the size of the slices and the pieces, every range is those bytes, and no slice is fetched twice", async () => {
  const cases = fc.record({
    bytes: fc.uint8Array({ minLength: 1, maxLength: 300 }),
    size: fc.integer({ min: 1, max: 120 }),
    piece: fc.integer({ min: 1, max: 50 }),
    ranges: fc.array(fc.tuple(fc.nat({ max: 299 }), fc.nat({ max: 299 })), { minLength: 1, maxLength: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(cases, async ({ bytes, size, piece, ranges }) => {
      const { sliced, asked, settle } = createSliced(bytes, size, { piece });
      for (const [a, b] of ranges) {
        const [first, last] = [Math.min(a, b) % bytes.length, Math.min(Math.max(a, b), bytes.length - 1)];
        expect(await read(sliced, Math.min(first, last), last)).toEqual(
          new Uint8Array(bytes.slice(Math.min(first, last), last + 1)),
        );
        await settle();
      }
      expect(new Set(asked).size).toBe(asked.length);
      expect(asked.length).toBeLessThanOrEqual(Math.ceil(bytes.length / size));
    }),
    { numRuns: 60 },
  );
});

test("a client that reads slowly is at most one slice behind what was fetched", async () => {
  const size = 1000;
  const { sliced, asked, settle } = createSliced(new Uint8Array(100 * size), size, { piece: 100 });
  const begun = await openSlice(sliced, 0);
  const reader = stitch(sliced, { first: 0, last: 100 * size - 1 }, begun!).getReader();
  let taken = 0;
  while (taken < 10 * size) {
    taken += (await reader.read()).value!.byteLength;
    await scheduler.wait(1);
    const fetched = asked.length * size;
    expect(fetched - taken).toBeLessThanOrEqual(2 * size);
  }
  await reader.cancel();
  await settle();
  expect(asked.length).toBeLessThanOrEqual(12);
});

test("where the platform allows little, what is left comes as one, up to the end of the range", async () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, index) => index);
  const { sliced, asked } = createSliced(bytes, 10, { subrequests: 50 });
  expect(await read(sliced, 5, 985)).toEqual(bytes.slice(5, 986));
  const begin = (asked.length - 1) * 10;
  expect(asked.at(-1)).toBe(`bytes=${begin}-985`);
  expect(asked.length).toBeLessThan(12);
});

test("a rest that breaks off is never taken for whole", async () => {
  const { sliced } = createSliced(new Uint8Array(1000), 10, { subrequests: 50 });
  const ask = async (edits: HeaderEdits): Promise<Answer> => {
    const whole = await sliced.means.ask(edits);
    const isRest = whole.fields.get("content-range")!.endsWith("-999/1000");
    return isRest ? { ...whole, body: streamOf(new Uint8Array(5), 5) } : whole;
  };
  await expect(read({ ...sliced, means: { ...sliced.means, ask } }, 0, 999)).rejects.toThrow();
});

test("the slices cover every byte once", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 300 }), (total, size) => {
      const count = sliceAt(total - 1, size) + 1;
      const ranges = Array.from({ length: count }, (_, index) => sliceRange(index, { size, total }));
      expect([ranges[0]!.first, ranges.at(-1)!.last]).toEqual([0, total - 1]);
      for (let index = 1; index < count; index++) expect(ranges[index]!.first).toBe(ranges[index - 1]!.last + 1);
    }),
  );
});
