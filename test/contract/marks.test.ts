import { env } from "cloudflare:workers";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { Mark, Marks } from "../../src/edge.ts";
import { createKvMarks, propagation } from "../../src/platform/cloudflare/marks.ts";
import { createMemoryMarks } from "../../src/platform/memory/marks.ts";
import { marksContract } from "./marks.ts";

const namespace = (env as { PURGES: KVNamespace }).PURGES;
const refresh = 10_000;

/** Locations that share an empty namespace and a clock. */
async function createWorldOfMarks(kv: KVNamespace = namespace) {
  for (let { keys } = await namespace.list(); keys.length > 0; keys = (await namespace.list()).keys)
    await Promise.all(keys.map(async ({ name }) => namespace.delete(name)));
  const clock = { now: 1_000_000 };
  const work: Promise<unknown>[] = [];
  const locate = (): Marks =>
    createKvMarks(kv, { now: () => clock.now, defer: (one) => void work.push(one.catch(() => undefined)), refresh });
  const settle = async (): Promise<void> => void (await Promise.all(work.splice(0)));
  onTestFinished(settle);
  return { clock, locate, settle };
}

function everything(at: number): Mark {
  return { scope: "all", name: "", at, soft: false };
}

const subject = { askedAt: 0, site: "www", locations: () => [], tags: () => [], groups: () => [], url: () => "" };

describe("marks over KV", { timeout: 60_000 }, () => {
  test("are waited for at first, then looked for behind the visits' backs, and waited for after a pause", async () => {
    const { clock, locate, settle } = await createWorldOfMarks();
    const [here, there] = [locate(), locate()];
    await here.current();
    expect(here.current()).toBeUndefined();
    await there.add([everything(clock.now)]);
    clock.now += refresh - 1;
    expect(here.current()).toBeUndefined();
    await settle();
    expect(here.covering(subject)).toBeUndefined();

    clock.now += 1;
    expect(here.current()).toBeUndefined();
    await settle();
    expect(here.covering(subject)).toEqual(everything(1_000_000));

    clock.now += 2 * refresh;
    expect(here.current()).toBeInstanceOf(Promise);
  });

  test("are known to an isolate that starts later", async () => {
    const { clock, locate } = await createWorldOfMarks();
    await locate().add([everything(clock.now)]);
    clock.now += 30 * 24 * 3600 * 1000;
    const later = locate();
    await later.current();
    expect(later.covering(subject)).toEqual(everything(1_000_000));
  });

  test("that two locations add at once are all there", async () => {
    const { clock, locate } = await createWorldOfMarks();
    const names = Array.from({ length: 20 }, (_, number) => `t${number}`);
    await Promise.all(names.map(async (name) => locate().add([{ scope: "tag", name, at: clock.now, soft: false }])));
    const other = locate();
    await other.current();
    for (const name of names) expect(other.covering({ ...subject, tags: () => [name] }), name).toBeDefined();
  });

  test("are found though KV lists them only after it told of the change", async () => {
    let lists = 0;
    const slow = overKv({
      // What KV promises: after a minute at most.
      list: async (options) => ((lists += 1) > 3 ? namespace.list(options) : { keys: [], list_complete: true }),
    });
    const { clock, locate, settle } = await createWorldOfMarks(slow);
    await createKvMarks(namespace, { now: () => clock.now, defer: () => {}, refresh }).add([everything(clock.now)]);
    const here = locate();
    const until = clock.now + propagation;
    for (; clock.now <= until; clock.now += refresh) {
      await here.current();
      await settle();
    }
    expect(here.covering(subject)).toBeDefined();
  });

  test("are listed again only for as long as a listing may be behind", async () => {
    const list = vi.fn<typeof namespace.list>((options) => namespace.list(options) as never);
    const { clock, locate, settle } = await createWorldOfMarks(overKv({ list: list as never }));
    const here = locate();
    for (let looks = 0; looks < 100; looks += 1) {
      await here.current();
      await settle();
      clock.now += refresh;
    }
    expect(list).toHaveBeenCalledTimes(1);
  });

  test("that KV can't tell stop no visit, and what is known stays in force", async () => {
    const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
    let fails = false;
    const failing = overKv({
      get: (async (key: string) => {
        if (fails) throw new Error("KV is down");
        return namespace.get(key);
      }) as never,
    });
    const { clock, locate } = await createWorldOfMarks(failing);
    const here = locate();
    await here.add([everything(clock.now)]);
    fails = true;
    clock.now += 10 * refresh;
    await here.current();
    expect(here.covering(subject)).toBeDefined();
    expect(errors.mock.calls.join()).toContain("can't be read");
    expect(here.current()).toBeUndefined();
  });

  test("that KV can't take are told to whoever adds them, and hold here", async () => {
    const full = overKv({ put: (async () => Promise.reject(new Error("no more writes today"))) as never });
    const { clock, locate } = await createWorldOfMarks(full);
    const here = locate();
    await expect(here.add([everything(clock.now)])).rejects.toThrow("no more writes today");
    expect(here.covering(subject)).toBeDefined();
  });

  test(
    "are folded in KV when there are too many, and what that makes needless is taken out",
    { timeout: 60_000 },
    async () => {
      const { clock, locate, settle } = await createWorldOfMarks();
      const here = locate();
      const many = (from: number, to: number): Mark[] =>
        Array.from({ length: to - from }, (_, n) => ({
          scope: "tag",
          name: `t${from + n}`,
          at: from + n,
          soft: false,
        }));
      await here.add(many(0, 1_001));
      await settle();
      const added = many(2_000, 2_001);
      for (let again = 0; again < 12; again += 1) {
        await here.add(added);
        await settle();
      }
      expect((await namespace.list({ prefix: "mark:" })).keys.length).toBeLessThan(510);

      clock.now += propagation;
      const other = locate();
      await other.current();
      for (const { name, at } of many(0, 1_001))
        expect(other.covering({ ...subject, askedAt: at, tags: () => [name] }), name).toBeDefined();
      expect(other.covering({ ...subject, askedAt: 501 })).toBeUndefined();
    },
  );
});

marksContract("in memory", async () => createMemoryMarks());
marksContract("over KV", async () => (await createWorldOfMarks()).locate());

/** The namespace with some of its methods replaced. */
function overKv(methods: Partial<Pick<KVNamespace, "get" | "list" | "put">> | { list: unknown }): KVNamespace {
  const own: Pick<KVNamespace, "get" | "list" | "put" | "delete"> = {
    get: namespace.get.bind(namespace),
    list: namespace.list.bind(namespace),
    put: namespace.put.bind(namespace),
    delete: namespace.delete.bind(namespace),
  };
  return { ...own, ...methods } as KVNamespace;
}
