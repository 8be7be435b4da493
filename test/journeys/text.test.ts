/** Texts that rules put in the place of others: on which side of the store, once or for each visit, and what is left alone. */
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { cacheStatus, createWorld, type VisitOptions, type World } from "../harness/world.ts";

const script = 'const host = "https://fra.example/api"; // ünï https://fra.example/';
const fields = {
  "content-type": "text/javascript",
  "cache-control": "public, max-age=60",
  etag: '"v1"',
  "content-digest": "sha-256=:AAAA:",
};

async function worldWith(...rules: readonly object[]): Promise<World> {
  const world = createWorld({ vars: { RULES: rules, SETTINGS: { trail: true } } });
  await world.origin("frankfurt").answers("/app.js", { body: script, headers: fields });
  return world;
}

async function read(world: World, init: VisitOptions = {}) {
  const response = await world.visit("/app.js", init);
  const text = await response.text();
  await world.settle();
  return { text, response, status: cacheStatus(response), trail: response.headers.get("perigee-trail") ?? "" };
}

const everywhere = { text: [{ find: "https://fra.example", with: "https://www.example.com" }] };
const expected = script.replaceAll("fra.example", "www.example.com");

/** The tag of the edition that a rule makes. */
const weak = /^W\/"v1~e\w{7}"$/;

describe("what counts as text", () => {
  const types = ["problem+json", "vnd.api+json", "ld+json", "xhtml+xml", "rss+xml", "soap+xml", "json", "xml"];
  test.each([...types.map((each) => `application/${each}`), "image/svg+xml", "model/x3d+xml; charset=utf-8"])(
    "%s is replaced in, and compressed",
    async (type) => {
      const world = createWorld({ vars: { RULES: [everywhere], SETTINGS: { compress: { minimum: "1B" } } } });
      const body = '["https://fra.example/"]';
      await world.origin("frankfurt").answers("/app.js", { body, headers: { "content-type": type } });
      expect((await read(world)).text).toBe('["https://www.example.com/"]');
      const { response } = await read(world, { headers: { "accept-encoding": "gzip" } });
      expect(response.headers.get("content-encoding")).toBe("gzip");
    },
  );

  test.each(["application/octet-stream", "application/vnd.a+zip", "image/png"])("%s is not", async (type) => {
    const world = createWorld({ vars: { RULES: [everywhere] } });
    await world.origin("frankfurt").answers("/app.js", { body: script, headers: { "content-type": type } });
    expect((await read(world)).text).toBe(script);
  });
});

describe("what is the same for everyone", () => {
  test("is put in once, before the store; what was said of the bytes is gone", async () => {
    const world = await worldWith(everywhere);
    const [first, second] = [await read(world), await read(world)];
    expect([first.text, second.text]).toEqual([expected, expected]);
    expect(first.trail).toContain("shape-before:text");
    expect(second.status).toContain("hit");
    expect(second.trail).not.toContain("shape");
    expect(await world.origin("frankfurt").seen()).toHaveLength(1);
    expect(second.response.headers.get("etag")).toMatch(weak);
    expect(second.response.headers.has("content-digest")).toBe(false);
    expect(
      (await read(world, { headers: { "if-none-match": second.response.headers.get("etag")! } })).response.status,
    ).toBe(304);
  });

  test("is for nobody whom the rule isn't for", async () => {
    const world = await worldWith({ ...everywhere, when: '"x-b" in request.headers' });
    expect((await read(world)).text).toBe(script);
    const other = await read(world, { headers: { "x-b": "1" } });
    expect([other.text, other.status.includes("uri-miss")]).toEqual([expected, true]);
    expect((await read(world)).text).toBe(script);
  });

  test("is done by one rule after another", async () => {
    const world = await worldWith(everywhere, { text: [{ pattern: "//www\\.example\\.com(/\\w*)", with: "//a$1" }] });
    expect((await read(world)).text).toBe(script.replaceAll("//fra.example", "//a"));
  });

  test("is given in parts and to HEAD as of the whole that it makes", async () => {
    const world = await worldWith(everywhere);
    for (const _ of ["miss", "hit"]) {
      const { response, text } = await read(world, { headers: { range: "bytes=14-36" } });
      expect([response.status, text]).toEqual([206, expected.slice(14, 37)]);
    }
    const head = await read(await worldWith(everywhere), { method: "HEAD" });
    expect([head.response.headers.get("etag"), head.response.headers.has("content-length")]).toEqual([
      expect.stringMatching(weak),
      false,
    ]);
  });
});

