import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Store, Stored } from "../../src/edge.ts";
import { createMemoryStore } from "../../src/platform/memory/store.ts";
import { createMemoryTier } from "../../src/platform/memory/tier.ts";
import { createTiers } from "../../src/platform/tiers.ts";

/** Milliseconds that memory may be behind. */
const longest = 5_000;

/** Isolates of one location, over one platform's cache. */
function createLocation(platform: Store = createMemoryStore()) {
  const clock = { now: 1_000_000 };
  const now = (): number => clock.now;
  const errors: unknown[] = [];
  const deferred: Promise<unknown>[] = [];
  const defer = (work: Promise<unknown>): void =>
    void deferred.push(work.catch((error: unknown) => void errors.push(error)));
  const isolate = (): Store =>
    createTiers({ memory: createMemoryTier({ bytes: 1 << 20, longest, now }), platform, now, defer });
  const settle = async (): Promise<void> => {
    while (deferred.length > 0) await Promise.all(deferred.splice(0));
  };
  return { clock, errors, isolate, settle };
}

/** A store whose work can be held up: each call waits until it is let go, and so does each body that is read. */
function slow(store: Store) {
  const waiting: (() => void)[] = [];
  const turn = async (): Promise<void> => new Promise((resolve) => waiting.push(resolve));
  const late = (body: Stored["body"]): ReadableStream =>
    new ReadableStream({
      async pull(controller) {
        await turn();
        controller.enqueue(new Uint8Array(await new Response(body).arrayBuffer()));
        controller.close();
      },
    });
  /** Lets go of one that waits, if one does: the first unless told otherwise. */
  const next = async (at = 0): Promise<void> => {
    await scheduler.wait(0);
    waiting.splice(at % waiting.length, 1)[0]?.();
    await scheduler.wait(0);
  };
  return {
    next,
    /** Lets go of one after the other until that work is done. */
    nextUntil: async <T>(work: Promise<T>): Promise<T> => {
      let isDone = false;
      const done = work.finally(() => (isDone = true));
      // oxlint-disable-next-line no-unmodified-loop-condition -- the work sets it when it is done
      while (!isDone) await Promise.race([done, next()]);
      return done;
    },
    store: {
      async match(key) {
        await turn();
        const stored = await store.match(key);
        return stored && { ...stored, body: late(stored.body) };
      },
      put: async (key, entry) => turn().then(() => store.put(key, entry)),
      delete: async (key) => turn().then(() => store.delete(key)),
    } satisfies Store,
  };
}

const entry = (text: string) => ({ head: text, body: new TextEncoder().encode(text) as Uint8Array<ArrayBuffer> });

/** Which tier it comes from, and what. */
async function seen(stored: Stored | undefined): Promise<string | undefined> {
  return stored && `${stored.tier ?? "platform"}: ${await new Response(stored.body).text()}`;
}

describe("where an entry comes from", () => {
  test("what was put is in memory at once, and in the platform's cache for other isolates", async () => {
    const { isolate } = createLocation();
    const [here, there] = [isolate(), isolate()];
    await here.put("/a", entry("one"));
    expect(await seen(await here.match("/a"))).toBe("memory: one");
    expect(await seen(await there.match("/a"))).toBe("platform: one");
  });

  test("what was read from the platform's cache is in memory the next time", async () => {
    const { isolate, settle } = createLocation();
    await isolate().put("/a", entry("one"));
    const there = isolate();
    await there.match("/a"); // its body isn't even read
    await settle();
    expect(await seen(await there.match("/a"))).toBe("memory: one");
  });

  test("a long body, and one of unknown length, streams past memory", async () => {
    const { isolate, settle } = createLocation();
    const here = isolate();
    const long = new Uint8Array(20_000); // a 64th of the whole is 16 KB
    const unknown = new Response("unknown").body;
    await here.put("/long", { head: "h", body: new Response(long).body, length: long.byteLength });
    await here.put("/unknown", { head: "h", body: unknown });
    for (const key of ["/long", "/unknown"]) {
      expect((await here.match(key))?.tier).toBeUndefined();
      await settle();
    }
    expect((await here.match("/long"))?.tier).toBeUndefined();
    expect(await seen(await here.match("/unknown"))).toBe("memory: unknown"); // the platform's cache knows its length
  });
});

