import { expect, test } from "vitest";
import {
  createListKeeper,
  encode,
  FixedList,
  parseMember,
  StoredList,
  type ListSource,
} from "../../src/lists/lists.ts";

const source: ListSource = { store: "kv", binding: "STORE", key: "bad.list", refresh: 60_000, wait: 1_000 };

function fileOf(...members: string[]): Uint8Array<ArrayBuffer> {
  return encode(FixedList.of(members.map((member) => parseMember(member)!)).sections);
}

/** A store whose content and speed the story sets, and a keeper of one list in it. */
function createScene() {
  const warnings: string[] = [];
  const deferred: Promise<unknown>[] = [];
  const scene = {
    now: 0,
    /** What the store has; an Error is what it fails with. */
    file: undefined as Uint8Array<ArrayBuffer> | Error | undefined,
    /** Resolves when the store may answer. */
    open: Promise.resolve(),
    looks: 0,
    warnings,
    list: new StoredList(source),
    /** The config is loaded anew. */
    attach(list = new StoredList(source)): StoredList {
      scene.list = list;
      keeper.attach([list], async () => {
        scene.looks += 1;
        await scene.open;
        if (scene.file instanceof Error) throw scene.file;
        return scene.file && new Response(scene.file).body!;
      });
      return list;
    },
    /** A visit that comes so many seconds later: whether it had to wait. */
    async visit(seconds = 0): Promise<boolean> {
      scene.now += seconds * 1000;
      const reading = keeper.current();
      await reading;
      return reading !== undefined;
    },
    /** Until what visits left behind is done. */
    async settle(): Promise<void> {
      await Promise.all(deferred.splice(0));
    },
  };
  const keeper = createListKeeper({
    now: () => scene.now,
    defer: (work) => void deferred.push(work),
    warn: (line) => void warnings.push(line),
  });
  scene.attach();
  return scene;
}

test("the first visits wait for a list, later ones never", async () => {
  const scene = createScene();
  scene.file = fileOf("192.0.2.0/24");
  expect(scene.list.hasText("192.0.2.1")).toBe(false);
  expect(await scene.visit()).toBe(true);
  expect(scene.list.hasText("192.0.2.1")).toBe(true);
  expect(await scene.visit(59)).toBe(false);
  expect(scene.looks).toBe(1);
  expect(await scene.visit(1)).toBe(false);
  expect(scene.looks).toBe(2);
});

test("it changes while visits go on, when the store has another", async () => {
  const scene = createScene();
  scene.file = fileOf("192.0.2.0/24");
  await scene.visit();
  scene.file = fileOf("198.51.100.0/24");
  expect(await scene.visit(61)).toBe(false);
  expect(scene.list.hasText("192.0.2.1")).toBe(true);
  await scene.settle();
  expect(scene.list.hasText("192.0.2.1")).toBe(false);
  expect(scene.list.hasText("198.51.100.1")).toBe(true);
});

test.each<[what: string, file: Uint8Array<ArrayBuffer> | Error | undefined, why: string]>([
  ["damaged", fileOf("192.0.2.0/24").with(32, 1), "it is damaged"],
  ["cut off", fileOf("192.0.2.0/24").slice(0, -4), "it is cut off"],
  ["gone", undefined, "there is nothing under that key"],
  ["out of reach", new Error("the store is down"), "the store is down"],
])("one that is %s is refused with a word, and the last good one stays", async (_, file, why) => {
  const scene = createScene();
  scene.file = fileOf("192.0.2.0/24", "de");
  await scene.visit();
  scene.file = file;
  await scene.visit(61);
  await scene.settle();
  expect(scene.warnings).toEqual([
    expect.stringMatching(`"bad.list" in KV STORE can't be used: ${why}.*; the last good one stays in force.`),
  ]);
  expect(scene.list.hasText("192.0.2.1")).toBe(true);

  scene.file = fileOf("198.51.100.0/24");
  await scene.visit(31); // sooner than usual
  await scene.settle();
  expect(scene.list.hasText("198.51.100.1")).toBe(true);
});

test("one that was never there has no members, and nobody waits for it twice", async () => {
  const scene = createScene();
  expect(await scene.visit()).toBe(true);
  expect(scene.warnings).toEqual([expect.stringContaining("it has no members until it can be.")]);
  expect(scene.list.hasText("192.0.2.1")).toBe(false);
  expect(await scene.visit(31)).toBe(false);
  await scene.settle();
  expect(scene.looks).toBe(2);
});

test("a slow store is waited for once, for as long as the list says, and its answer counts when it comes", async () => {
  const scene = createScene();
  const { promise, resolve } = Promise.withResolvers<void>();
  scene.open = promise;
  scene.file = fileOf("192.0.2.0/24");
  scene.attach(new StoredList({ ...source, wait: 5 }));
  expect(await scene.visit()).toBe(true);
  expect(scene.list.hasText("192.0.2.1")).toBe(false);
  expect(await scene.visit(1)).toBe(false);
  expect(scene.looks).toBe(1);
  resolve();
  await scene.settle();
  expect(scene.list.hasText("192.0.2.1")).toBe(true);
});

test("a new config has at once what was read for the one before", async () => {
  const scene = createScene();
  scene.file = fileOf("192.0.2.0/24");
  await scene.visit();
  const before = scene.list;
  const list = scene.attach();
  expect(list).not.toBe(before);
  expect(list.hasText("192.0.2.1")).toBe(true);
  expect(await scene.visit()).toBe(false);
  expect(scene.looks).toBe(1);
});

test("a new config that comes while it is read gets it, too", async () => {
  const scene = createScene();
  const { promise, resolve } = Promise.withResolvers<void>();
  scene.open = promise;
  scene.file = fileOf("192.0.2.0/24");
  const first = scene.visit();
  const list = scene.attach();
  resolve();
  await first;
  expect(list.hasText("192.0.2.1")).toBe(true);
  expect(scene.looks).toBe(1);
});

test("a config without such lists makes nobody look", async () => {
  const scene = createScene();
  scene.file = fileOf("192.0.2.0/24");
  const keeper = createListKeeper({ now: () => 0, defer: () => {}, warn: () => {} });
  expect(keeper.current()).toBeUndefined();
  keeper.attach([], () => Promise.reject(new Error("nobody asks")));
  expect(keeper.current()).toBeUndefined();
});

test("a look that is lost with its visit is followed by another", async () => {
  const scene = createScene();
  scene.open = new Promise(() => {});
  scene.attach(new StoredList({ ...source, wait: 0 }));
  scene.file = fileOf("192.0.2.0/24");
  await scene.visit();
  scene.open = Promise.resolve();
  await scene.visit(61);
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(scene.list.hasText("192.0.2.1")).toBe(true);
});

test("lists that together take too much memory are refused, also when they are read at the same time", async () => {
  // As the header of a list of two million IPv6 prefixes has it, without the prefixes.
  const large = new Uint32Array([...new Uint32Array(fileOf("2001:db8::/32").buffer.slice(0, 32))]);
  large.set([2_000_000], 4);
  const warnings: string[] = [];
  const keeper = createListKeeper({ now: () => 0, defer: () => {}, warn: (line) => void warnings.push(line) });
  const lists = ["a", "b", "c"].map((key) => new StoredList({ ...source, key }));
  keeper.attach(lists, async () => new Response(large).body!);
  await keeper.current();
  expect(warnings.toSorted().map((line) => /under "(\w)".*(cut off|room for \d+)/.exec(line)?.slice(1))).toEqual([
    ["a", "cut off"],
    ["b", "cut off"],
    ["c", "room for 14331584"],
  ]);
});