test("where the origin gives but a part, the whole is asked for", async () => {
  const headers = { "content-type": "text/plain", "cache-control": "max-age=60" };
  const [changed, plain] = [createWorld({ vars: { RULES: [{ text: [{ find: "0", with: "zero" }] }] } }), createWorld()];
  for (const world of [changed, plain])
    await world.origin("frankfurt").answers("/app.js", { bytes: 500, ranges: true, headers });
  const { text } = await read(plain);
  const expectedText = text.replaceAll("0", "zero");
  expect(expectedText).not.toBe(text);
  expect((await read(changed, { headers: { range: "bytes=200-219" } })).text).toBe(expectedText.slice(200, 220));
  const asked = (await changed.origin("frankfurt").seen()).map((each) => each.headers["range"]);
  expect(asked).toEqual([expect.stringContaining("bytes="), undefined]);
});

describe("what is made for each visit", () => {
  const rule = { text: [{ find: "ünï", with: "${client.country}" }] };

  test("is put in after the store, and kept by nobody", async () => {
    const world = await worldWith(rule);
    const [german, japanese] = [
      await read(world, { from: { ip: "192.0.2.8", country: "DE" } }),
      await read(world, { from: { ip: "192.0.2.9", country: "JP" } }),
    ];
    expect([german.text, japanese.text]).toEqual([script.replace("ünï", "DE"), script.replace("ünï", "JP")]);
    expect(japanese.status).toContain("hit");
    expect(japanese.trail).toContain("shape-after:text");
    expect(japanese.response.headers.has("etag")).toBe(false);
    expect(japanese.response.headers.get("cache-control")).toContain("private");
  });

  test("what it is put into was changed before", async () => {
    const world = await worldWith(everywhere, rule);
    await read(world);
    const { text, trail } = await read(world, { from: { ip: "192.0.2.9", country: "JP" } });
    expect(text).toBe(expected.replace("ünï", "JP"));
    expect(trail).not.toContain("shape-before");
  });
});

test("a rule that only watches says what it would have done, and does nothing", async () => {
  const { text, trail } = await read(await worldWith({ name: "watch", monitor: true, ...everywhere }));
  expect(text).toBe(script);
  expect(trail).toContain("monitor:watch=text");
});

test("a body in a coding is decoded first", async () => {
  const world = await worldWith(everywhere);
  await world.origin("frankfurt").answers("/app.js", {
    base64: Buffer.from(gzipSync(script)).toString("base64"),
    headers: { ...fields, "content-encoding": "gzip" },
  });
  const { text, response } = await read(world);
  expect(text).toBe(expected);
  expect(response.headers.has("content-encoding")).toBe(false);
});

test.each([
  ["no-transform", { ...fields, "cache-control": "no-transform, max-age=60" }],
  ["another charset", { ...fields, "content-type": "text/javascript; charset=iso-8859-1" }],
  ["a type that is no text", { ...fields, "content-type": "application/wasm" }],
  ["events", { ...fields, "content-type": "text/event-stream" }],
])("%s: every byte is left as it is", async (_, headers) => {
  const world = await worldWith(everywhere);
  await world.origin("frankfurt").answers("/app.js", { body: script, headers });
  const { text, response } = await read(world);
  expect([text, response.headers.get("etag")]).toEqual([script, expect.stringMatching(/^"v1~e\w{7}"$/)]);
});
