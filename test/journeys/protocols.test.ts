/** WebSockets, event streams and gRPC-Web where the site does all that is done when an origin fails or takes long. */
import { describe, expect, test, vi } from "vitest";
import type { OriginAnswer } from "../harness/origin-answer.ts";
import { createTimers } from "../harness/timers.ts";
import { createWorld, originUrl, type World } from "../harness/world.ts";

type Timed = World & { readonly timers: ReturnType<typeof createTimers> };

const names = ["frankfurt", "virginia", "singapore"] as const;

/** Hedged after 2 s; an origin that was never asked may be silent for 1 s. */
function createStory(origins: readonly string[] = names): Timed {
  const timers = createTimers();
  const script = crypto.randomUUID();
  const ORIGINS = origins.map((name) => ({ name, url: originUrl(name, script) }));
  const SITES = [
    { hosts: ["www.example.com"], origins, balance: "first", hedge: { after: "2s" }, timeouts: { idle: "5s" } },
  ];
  const { clock } = createWorld();
  const world = createWorld({ vars: { ORIGINS, SITES }, ports: { after: timers.after }, beside: { script, clock } });
  return { ...world, timers };
}

const asked = (world: World): Promise<readonly number[]> =>
  Promise.all(names.map(async (name) => (await world.origin(name).seen()).length));

const failures = ({ edge }: World): readonly number[] =>
  names.map((name) => edge.fleet.origin(name).condition.failures);

describe("a WebSocket", () => {
  const headers = { connection: "Upgrade", upgrade: "websocket" };

  async function echoed(world: World): Promise<unknown> {
    const { webSocket } = await world.visit("/chat", { headers });
    const heard = new Promise((resolve) => webSocket!.addEventListener("message", ({ data }) => resolve(data)));
    webSocket!.accept();
    webSocket!.send("hello");
    const said = await heard;
    webSocket!.close(1000);
    return said;
  }

  test("is opened once, at one origin", async () => {
    const world = createStory();
    expect(await echoed(world)).toBe("hello");
    expect([await asked(world), world.timers.waiting()]).toEqual([[1, 0, 0], []]);
  });

  test("is opened at the next origin when the first isn't there", async () => {
    const world = createStory(["nobody", "virginia", "singapore"]);
    expect(await echoed(world)).toBe("hello");
    expect(await asked(world)).toEqual([0, 1, 0]);
  });
});

describe("an event stream", () => {
  const headers = { accept: "text/event-stream" };
  const late: OriginAnswer = { delay: 200, headers: { "content-type": "text/event-stream" }, body: "data: 1\n\n" };

  test("that has no header before its first event is waited for at one origin, which has done nothing wrong", async () => {
    const world = createStory();
    for (const name of names) await world.origin(name).answers("/events", late);
    const visited = world.visit("/events", { headers });
    await vi.waitFor(() => expect(world.edge.fleet.origin("frankfurt").inFlight).toBe(1));
    expect(world.timers.waiting()).toEqual([30_000]);
    expect(await (await visited).text()).toBe("data: 1\n\n");
    await world.settle();
    expect([await asked(world), failures(world)]).toEqual([
      [1, 0, 0],
      [0, 0, 0],
    ]);
    expect(world.edge.fleet.origin("frankfurt").peak.mean).toBeUndefined();
  });

  test("is nobody else's: who asks for the same doesn't wait for it", async () => {
    const world = createStory();
    await world.origin("frankfurt").answers("/events", late);
    const visits = [world.visit("/events", { headers }), world.visit("/events", { headers })];
    await vi.waitFor(() => expect(world.edge.fleet.origin("frankfurt").inFlight).toBe(2));
    for (const visit of visits) expect(await (await visit).text()).toBe("data: 1\n\n");
  });

  test("comes from the next origin when the first breaks off before its header", async () => {
    const world = createStory();
    await world.origin("frankfurt").answers("/events", { breaks: "before" });
    await world.origin("virginia").answers("/events", late);
    expect(await (await world.visit("/events", { headers })).text()).toBe("data: 1\n\n");
    expect(await asked(world)).toEqual([1, 1, 0]);
  });
});

describe("a call by gRPC-Web", () => {
  const call = { method: "POST", headers: { "content-type": "application/grpc-web+proto" }, body: "\0\0\0\0\u0002hi" };
  const reply: OriginAnswer = {
    headers: { "content-type": "application/grpc-web+proto" },
    body: ["\0\0\0\0\u0002yo", "trailers"],
    pause: 20,
  };

  test("is made once, however long the origin takes", async () => {
    const world = createStory();
    for (const name of names) await world.origin(name).answers("/service", { ...reply, delay: 200 });
    const visited = world.visit("/service", call);
    await vi.waitFor(() => expect(world.edge.fleet.origin("frankfurt").inFlight).toBe(1));
    expect(world.timers.waiting()).toEqual([30_000]);
    expect(await (await visited).text()).toBe("\0\0\0\0\u0002yotrailers");
    expect(await asked(world)).toEqual([1, 0, 0]);
  });

  test("is not made again when its answer breaks off", async () => {
    const world = createStory();
    const headers = { "content-type": "application/grpc-web+proto", "content-length": "100" };
    await world.origin("frankfurt").answers("/service", { headers, bytes: 100, breaks: 50 });
    const response = await world.visit("/service", call);
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
    expect(await asked(world)).toEqual([1, 0, 0]);
  });
});
