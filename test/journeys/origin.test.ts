import { describe, expect, inject, test } from "vitest";
import { berlin, createWorld, originUrl, tokyo, type Place, type World } from "../harness/world.ts";

const names = ["frankfurt", "virginia", "singapore"] as const;

/** A world in which every origin answers at "/" with its name. */
async function worldOfThree(vars: Readonly<Record<string, unknown>> = {}): Promise<World> {
  const world = createWorld({ vars: { SETTINGS: { trail: true }, ...vars } });
  for (const name of names) {
    await world.origin(name).answers("/", { body: name, headers: { "cache-control": "no-store" } });
  }
  return world;
}

/** The fields as the origin saw them. */
async function seenBy(world: World, name: (typeof names)[number]): Promise<Readonly<Record<string, string>>> {
  return (await world.origin(name).seen()).at(-1)!.headers;
}

describe("the nearest origin serves", () => {
  const somewhere: Place = { ip: "192.0.2.9" };
  const clients: readonly [who: string, from: Place, origin: string, by: string][] = [
    ["Berlin", berlin, "frankfurt", "position"],
    ["Tokyo", tokyo, "singapore", "position"],
    ["New York", { ...somewhere, latitude: "40.71", longitude: "-74.01" }, "virginia", "position"],
    ["somewhere in Brazil", { ...somewhere, country: "BR", continent: "SA" }, "virginia", "country"],
    ["Tor, by way of Asia", { ...somewhere, country: "T1", continent: "AS" }, "singapore", "continent"],
    ["a client at the edge in Sydney", { ...somewhere, colo: "SYD" }, "singapore", "location"],
    ["nobody knows where", somewhere, "frankfurt", "default"],
  ];

  test.for(clients)("%s", async ([, from, origin, by]) => {
    const world = await worldOfThree();
    expect(await (await world.visit("/", { from })).text()).toBe(origin);
    expect(world.log[0]).toMatchObject({ origin });
    expect(world.log[0]!["trail"]).toEqual(expect.arrayContaining([`origin=by-${by}`]));
  });

  test("unless the site wants the first", async () => {
    const sites = [{ hosts: ["www.example.com"], origins: ["virginia", "singapore"], balance: "first" }];
    const world = await worldOfThree({ SITES: sites });
    expect(await (await world.visit("/", { from: tokyo })).text()).toBe("virginia");
  });
});

describe("what the origin gets", () => {
  test("tells the client's address as the edge saw it, not as the client claims", async () => {
    const world = await worldOfThree();
    const claims = {
      forwarded: "for=10.0.0.1",
      "x-forwarded-for": "10.0.0.1",
      "x-forwarded-host": "evil.example",
      "x-forwarded-proto": "http",
      "x-real-ip": "10.0.0.1",
      "true-client-ip": "10.0.0.1",
      "cf-ipcountry": "KP",
      "x-original-url": "/admin",
    };
    await world.visit("/", { headers: claims, from: { ...berlin, ip: "2001:db8::7" } });
    const seen = await seenBy(world, "frankfurt");
    expect(seen).toMatchObject({
      forwarded: 'for="[2001:db8::7]";host=www.example.com;proto=https',
      "x-forwarded-for": "2001:db8::7",
      "x-forwarded-host": "www.example.com",
      "x-forwarded-port": "443",
      "x-forwarded-proto": "https",
      via: "1.1 perigee",
      "cdn-loop": "perigee",
    });
    for (const name of ["x-real-ip", "true-client-ip", "cf-ipcountry", "x-original-url"]) {
      expect(seen).not.toHaveProperty(name);
    }
    expect(JSON.stringify(seen)).not.toContain("10.0.0.1");
  });

  test("has the origin's own host", async () => {
    const world = await worldOfThree();
    await world.visit("/");
    expect((await seenBy(world, "frankfurt"))["host"]).toBe(`127.0.0.1:${inject("originPorts")["frankfurt"]}`);
  });

  test("has nothing that belongs to the client's connection", async () => {
    const world = await worldOfThree();
    const headers = {
      connection: "close, x-secret, authorization",
      "x-secret": "1",
      authorization: "Basic eA==",
      "proxy-authorization": "Basic eA==",
      "keep-alive": "timeout=5",
      te: "trailers",
    };
    await world.visit("/", { headers });
    const seen = await seenBy(world, "frankfurt");
    expect(seen["authorization"]).toBe("Basic eA==");
    for (const name of ["x-secret", "proxy-authorization", "te"]) expect(seen).not.toHaveProperty(name);
    expect(seen["connection"] ?? "").not.toContain("x-secret");
  });

  test("has what rules set, made for the visit, and nothing that would break the message", async () => {
    const request = { set: { "x-city": "${client.city}", "x-bad": '${"a\\r\\nx-evil: 1"}' } };
    const world = await worldOfThree({ RULES: [{ name: "tell", when: "true", headers: { request } }] });
    expect((await world.visit("/")).status).toBe(200);
    const seen = await seenBy(world, "frankfurt");
    expect(seen["x-city"]).toBe("Berlin");
    for (const name of ["x-bad", "x-evil"]) expect(seen).not.toHaveProperty(name);
    expect(world.log[0]!["trail"]).toEqual(expect.arrayContaining(["origin=skipped:x-bad"]));
  });
});

