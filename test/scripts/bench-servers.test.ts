import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { ask } from "../../scripts/bench/ask.ts";
import { attempt } from "../../scripts/bench/bench-error.ts";
import { check } from "../../scripts/bench/check.ts";
import { startOrigin, stop, type Origin, type Server } from "../../scripts/bench/children.ts";
import type { Contestant } from "../../scripts/bench/contestant.ts";
import { cacheApi, passThrough, perigeeGuarded } from "../../scripts/bench/contestants.ts";
import { allHeats } from "../../scripts/bench/heats.ts";
import { family } from "../../scripts/bench/kernel.ts";
import { pathOf } from "../../scripts/bench/objects.ts";
import { findPrograms } from "../../scripts/bench/programs/found.ts";
import { configOf as nginxConfigOf, nginx } from "../../scripts/bench/programs/nginx.ts";
import { startProgram, versionOf } from "../../scripts/bench/programs/program.ts";
import { varnish } from "../../scripts/bench/programs/varnish.ts";
import { startWorkerd } from "../../scripts/bench/workerd.ts";
import { cacheConfigOf, configOf } from "../../scripts/bench/workerd-config.ts";
import { openWorkshop, type Workshop } from "../../scripts/bench/workshop.ts";

let origin: Origin;
let workshop: Workshop;

beforeAll(async () => {
  origin = await startOrigin();
  workshop = await openWorkshop(origin.url);
});

afterAll(async () => {
  workshop.close();
  await stop(origin.child);
});

const small = pathOf("cacheable", 1024);

async function withServer<T>(starting: Promise<Server>, use: (server: Server) => Promise<T>): Promise<T> {
  const server = await starting;
  try {
    return await use(server);
  } finally {
    await stop(server.child);
  }
}

/** Whether it passes the check of every scenario that it takes part in, at the small size. */
async function expectRight(contestant: Contestant): Promise<void> {
  const heats = allHeats.filter(
    ({ size, entrants }) => size === "1 KB" && entrants.some((entrant) => entrant.contestant === contestant),
  );
  expect(heats.length).toBeGreaterThan(1);
  for (const heat of heats) {
    await withServer(contestant.start(workshop), (server) => check(heat, { contestant, server, origin }));
  }
}

test("the usual worker gets hits, 304 and ranges from the cache service, and keeps what it misses", () =>
  expectRight(cacheApi));

test("the bare pass-through asks the origin each time, and keeps nothing of a miss", () => expectRight(passThrough));

test("Perigee keeps what it misses with all that is there for an origin's fall", () => expectRight(perigeeGuarded));

test.runIf(nginx.version!())("nginx does what it is timed for", () => expectRight(nginx));

test.runIf(varnish.version!())("Varnish does what it is timed for", () => expectRight(varnish));

test.runIf(nginx.version!())("a program ends with all that it started", async () => {
  const pids = await withServer(nginx.start(workshop), async ({ child }) => family(child.pid!).map(({ pid }) => pid));
  expect(pids.length).toBeGreaterThan(1);
  expect(pids.flatMap((pid) => family(pid))).toEqual([]);
});

test("a cache service apart keeps what a worker stores", async () => {
  await withServer(startWorkerd(workshop.furnishCache()), async (cache) => {
    const apart = await openWorkshop(origin.url, new URL(cache.url).host);
    onTestFinished(apart.close);
    await withServer(cacheApi.start(apart), async ({ url }) => {
      await expect.poll(() => wasHit(url)).toBe(true);
      await stop(cache.child);
      await expect(wasHit(url)).rejects.toThrow("socket hang up"); // it has no cache of its own
    });
  });
});

async function wasHit(url: string): Promise<boolean> {
  const before = await origin.asked();
  await ask(url + small);
  return (await origin.asked()) === before;
}

test("the config can't be broken by what is bound", () => {
  const compatibility = { date: "2026-10-01", flags: [] };
  expect(configOf({ bindings: { A: 'x"), (name = "B' }, compatibility })).toContain('text = "x\\"), (name = \\"B"');
  expect(() => configOf({ bindings: { A: "é" }, compatibility })).toThrow(RangeError);
  expect(cacheConfigOf(compatibility)).toContain('compatibilityDate = "2026-10-01"');
});

test("nginx keeps all its files in the folder, and serves as root only where root started it", () => {
  const served = { origin: "http://127.0.0.1:9", folder: "/folder", port: 8080 };
  const config = nginxConfigOf({ ...served, user: { username: "root", uid: 0 } });
  expect(config).toContain("listen 127.0.0.1:8080;");
  expect(config).toContain("server 127.0.0.1:9;");
  expect(config).toContain("user root;");
  const paths = config.match(/ \/[^ ;]*/g)!.map((path) => path.trim());
  expect(paths.filter((path) => !path.startsWith("/folder/"))).toEqual(["/dev/null", "/"]);
  expect(nginxConfigOf({ ...served, user: { username: "me", uid: 1000 } })).not.toContain("user ");
});

test("a program that isn't installed is told of, once", () => {
  expect(versionOf("perigee-no-such-program", "-v")).toBeUndefined();
  const told: string[] = [];
  const missing: Contestant = { ...nginx, name: "NoSuch", version: () => undefined };
  const { isHere, versions } = findPrograms((says) => told.push(says), [missing]);
  expect(told).toEqual(["NoSuch is left out: it isn't installed (apt-get install nosuch)"]);
  expect([isHere(missing), isHere(cacheApi), versions]).toEqual([false, true, []]);
});

test("of work that can't be measured the reason comes, and a bug is thrown", async () => {
  await expect(attempt(async () => 7)).resolves.toBe(7);
  await expect(attempt(() => ask("http://127.0.0.1:1/"))).resolves.toMatchObject({
    name: "BenchError",
    message: expect.stringMatching(/^http:\/\/127\.0\.0\.1:1\/ gave no whole answer: .*ECONNREFUSED/),
  });
  await expect(attempt(() => Promise.reject(new TypeError("a bug")))).rejects.toThrow(TypeError);
});

test("a program that ends before it listens tells why", async () => {
  const started = startProgram("sh", (port) => ["-c", `echo "no port ${port}" >&2; exit 3`]);
  await expect(started).rejects.toThrow(/^sh ended with code 3 before it listened:\nno port \d+/);
});

test("a workerd that doesn't start tells why", async () => {
  const folder = mkdtempSync(join(tmpdir(), "perigee-bench-test-"));
  try {
    writeFileSync(join(folder, "config.capnp"), "no config");
    await expect(startWorkerd(join(folder, "config.capnp"))).rejects.toThrow(/config\.capnp/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
