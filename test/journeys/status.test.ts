/** What the edge tells its operator of the origins. */
import { expect, test } from "vitest";
import { createWatched } from "../harness/watched.ts";
import { createWorld, dawn, type World } from "../harness/world.ts";

const token = "a-long-secret-token";

async function statusOf(world: Pick<World, "visit">, authorization = `Bearer ${token}`): Promise<Response> {
  const from = { country: "DE", colo: "FRA" };
  return world.visit("/.perigee/status", { headers: { authorization }, from });
}

const seconds = (after: number): string => new Date(dawn + after * 1000).toISOString();

test("nobody without the token learns anything, nor does anybody where there is none", async () => {
  const world = createWorld({ vars: { ADMIN_TOKEN: token } });
  const refused = await statusOf(world, "Bearer wrong");
  expect([refused.status, (await refused.text()).includes("frankfurt")]).toEqual([401, false]);
  expect((await statusOf(createWorld())).status).toBe(404);
});

test("it tells who says so, and of every origin how it stands, why, since when and until when", async () => {
  const world = createWorld({ vars: { ADMIN_TOKEN: token }, ports: { random: () => 0.5 } });
  await world.origin("frankfurt").answers("/", { status: 503 });
  await world.origin("virginia").answers("/", { body: "fine" });
  for (let visit = 0; visit < 6; visit++) await (await world.visit("/")).text();
  world.clock.advance(3);
  const response = await statusOf(world);
  expect([response.status, response.headers.get("cache-control")]).toEqual([200, "no-store"]);
  const [frankfurt, virginia, singapore] = (await response.clone().json<{ origins: unknown[] }>()).origins;
  expect(await response.json()).toMatchObject({
    at: seconds(3),
    version: world.edge.config.version,
    says: { isolate: "80000000", location: "FRA", region: "weur" },
    probes: "not-bound",
  });
  expect(frankfurt).toMatchObject({
    name: "frankfurt",
    state: "ejected",
    why: "failures",
    since: seconds(0),
    until: seconds(10),
    inFlight: 0,
    answers: 0,
    failures: 5,
  });
  expect(virginia).toMatchObject({ state: "well", answers: 6, failures: 0, lately: { asked: 6, failed: 0 } });
  expect(singapore).toMatchObject({ name: "singapore", state: "well", answers: 0 });
});

test("it tells what those see who probe, and that they don't answer", async () => {
  let isThere = true;
  const world = createWatched(
    { fall: 1 },
    {
      ports: { secret: (name) => (name === "ADMIN_TOKEN" ? token : undefined) },
      way: (look) => async (region, reports) => {
        if (!isThere) throw new Error("not reachable");
        return look(region, reports);
      },
    },
  );
  await world.origin("frankfurt").answers("/healthz", { status: 500 });
  await world.origin("virginia").answers("/healthz", {});
  await statusOf(world);
  await world.pass(1);
  await (await world.visit("/")).text();
  await world.settle();
  const { origins, probes } = (await (await statusOf(world)).json()) as { origins: object[]; probes: object };
  expect(origins[0]).toMatchObject({ name: "frankfurt", state: "down", probed: { state: "down", why: "500" } });
  expect(probes).toMatchObject({
    frankfurt: { state: "down", why: "500", at: new Date(world.clock.now).toISOString() },
    virginia: { state: "up", why: "200" },
  });
  isThere = false;
  expect(await (await statusOf(world)).json()).toMatchObject({ probes: "no-answer" });
});