test("what belongs to the origin's connection doesn't reach the client", async () => {
  const world = createWorld();
  const headers = { connection: "x-secret", "x-secret": "1", "proxy-authenticate": "Basic", "x-kept": "1" };
  await world.origin("frankfurt").answers("/", { body: "x", headers });
  const response = await world.visit("/");
  expect(response.headers.get("x-kept")).toBe("1");
  for (const name of ["connection", "x-secret", "proxy-authenticate", "keep-alive", "transfer-encoding"]) {
    expect(response.headers.has(name)).toBe(false);
  }
});

describe("a request that comes back", () => {
  test("is refused, and no origin is asked", async () => {
    const world = await worldOfThree();
    const response = await world.visit("/", { headers: { "cdn-loop": "other.example, perigee" } });
    expect(response.status).toBe(508);
    expect(await world.origin("frankfurt").seen()).toEqual([]);
    expect(world.log[0]).toMatchObject({ because: "loop" });
  });

  test("goes on when it passed other CDNs only", async () => {
    const world = await worldOfThree();
    expect((await world.visit("/", { headers: { "cdn-loop": "other.example" } })).status).toBe(200);
    expect((await seenBy(world, "frankfurt"))["cdn-loop"]).toBe("other.example, perigee");
  });
});

describe("bodies", () => {
  test("5 MB go up as they come, with the length the client gave", async () => {
    const world = await worldOfThree();
    const bytes = 5_000_000;
    const headers = { "content-length": String(bytes) };
    await world.visit("/", { method: "POST", body: new Uint8Array(bytes), headers });
    const [seen] = await world.origin("frankfurt").seen();
    expect(seen).toMatchObject({ method: "POST", bodyBytes: bytes, headers: { "content-length": String(bytes) } });
    expect(seen!.headers).not.toHaveProperty("transfer-encoding");
  });

  test("a stream of unknown length goes up chunked", async () => {
    const world = await worldOfThree();
    await world.visit("/", { method: "PUT", body: streamOf(40, 25_000) });
    const [seen] = await world.origin("frankfurt").seen();
    expect(seen).toMatchObject({ method: "PUT", bodyBytes: 1_000_000, headers: { "transfer-encoding": "chunked" } });
  });

  test("20 MB come down whole and in order", async () => {
    const world = createWorld();
    const bytes = 20_000_000;
    await world.origin("frankfurt").answers("/big", { bytes, headers: { "content-length": String(bytes) } });
    const response = await world.visit("/big");
    expect(response.headers.get("content-length")).toBe(String(bytes));
    let at = 0;
    let misplaced = 0;
    for await (const piece of response.body as ReadableStream<Uint8Array>) {
      if (piece[0] !== at % 251) misplaced++;
      at += piece.length;
    }
    expect([at, misplaced]).toEqual([bytes, 0]);
  });

  test("come down as they are sent: the header doesn't wait for the end", async () => {
    const world = createWorld();
    await world.origin("frankfurt").answers("/", { body: "late", pause: 600 });
    const response = await world.visit("/");
    const text = response.text();
    const meanwhile = new Promise((resolve) => setTimeout(() => resolve("nothing yet"), 100));
    expect(await Promise.race([text, meanwhile])).toBe("nothing yet");
    expect(await text).toBe("late");
  });

  test("none comes where HTTP has none", async () => {
    const world = createWorld();
    await world.origin("frankfurt").answers("/", { headers: { "content-length": "5" }, body: "hello" });
    await world.origin("frankfurt").answers("/gone", { status: 204 });
    const head = await world.visit("/", { method: "HEAD" });
    expect([head.status, head.body, head.headers.get("content-length")]).toEqual([200, null, "5"]);
    const gone = await world.visit("/gone");
    expect([gone.status, gone.body]).toEqual([204, null]);
  });
});

