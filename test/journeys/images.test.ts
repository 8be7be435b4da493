import { describe, expect, test } from "vitest";
import type { Edge } from "../../src/edge.ts";
import type { OriginAnswer } from "../harness/origin-answer.ts";
import { cacheStatus, createWorld, type World } from "../harness/world.ts";

/** What the platform does when it is asked for an image: here it answers for it, where the origin would have been asked. */
interface Resizing {
  readonly asked: unknown[];
  /** The ranges that were asked for. */
  readonly ranges: unknown[];
  answer: (image: Record<string, unknown>, plain: () => Promise<Response>) => Response | Promise<Response>;
}

const done = { "cf-resized": "internal=ok/m q=0 n=1", "cache-control": "max-age=60" };

async function worldWith(image: object, settings: object = { images: true }): Promise<World & { resizing: Resizing }> {
  const resizing: Resizing = {
    asked: [],
    ranges: [],
    answer: ({ format = "as it is" }) =>
      new Response(String(format), { headers: { ...done, "content-type": `image/${String(format)}` } }),
  };
  const vars = { RULES: [{ name: "image", image }], SETTINGS: settings };
  const plain = createWorld({ vars });
  const platform: Edge["fetch"] = async (target, init, via) => {
    const { image: options } = (init as { cf?: { image?: Record<string, unknown> } }).cf ?? {};
    resizing.asked.push(options);
    resizing.ranges.push(new Headers(init.headers).get("range"));
    const { cf: _, ...rest } = init as RequestInit & { cf?: unknown };
    const ask = (): Promise<Response> => plain.edge.fetch(target, rest, via);
    return options ? resizing.answer(options, ask) : ask();
  };
  const world = createWorld({ vars, ports: { fetch: platform }, beside: plain });
  const original: OriginAnswer = {
    body: "original",
    headers: { "content-type": "image/jpeg", "cache-control": "max-age=60" },
  };
  await world.origin("frankfurt").answers("/a.jpg", original);
  return { ...world, resizing };
}

async function ask(
  world: World,
  accept?: string,
  more: { method?: string; headers?: Record<string, string> } = {},
): Promise<{ status: number; body: string; cached: string; response: Response }> {
  const response = await world.visit("/a.jpg", {
    ...more,
    headers: { ...(accept !== undefined && { accept }), ...more.headers },
  });
  const body = new TextDecoder().decode(await response.arrayBuffer());
  await world.settle();
  return { status: response.status, body, cached: cacheStatus(response), response };
}

const chrome = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8";

test.each<[accept: string | undefined, options: object]>([
  [chrome, { format: "avif" }],
  ["image/webp,*/*", { format: "webp" }],
  ["image/avif;q=0, image/webp;q=0.5", { format: "webp" }],
  ["IMAGE/AVIF", { format: "avif" }],
  ["image/*,*/*", {}],
  ["text/html", {}],
  [undefined, {}],
])("who says %s is asked for with %j", async (accept, options) => {
  const world = await worldWith({ width: 400, quality: 80, fit: "cover" });
  await ask(world, accept);
  expect(world.resizing.asked).toEqual([{ width: 400, quality: 80, fit: "cover", ...options }]);
});

test("what is negotiated lies before the store: each format is kept by itself, and Vary is behind it", async () => {
  const world = await worldWith({ width: 400 });
  const first = await ask(world, chrome);
  expect([first.body, first.cached, first.response.headers.get("vary")]).toEqual([
    "avif",
    "fwd=uri-miss; fwd-status=200; stored",
    "Accept",
  ]);
  const plain = await ask(world, "*/*");
  expect([plain.body, plain.response.headers.get("content-type"), plain.response.headers.get("vary")]).toEqual([
    "as it is",
    "image/as it is",
    "Accept",
  ]);
  // Others whose Accept comes to the same get the same.
  expect(await ask(world, "image/avif")).toMatchObject({ body: "avif", cached: "hit; ttl=60" });
  expect(await ask(world)).toMatchObject({ body: "as it is", cached: "hit; ttl=60" });
  expect(world.resizing.asked).toHaveLength(2);
});

test("a format that is set isn't negotiated", async () => {
  const world = await worldWith({ format: "webp" });
  expect((await ask(world)).response.headers.get("vary")).toBeNull();
  expect(world.resizing.asked).toEqual([{ format: "webp" }]);
  const original = await worldWith({ format: "original", width: 5 });
  await ask(original, chrome);
  expect(original.resizing.asked).toEqual([{ width: 5 }]);
});

test("without the setting, images come as they are", async () => {
  const world = await worldWith({ width: 400 }, {});
  const { body, response } = await ask(world, chrome);
  expect([body, response.headers.get("vary"), world.resizing.asked]).toEqual(["original", null, [undefined]]);
});

describe("where resizing fails, the original comes", () => {
  test.each<[what: string, answer: Resizing["answer"], reason: string | undefined]>([
    [
      "an error of the platform's",
      () => new Response("9422", { status: 415, headers: { "cf-resized": "err=9422" } }),
      "9422",
    ],
    ["an error with a good status", () => new Response("?", { headers: { "cf-resized": "err=9520" } }), "9520"],
    ["an error without a word", () => new Response("9401", { status: 400 }), "400"],
    ["nothing was done", (_, plain) => plain(), undefined],
  ])("%s", async (_, answer, reason) => {
    const world = await worldWith({ width: 400 });
    world.resizing.answer = answer;
    const { status, body, cached } = await ask(world, chrome);
    expect([status, body, cached]).toEqual([200, "original", "fwd=uri-miss; fwd-status=200; stored"]);
    expect(world.log[0]!["trail"]).toContainEqual(
      expect.stringContaining(reason === undefined ? "origin=image:avif" : `origin=image-failed:${reason}`),
    );
    expect((await ask(world, chrome)).cached).toBe("hit; ttl=60");
  });

  test("but not where there is none", async () => {
    const world = await worldWith({ width: 400 });
    world.resizing.answer = () => new Response("none", { status: 404 });
    expect((await ask(world, chrome)).status).toBe(404);
    expect(world.resizing.asked).toHaveLength(1);
  });
});

test("a part is one of the resized image, and a HEAD tells of it", async () => {
  const world = await worldWith({ width: 400 });
  const resized = new Response("0123456789", {
    headers: { ...done, "content-length": "10", "content-type": "image/avif" },
  });
  world.resizing.answer = () => resized.clone();
  const part = await ask(world, chrome, { headers: { range: "bytes=2-3" } });
  expect([part.status, part.body]).toEqual([206, "23"]);
  expect(world.resizing.ranges).toEqual([null]);
  const head = await ask(await worldWith({ width: 400 }), chrome, { method: "HEAD" });
  expect([head.status, head.body, head.response.headers.get("content-type")]).toEqual([200, "", "image/avif"]);
});

test("the platform that comes by to fetch what it is to resize gets it, and a POST is none", async () => {
  const world = await worldWith({ width: 400 });
  await ask(world, chrome, { headers: { via: "1.1 image-resizing-proxy, 2 x" } });
  await ask(world, chrome, { method: "POST" });
  expect(world.resizing.asked).toEqual([undefined, undefined]);
});
