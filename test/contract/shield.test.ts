import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test, vi } from "vitest";
import type { Asked, Told } from "../../src/hop.ts";
import { createShield } from "../../src/platform/cloudflare/shield.ts";
import { wayTo } from "../harness/shielded.ts";
import { createWorld, originUrl } from "../harness/world.ts";
import { shieldContract } from "./shield.ts";

const now = (): number => Date.now();
const vars = { SITES: [{ hosts: ["www.example.com"], origins: ["frankfurt"] }] };
const near = createWorld({ vars });
const way = wayTo(near);
shieldContract("a shield in the same place", () => way, near);

/** The Worker's own object reads its config from KV. */
const far = createWorld({ vars });
const bound = env as { SHIELD: DurableObjectNamespace; CONFIG: KVNamespace };
beforeAll(async () => {
  const origins = [{ name: "frankfurt", url: originUrl("frankfurt", far.script) }];
  await bound.CONFIG.put("config", JSON.stringify({ ORIGINS: origins, RULES: [], LISTS: {}, ...vars }));
});
shieldContract("a Durable Object", () => createShield(bound.SHIELD, now), far);

describe("a Durable Object that is in trouble", () => {
  const place = { site: "www", region: undefined, shard: 0 };
  const asked = { url: "https://www.example.com/" } as Asked;

  /** A namespace whose objects do that. */
  const namespaceOf = (answer: (asked: Asked, begun: () => Promise<void>) => Promise<Told>): DurableObjectNamespace =>
    ({ idFromName: () => ({}), get: () => ({ answer, forget: answer }) }) as unknown as DurableObjectNamespace;

  test("one that says nothing is waited for no longer than 2 seconds", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const shield = createShield(
      namespaceOf(() => new Promise(() => undefined)),
      now,
    );
    const waits = [shield.ask(place, asked), shield.forget(place, "key")];
    const ends = waits.map((wait) => expect(wait).rejects.toMatchObject({ name: "TimeoutError" }));
    await vi.advanceTimersByTimeAsync(2_000);
    await Promise.all(ends);
    vi.useRealTimers();
  });

  test("one that said nothing is left alone for 10 seconds, and the others are not", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    let time = 0;
    let calls = 0;
    const silent = namespaceOf(async () => {
      calls += 1;
      return new Promise(() => undefined);
    });
    const shield = createShield(silent, () => time);
    const ask = async (shard: number): Promise<void> => {
      await Promise.all([
        expect(shield.ask({ ...place, shard }, asked)).rejects.toMatchObject({ name: "TimeoutError" }),
        vi.advanceTimersByTimeAsync(2_000),
      ]);
    };
    for (const shard of [0, 0, 1, 1]) await ask(shard);
    expect(calls).toBe(2);
    time = 10_000;
    await ask(0);
    expect(calls).toBe(3);
    vi.useRealTimers();
  });

  test("one that has begun may take as long as the origin does", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const late = Promise.withResolvers<Told>();
    const shield = createShield(
      namespaceOf(async (_, begun) => {
        await begun();
        return late.promise;
      }),
      now,
    );
    const told = shield.ask(place, asked);
    await vi.advanceTimersByTimeAsync(60_000);
    late.resolve({ kind: "declined" });
    expect(await told).toEqual({ kind: "declined" });
    vi.useRealTimers();
  });

  test("an answer that comes too late is let go of", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const late = Promise.withResolvers<Told>();
    const told = createShield(
      namespaceOf(() => late.promise),
      now,
    ).ask(place, asked);
    await Promise.all([
      expect(told).rejects.toMatchObject({ name: "TimeoutError" }),
      vi.advanceTimersByTimeAsync(2_000),
    ]);
    vi.useRealTimers();
    const cancelled = Promise.withResolvers<void>();
    const body = new ReadableStream({ cancel: () => cancelled.resolve() });
    late.resolve({ kind: "answer", status: 200, body } as unknown as Told);
    await cancelled.promise;
  });

  test("one that fails, or can't be had, fails at once", async () => {
    const broken = createShield(
      namespaceOf(() => Promise.reject(new Error("overloaded"))),
      now,
    );
    await expect(broken.ask(place, asked)).rejects.toThrow("overloaded");
    const none = { ...namespaceOf(() => Promise.reject(new Error())), get: () => fail("no such object") };
    await expect(createShield(none as never, now).ask(place, asked)).rejects.toThrow("no such object");
  });
});

function fail(why: string): never {
  throw new Error(why);
}