describe("what was replaced or deleted", () => {
  test("is so in this isolate at once, and in all others after as long as memory may be behind", async () => {
    const { clock, isolate, settle } = createLocation();
    const [here, there] = [isolate(), isolate()];
    await here.put("/a", entry("old"));
    await there.match("/a");
    await settle();
    await here.put("/a", entry("new"));
    expect(await seen(await here.match("/a"))).toBe("memory: new");
    clock.now += longest - 1;
    expect(await seen(await there.match("/a"))).toBe("memory: old");
    clock.now += 1;
    expect(await seen(await there.match("/a"))).toBe("platform: new");

    await here.delete("/a");
    expect(await here.match("/a")).toBeUndefined();
    clock.now += longest;
    expect(await there.match("/a")).toBeUndefined();
  });

  test.each([
    ["a put", (store: Store) => store.put("/a", entry("new")), "memory: new"],
    ["a delete", (store: Store) => store.delete("/a"), undefined],
  ])("doesn't come back by a visit that read it before %s", async (_, write, expected) => {
    const { store, next } = slow(createMemoryStore());
    const { isolate, settle } = createLocation(store);
    const [here, there] = [isolate(), isolate()];
    const finish = async <T>(work: Promise<T>): Promise<T> => next().then(() => work);

    await finish(there.put("/a", entry("old")));
    const reading = seen(await finish(here.match("/a")));
    const writing = write(here);
    await next(1); // the body, which waits longer, stays behind
    await writing;
    await next();
    expect(await reading).toBe("platform: old");
    await settle();
    const again = here.match("/a");
    await next();
    expect(await seen(await again)).toBe(expected);
  });

  test("of two puts at once, the isolate gives the one that the platform's cache was left with", async () => {
    const { store, next } = slow(createMemoryStore());
    const here = createLocation(store).isolate();
    const puts = [here.put("/a", entry("one")), here.put("/a", entry("two"))];
    await next();
    await next();
    await Promise.all(puts);
    const match = here.match("/a");
    await next();
    const left = seen(await match);
    await next();
    expect(await left).toBe("platform: two");
  });
});

test("whatever happens in whatever order, memory never has what the platform's cache no longer has", async () => {
  const kinds = fc.oneof(fc.constantFrom("match", "put", "delete"), fc.nat(2));
  await fc.assert(
    fc.asyncProperty(fc.array(kinds, { maxLength: 20 }), async (steps) => {
      const platform = createMemoryStore();
      const { store, next, nextUntil } = slow(platform);
      const { isolate, settle } = createLocation(store);
      const here = isolate();
      const work: Promise<unknown>[] = [];
      for (const [index, step] of steps.entries()) {
        if (step === "match") work.push(here.match("/a"));
        else if (step === "put") work.push(here.put("/a", entry(String(index))));
        else if (step === "delete") work.push(here.delete("/a"));
        else await next(step);
      }
      await nextUntil(Promise.all(work).then(settle));
      const [mine, truth] = [await nextUntil(here.match("/a")), await platform.match("/a")];
      expect(mine?.head).toBe(truth?.head);
    }),
    { numRuns: 200 },
  );
}, 60_000);

describe("when the platform's cache fails", () => {
  const broken = async (): Promise<never> => Promise.reject(new Error("the cache is down"));

  test("memory has what was put, and the error is logged", async () => {
    const { errors, isolate, settle } = createLocation({ match: broken, put: broken, delete: broken });
    const here = isolate();
    await here.put("/a", entry("one"));
    expect(await seen(await here.match("/a"))).toBe("memory: one");
    await settle();
    expect(errors).toEqual([new Error("the cache is down")]);
  });

  test("what memory wouldn't hold isn't put, and nothing counts as deleted", async () => {
    const here = createLocation({ match: broken, put: broken, delete: broken }).isolate();
    await expect(here.put("/a", { head: "h", body: new Uint8Array(20_000) })).rejects.toThrow("the cache is down");
    await here.put("/b", entry("one"));
    await expect(here.delete("/b")).rejects.toThrow("the cache is down");
    await expect(here.match("/b")).rejects.toThrow("the cache is down"); // memory has it no more
  });
});

describe("that nothing was there", () => {
  test("is remembered where its head was looked for, for as long as memory may be behind", async () => {
    const { clock, isolate } = createLocation();
    const one = isolate();
    await one.match("whole");
    await one.match("head", "head");
    expect(["whole", "head", "other"].filter((key) => one.wasMissing!(key))).toEqual(["head"]);
    clock.now += longest;
    expect(one.wasMissing!("head")).toBe(false);
  });

  test("no longer holds when this isolate puts something, not even if it looked before", async () => {
    const platform = createMemoryStore();
    const { isolate } = createLocation(platform);
    const one = isolate();
    await one.match("key", "head");
    await one.put("key", { head: "h", body: null });
    expect(one.wasMissing!("key")).toBe(false);

    const { store, nextUntil } = slow(createMemoryStore());
    const late = createLocation(store).isolate();
    const looked = late.match("key", "head");
    await nextUntil(late.put("key", { head: "h", body: null }).then(() => looked));
    expect(late.wasMissing!("key")).toBe(false);
  });

  test("is not remembered without memory: then isolates agree at once", async () => {
    const now = (): number => 0;
    const memory = createMemoryTier({ bytes: 0, longest, now });
    const store = createTiers({ memory, platform: createMemoryStore(), now, defer: () => {} });
    await store.match("key", "head");
    expect(store.wasMissing!("key")).toBe(false);
  });
});