test("a WebSocket goes through, both ways", async () => {
  const world = createWorld();
  const headers = { connection: "Upgrade", upgrade: "websocket", "sec-websocket-protocol": "chat" };
  const { status, webSocket } = await world.visit("/chat?room=1", { headers });
  expect(status).toBe(101);
  const heard = new Promise((resolve) => webSocket!.addEventListener("message", ({ data }) => resolve(data)));
  webSocket!.accept();
  webSocket!.send("hello");
  expect(await heard).toBe("hello");
  webSocket!.close(1000);
  const [seen] = await world.origin("frankfurt").seen();
  expect(seen).toMatchObject({ target: "/chat?room=1", headers: { upgrade: "websocket", "cdn-loop": "perigee" } });
  expect(seen!.headers["sec-websocket-protocol"]).toBe("chat");
});

test("events come as they happen", async () => {
  const world = createWorld();
  const headers = { "content-type": "text/event-stream" };
  await world.origin("frankfurt").answers("/events", { headers, body: ["data: 1\n\n", "data: 2\n\n"], pause: 300 });
  const response = await world.visit("/events", { headers: { "accept-encoding": "gzip" } });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader.read()).value).toBe("data: 1\n\n");
  const first = Date.now();
  expect((await reader.read()).value).toBe("data: 2\n\n");
  expect(Date.now() - first).toBeGreaterThan(200);
});

test("redirects are the client's to follow", async () => {
  const world = createWorld();
  await world.origin("frankfurt").answers("/old", { status: 302, headers: { location: "/new" } });
  expect((await world.visit("/old")).status).toBe(302);
  expect(await world.origin("frankfurt").seen()).toHaveLength(1);
});

test("the origin's own path is put before the visited one", async () => {
  const world = createWorld();
  const base = originUrl("frankfurt", crypto.randomUUID());
  const ORIGINS = [{ name: "frankfurt", url: `${base}/base/` }];
  const based = createWorld({ vars: { ORIGINS, SITES: [{ hosts: ["www.example.com"], origins: ["frankfurt"] }] } });
  expect((await based.visit("/a?b=c")).status).toBe(404);
  expect(await world.origin("frankfurt").seen()).toEqual([]);
  const seen = await (await fetch(base.replace(/\/([^/]+)$/, "/.seen/$1"))).json();
  expect(seen).toMatchObject([{ target: "/base/a?b=c" }]);
});

/** A body whose length nobody knows beforehand. */
function streamOf(pieces: number, size: number): ReadableStream<Uint8Array> {
  let left = pieces;
  return new ReadableStream({
    pull(controller) {
      if (left-- > 0) controller.enqueue(new Uint8Array(size));
      else controller.close();
    },
  });
}
