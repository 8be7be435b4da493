/** Those who probe, as Durable Objects with their alarms. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, test, vi } from "vitest";
import worker from "../../src/worker.ts";
import { createWatch } from "../../src/platform/cloudflare/watch.ts";
import { createWorld, originUrl } from "../harness/world.ts";

const bound = env as unknown as { HEALTH: DurableObjectNamespace; CONFIG: KVNamespace };
const world = createWorld();
const watch = createWatch(bound.HEALTH);
/** What a cron trigger does. */
const wakeAll = async (): Promise<void> => worker.scheduled({} as never, env);
const stubOf = (region: string) => bound.HEALTH.get(bound.HEALTH.idFromName(region));

beforeAll(async () => {
  const health = { path: "/healthz", interval: "1s", fall: 1, rise: 1 };
  const ORIGINS = [
    { name: "frankfurt", url: originUrl("frankfurt", world.script), health },
    { name: "virginia", url: originUrl("virginia", world.script) },
  ];
  await bound.CONFIG.put("config", JSON.stringify({ ORIGINS, SITES: [{ hosts: ["*"] }], RULES: [], LISTS: {} }));
});

test("a look sets them going, and the next ones see what came of it; the object may be restarted between", async () => {
  await world.origin("frankfurt").answers("/healthz", {}, {}, { status: 503 });
  expect(await watch.look("weur", [])).toEqual({});
  // The alarm is due at once: it goes off by itself.
  await vi.waitFor(async () => {
    expect(await watch.look("weur", [])).toEqual({
      frankfurt: { isUp: true, why: "200", since: expect.any(Number), at: expect.any(Number) },
    });
  }, 5_000);
  const kept = await runInDurableObject(stubOf("weur"), (_, { storage }) => storage.get("watching"));
  expect(kept).toMatchObject({ probed: { frankfurt: { isUp: expect.any(Boolean) } } });
  await vi.waitFor(async () => {
    expect(await watch.look("weur", [])).toMatchObject({ frankfurt: { isUp: false, why: "503" } });
  }, 5_000);
});

test("each region has its own, and a location of unknown region too", async () => {
  expect(await watch.look("apac", [])).toEqual({});
  expect(await watch.look(undefined, [])).toEqual({});
});

test("those at whom nobody looks are not set going by being woken", async () => {
  await wakeAll();
  expect(await runInDurableObject(stubOf("oc"), (_, { storage }) => storage.getAlarm())).toBeNull();
});

test("those whose alarm got lost are set going again by being woken", async () => {
  await watch.look("sam", []);
  await runInDurableObject(stubOf("sam"), (_, { storage }) => storage.deleteAlarm());
  await wakeAll();
  await vi.waitFor(async () => {
    expect(await watch.look("sam", [])).toHaveProperty("frankfurt");
  }, 5_000);
});

test("one that says nothing is waited for no longer than five seconds", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const silent = { idFromName: () => ({}), get: () => ({ look: async () => new Promise(() => undefined) }) };
  const look = createWatch(silent as unknown as DurableObjectNamespace).look("weur", []);
  await Promise.all([expect(look).rejects.toMatchObject({ name: "TimeoutError" }), vi.advanceTimersByTimeAsync(5_000)]);
  vi.useRealTimers();
});
