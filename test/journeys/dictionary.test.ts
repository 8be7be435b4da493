/** Versions of a script, each compressed with the one that the client has (RFC 9842). */
import { brotliCompressSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { Edge } from "../../src/edge.ts";
import { createMemoryStore } from "../../src/platform/memory/store.ts";
import type { OriginAnswer } from "../harness/origin-answer.ts";
import { nextVersion, scriptOf } from "../harness/versions.ts";
import { cacheStatus, createWorld, type VisitOptions, type World, type WorldOptions } from "../harness/world.ts";
import { undelta } from "../transform/dictionary/undelta.ts";

const one = scriptOf(60_000);
const two = nextVersion(one, 0.02);
const three = nextVersion(two, 0.02, 3);
const rule = { when: 'request.path.startsWith("/app.")', dictionary: { match: "/app.*.js", id: "app" } };
const advert = 'match="/app.*.js", id="app"';
const headers = { "content-type": "text/javascript", "cache-control": "max-age=3600", etag: '"v"' };
const bytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(new TextEncoder().encode(text));

async function hashOf(text: string): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes(text)));
  return `:${btoa(String.fromCharCode(...hash))}:`;
}

/** What a browser sends that has the dictionary, from a page of the same origin. */
async function having(text: string, others: Readonly<Record<string, string>> = {}): Promise<VisitOptions> {
  return {
    headers: {
      "accept-encoding": "gzip, br, dcb, dcz",
      "available-dictionary": await hashOf(text),
      "dictionary-id": '"app"',
      "sec-fetch-site": "same-origin",
      "sec-fetch-mode": "no-cors",
      ...others,
    },
  };
}

const plainly = { headers: { "accept-encoding": "identity", "sec-fetch-site": "same-origin" } };

/** An edge with that rule, before an origin with three versions. */
async function worldOf(options: WorldOptions = {}, answer: OriginAnswer = {}): Promise<World> {
  const SETTINGS = { compress: { budget: "2s" }, ...(options.vars?.["SETTINGS"] as object | undefined) };
  const world = createWorld({ ...options, vars: { RULES: [rule], ...options.vars, SETTINGS } });
  for (const [name, body] of Object.entries({ one, two, three })) {
    const length = answer.headers ? {} : { "content-length": String(body.length) };
    await world.origin("frankfurt").answers(`/app.${name}.js`, { headers: { ...headers, ...length }, body, ...answer });
  }
  return world;
}

/** All of the answer, once it has left nothing to do. */
async function ask(world: World, path: string, options: VisitOptions) {
  const response = await world.visit(path, options);
  const body = new Uint8Array(await response.arrayBuffer());
  await world.settle();
  const field = (name: string): string | null => response.headers.get(name);
  return { status: response.status, body, field, coding: field("content-encoding"), cache: cacheStatus(response) };
}

async function textBy(dictionary: string, body: Uint8Array): Promise<string> {
  return new TextDecoder().decode(await undelta(body, bytes(dictionary)));
}

describe("the second version", () => {
  test("is a delta for who has the first, the usual for who hasn't", async () => {
    const world = await worldOf();
    const first = await ask(world, "/app.one.js", plainly);
    expect([first.field("use-as-dictionary"), first.coding]).toEqual([advert, null]);

    const second = await ask(world, "/app.two.js", await having(one));
    expect([second.status, second.coding, second.field("etag")]).toEqual([200, "dcz", 'W/"v"']);
    expect(second.field("vary")).toBe("Accept-Encoding, Available-Dictionary");
    expect(second.field("use-as-dictionary")).toBe(advert);
    expect(second.field("content-length")).toBe(String(second.body.byteLength));
    expect(await textBy(one, second.body)).toBe(two);
    expect(second.body.byteLength).toBeLessThan(brotliCompressSync(two).byteLength / 10);

    const other = await ask(world, "/app.two.js", { headers: { "accept-encoding": "br" } });
    expect([other.coding, other.field("vary")]).toEqual(["br", "Accept-Encoding, Available-Dictionary"]);
    expect(other.cache).toMatch(/^hit/);
    expect((await ask(world, "/app.two.js", plainly)).body).toEqual(bytes(two));
  });

  test("is the dictionary of the third, though it came as a delta itself", async () => {
    const world = await worldOf();
    await ask(world, "/app.one.js", plainly);
    await ask(world, "/app.two.js", await having(one));
    const third = await ask(world, "/app.three.js", await having(two));
    expect([third.coding, await textBy(two, third.body)]).toEqual(["dcz", three]);
    const fromFirst = await ask(world, "/app.three.js", await having(one));
    expect([fromFirst.coding, await textBy(one, fromFirst.body)]).toEqual(["dcz", three]);
  });

  test("is compressed once: the delta is kept, and asks the origin no more than any other visit", async () => {
    const world = await worldOf({ vars: { SETTINGS: { trail: true } } });
    await ask(world, "/app.one.js", plainly);
    const trails: string[] = [];
    for (let time = 0; time < 3; time++) {
      const { field, body } = await ask(world, "/app.two.js", await having(one));
      trails.push(/delta:\w+/.exec(field("perigee-trail") ?? "")![0]);
      expect(await textBy(one, body)).toBe(two);
    }
    expect(trails).toEqual(["delta:made", "delta:stored", "delta:stored"]);
    const seen = await world.origin("frankfurt").seen();
    expect(seen.map(({ target }) => target)).toEqual(["/app.one.js", "/app.two.js"]);
    for (const { headers: sent } of seen) expect(Object.keys(sent)).not.toContain("available-dictionary");
  });

  test("is never that of another text under the same URL, whatever its validators say", async () => {
    const world = await worldOf();
    const changed = two.replaceAll("const", "await");
    const said = { ...headers, "content-length": String(two.length) };
    await world
      .origin("frankfurt")
      .answers("/app.two.js", { headers: said, body: two }, { headers: said, body: changed });
    await ask(world, "/app.one.js", plainly);
    await ask(world, "/app.two.js", plainly);
    expect(await textBy(one, (await ask(world, "/app.two.js", await having(one))).body)).toBe(two);
    world.clock.advance(3601);
    expect(await textBy(one, (await ask(world, "/app.two.js", await having(one))).body)).toBe(changed);
  });

  test.each([
    ["gzip", gzipSync],
    ["br", brotliCompressSync],
  ])("is a delta of what the client sees, where the origin serves it in %s", async (coding, compress) => {
    const world = await worldOf();
    for (const [name, text] of Object.entries({ one, two })) {
      const packed = compress(text);
      await world.origin("frankfurt").answers(`/app.${name}.js`, {
        headers: { ...headers, "content-encoding": coding, "content-length": String(packed.byteLength) },
        base64: btoa(String.fromCharCode(...packed)),
      });
    }
    const first = await ask(world, "/app.one.js", { headers: { "accept-encoding": coding } });
    expect(first.coding).toBe(coding);
    for (let time = 0; time < 2; time++) {
      const second = await ask(world, "/app.two.js", await having(one));
      expect([second.coding, await textBy(one, second.body)]).toEqual(["dcz", two]);
    }
  });

  test("comes as it is where its origin doesn't tell how long it is, and as a delta once the edge knows", async () => {
    const world = await worldOf({}, { headers });
    await ask(world, "/app.one.js", plainly);
    // Now it is known, and it is a dictionary.
    expect((await ask(world, "/app.one.js", plainly)).field("use-as-dictionary")).toBe(advert);
    expect((await ask(world, "/app.two.js", await having(one))).coding).toBe("br");
    const again = await ask(world, "/app.two.js", await having(one));
    expect([again.coding, await textBy(one, again.body)]).toEqual(["dcz", two]);
  });

  test("is made for later visits where it would take long", async () => {
    const world = await worldOf();
    const long = scriptOf(700_000);
    const next = nextVersion(long, 0.02);
    for (const [name, body] of Object.entries({ long, next })) {
      const said = { ...headers, "content-length": String(body.length) };
      await world.origin("frankfurt").answers(`/app.${name}.js`, { headers: said, body });
    }
    await ask(world, "/app.long.js", plainly);
    expect((await ask(world, "/app.next.js", await having(long))).coding).toBe("br");
    const again = await ask(world, "/app.next.js", await having(long));
    expect([again.coding, (await textBy(long, again.body)) === next]).toEqual(["dcz", true]);
  });

  test("comes in a usual coding where a delta would hardly be shorter, which is tried once", async () => {
    const world = await worldOf({ vars: { SETTINGS: { trail: true } } });
    const said = { ...headers, "content-length": "60000" };
    await world.origin("frankfurt").answers("/app.other.js", { headers: said, body: scriptOf(60_000, 99) });
    await ask(world, "/app.one.js", plainly);
    for (let time = 0; time < 2; time++) {
      const { coding, field } = await ask(world, "/app.other.js", await having(one));
      expect([coding, field("perigee-trail")]).toEqual(["br", expect.stringContaining("delta:useless")]);
    }
    // Of which there is a form beside the stored answer by now, as for everybody.
    for (let time = 0; time < 3; time++) await ask(world, "/app.other.js", await having(one));
    const { field } = await ask(world, "/app.other.js", await having(one));
    expect(field("perigee-trail")).toMatch(/delta:useless.*compress:br[^;]*;stored/);
  });
});

describe("what a delta takes", () => {
  const told = async (world: World, sent: VisitOptions) => {
    const { coding, field, body } = await ask(world, "/app.two.js", sent);
    const notes = /transform=([^,]*)/.exec(field("perigee-trail") ?? "")?.[1];
    return { coding, notes: notes?.split("+").filter((note) => /^(?:delta|compress)/.test(note)), body };
  };

  test("counts to the budget: where it can't pay, the answer comes in a usual coding, and the trail says why", async () => {
    const world = await worldOf({ vars: { SETTINGS: { trail: true, compress: { budget: "5ms" } } } });
    await ask(world, "/app.one.js", plainly);
    for (let time = 0; time < 2; time++) {
      const { coding, notes } = await told(world, await having(one));
      expect([coding, notes?.[0]]).toEqual(["br", "delta:budget"]);
    }
    // A short one can be paid for.
    const [short, next] = [scriptOf(20_000), nextVersion(scriptOf(20_000), 0.02)];
    for (const [name, body] of Object.entries({ short, next })) {
      const said = { ...headers, "content-length": String(body.length) };
      await world.origin("frankfurt").answers(`/app.${name}.js`, { headers: said, body });
    }
    await ask(world, "/app.short.js", plainly);
    expect((await ask(world, "/app.next.js", await having(short))).coding).toBe("dcz");
  });

  test("isn't there for a form as well: that is made by a later visit, as good as ever", async () => {
    const world = await worldOf({ vars: { SETTINGS: { trail: true, compress: { budget: "12ms" } } } });
    const other = scriptOf(60_000, 99);
    const said = { ...headers, "content-length": String(other.length) };
    await world.origin("frankfurt").answers("/app.two.js", { headers: said, body: other });
    await ask(world, "/app.one.js", plainly);
    await ask(world, "/app.two.js", plainly);
    const notes = [];
    for (let time = 0; time < 3; time++) notes.push((await told(world, await having(one))).notes);
    expect(notes).toEqual([
      ["delta:useless", "compress:br-4;not-later=budget"],
      ["delta:useless", "compress:br-4;later=br-9"],
      ["delta:useless", "compress:br-9;stored"],
    ]);
  });
});

describe("no delta", () => {
  const asked: readonly [why: string, headers: Record<string, string>][] = [
    ["the client takes none", { "accept-encoding": "gzip, br, zstd" }],
    ["the client takes none of this kind", { "accept-encoding": "gzip, br, dcb" }],
    ["the client likes others better", { "accept-encoding": "dcz;q=0.5, br" }],
    ["the client forbids it", { "accept-encoding": "dcz;q=0, br" }],
    ["the hash isn't one", { "available-dictionary": ":YQ==:" }],
    ["there are two", { "available-dictionary": `:${"A".repeat(43)}=:, :${"B".repeat(43)}=:` }],
    ["nobody knows that dictionary", { "available-dictionary": `:${"A".repeat(43)}=:` }],
    ["another site's page asks", { "sec-fetch-site": "cross-site" }],
    ["another host's page of the site asks", { "sec-fetch-site": "same-site" }],
    [
      "another origin asks by CORS",
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors", origin: "https://a.example" },
    ],
    ["a client that doesn't say where it is asks for another origin", { origin: "https://a.example" }],
    ["a part is asked for", { range: "bytes=0-1000" }],
    ["the request shows who somebody is", { authorization: "Bearer x" }],
  ];
  test.each(asked)("where %s", async (_, others) => {
    const world = await worldOf();
    await ask(world, "/app.one.js", plainly);
    await ask(world, "/app.two.js", plainly);
    const { headers: usual = {} } = await having(one, others);
    const { coding, status, body } = await ask(world, "/app.two.js", { headers: usual });
    expect(coding).not.toBe("dcz");
    expect(body.byteLength).toBeGreaterThan(0);
    expect(status).toBe("range" in others ? 206 : 200);
    expect((await ask(world, "/app.two.js", await having(one))).coding).toBe("dcz");
  });

  test.each<[why: string, url: string]>([
    ["over a connection that others read", "http://www.example.com/app.two.js"],
    ["on another host of the site", "https://shop.example.com/app.two.js"],
    ["at a URL that the pattern doesn't match", "/app.two.js.map"],
    ["where no rule says so", "/other.js"],
  ])("%s", async (_, url) => {
    const SITES = [{ hosts: ["www.example.com", "shop.example.com"], origins: ["frankfurt"] }];
    const world = await worldOf({ vars: { SITES } });
    const said = { ...headers, "content-length": String(two.length) };
    for (const path of ["/app.two.js.map", "/other.js"]) {
      await world.origin("frankfurt").answers(path, { headers: said, body: two });
    }
    await ask(world, "/app.one.js", plainly);
    for (let time = 0; time < 2; time++) expect((await ask(world, url, await having(one))).coding).toBe("br");
    expect((await ask(world, "/app.two.js", await having(one))).coding).toBe("dcz");
  });

  const answers: readonly [why: string, headers: Record<string, string>][] = [
    ["must not be changed", { "cache-control": "max-age=60, no-transform" }],
    ["is one person's", { "cache-control": "private, max-age=60" }],
    ["isn't to be kept", { "cache-control": "no-store" }],
    ["sets a cookie, though it is kept", { "cache-control": "public, max-age=60", "set-cookie": "a=1" }],
    ["is chosen by cookies", { vary: "Cookie" }],
    ["is chosen by who asks", { vary: "accept-encoding, Authorization" }],
    ["is kept by the edge, and by nobody else", { "cache-control": "private", "cdn-cache-control": "max-age=60" }],
  ];
  test.each(answers)("of what %s", async (_, said) => {
    const world = await worldOf();
    const own = { ...headers, "content-length": String(two.length), ...said };
    await world.origin("frankfurt").answers("/app.two.js", { headers: own, body: two });
    await ask(world, "/app.one.js", plainly);
    for (let time = 0; time < 2; time++) {
      const { coding, field } = await ask(world, "/app.two.js", await having(one));
      expect([coding === "dcz", field("use-as-dictionary")]).toEqual([false, null]);
    }
    // Nor is it a dictionary.
    expect((await ask(world, "/app.three.js", await having(two))).coding).toBe("br");
    expect((await ask(world, "/app.three.js", await having(one))).coding).toBe("dcz");
  });

  test.each<[what: string, rule: object]>([
    ["a cookie in the key", { cache: { key: { cookies: ["who"] } } }],
    ["a credential in the key", { cache: { key: { headers: ["Authorization"] } } }],
    ["no compression", { compress: false }],
    ["no cache", { cache: false }],
    ["a shape for each visit", { html: [{ at: "p", content: "${client.country}" }] }],
    [
      "a shape for each visit, and a word that it is everybody's",
      {
        html: [{ at: "p", content: "${client.country}" }],
        headers: { response: { set: { "cache-control": "public, max-age=60" } } },
      },
    ],
  ])("under a rule with %s", async (_, more) => {
    const world = await worldOf({ vars: { RULES: [{ ...rule, ...more }] } });
    for (const [name, text] of Object.entries({ one, two })) {
      const said = { ...headers, "content-type": "text/html", "content-length": String(text.length) };
      await world.origin("frankfurt").answers(`/app.${name}.js`, { headers: said, body: text });
    }
    for (let time = 0; time < 2; time++) {
      expect((await ask(world, "/app.one.js", plainly)).field("use-as-dictionary")).toBeNull();
      expect((await ask(world, "/app.two.js", await having(one))).coding).not.toBe("dcz");
    }
  });

  test("from a dictionary whose time is over, or that was never seen whole", async () => {
    const short = { ...rule, dictionary: { match: "/app.*.js", ttl: "1h" } };
    const world = await worldOf({ vars: { RULES: [short] } });
    await ask(world, "/app.one.js", plainly);
    await ask(world, "/app.two.js", plainly);
    world.clock.advance(3599);
    expect((await ask(world, "/app.two.js", await having(one))).coding).toBe("dcz");
    world.clock.advance(1);
    expect((await ask(world, "/app.two.js", await having(one))).coding).toBe("br");

    await world.origin("frankfurt").answers("/app.three.js", {
      headers: { ...headers, "content-length": String(three.length) },
      body: three,
      breaks: 30_000,
    });
    await ask(world, "/app.three.js", plainly).catch(() => undefined);
    await world.settle();
    expect((await ask(world, "/app.two.js", await having(three.slice(0, 30_000)))).coding).toBe("br");
  });

  test("of what breaks off: it is never told as if it were all", async () => {
    // Nobody else is asked for it.
    const world = await worldOf({ vars: { SITES: [{ hosts: ["www.example.com"], resume: false }] } });
    await ask(world, "/app.one.js", plainly);
    const said = { ...headers, "content-length": String(two.length) };
    await world.origin("frankfurt").answers("/app.two.js", { headers: said, body: two, breaks: 30_000 });
    const response = await world.visit("/app.two.js", await having(one));
    expect(response.headers.get("content-encoding")).not.toBe("dcz");
    await expect(response.arrayBuffer()).rejects.toThrow();
    await world.settle();
  });
});

describe("what the store does", () => {
  /** A store in which some entries are lost, or are not what they were. */
  function storeWith(spoil: (key: string) => "lost" | "other" | "fails" | undefined): Edge["store"] {
    const store = createMemoryStore();
    return {
      ...store,
      match: async (key, wanted) => {
        const how = spoil(key);
        if (how === "lost") return undefined;
        if (how === "fails") throw new Error("the store fails");
        const stored = await store.match(key, wanted);
        return how === "other" && stored?.body ? { ...stored, body: bytes(nextVersion(one, 0.01, 9)) } : stored;
      },
    };
  }

  test.each(["lost", "other", "fails"] as const)("never makes a wrong answer: dictionaries are %s", async (how) => {
    const world = await worldOf({
      ports: { store: storeWith((key) => (key.includes(" dictionary=") ? how : undefined)) },
    });
    await ask(world, "/app.one.js", plainly);
    expect((await ask(world, "/app.two.js", await having(one))).coding).toBe("br");
    expect((await ask(world, "/app.two.js", plainly)).body).toEqual(bytes(two));
  });

  test.each(["lost", "fails"] as const)("costs time and nothing else: deltas are %s", async (how) => {
    const world = await worldOf({ ports: { store: storeWith((key) => (key.includes(" delta=") ? how : undefined)) } });
    await ask(world, "/app.one.js", plainly);
    for (let time = 0; time < 2; time++) {
      expect(await textBy(one, (await ask(world, "/app.two.js", await having(one))).body)).toBe(two);
    }
  });
});

describe("HEAD and 304", () => {
  test("say what GET says", async () => {
    const world = await worldOf();
    await ask(world, "/app.one.js", plainly);
    const { headers: sent = {} } = await having(one);
    const get = await ask(world, "/app.two.js", { headers: sent });
    const head = await ask(world, "/app.two.js", { method: "HEAD", headers: sent });
    for (const name of ["content-encoding", "etag", "vary", "use-as-dictionary", "content-type", "accept-ranges"]) {
      expect([name, head.field(name)]).toEqual([name, get.field(name)]);
    }
    const again = await ask(world, "/app.two.js", { headers: { ...sent, "if-none-match": get.field("etag")! } });
    expect([again.status, again.body.byteLength, again.coding]).toEqual([304, 0, null]);
    for (const name of ["etag", "vary", "use-as-dictionary", "cache-control"]) {
      expect([name, again.field(name)]).toEqual([name, get.field(name)]);
    }
  });

  test("a HEAD before anybody asked says it, too, and is no dictionary", async () => {
    const world = await worldOf();
    const head = await ask(world, "/app.one.js", { method: "HEAD", headers: { "accept-encoding": "br" } });
    expect([head.field("use-as-dictionary"), head.field("vary")]).toEqual([
      advert,
      "Accept-Encoding, Available-Dictionary",
    ]);
    expect((await ask(world, "/app.two.js", await having(one))).coding).toBe("br");
  });
});

describe("Vary", () => {
  test.each([
    ["as they are", {}],
    ["in a coding of the origin's", { "content-encoding": "gzip" }],
    ["that aren't compressed otherwise", { "content-type": "application/x-bundle" }],
  ])("says the same to everybody, of bundles %s", async (_, said) => {
    const world = await worldOf();
    const isCoded = "content-encoding" in said;
    const packed = isCoded ? gzipSync(two) : bytes(two);
    const own = { ...headers, ...said, "cache-control": "public, max-age=60", "content-length": String(packed.length) };
    const base64 = btoa(String.fromCharCode(...packed));
    await world.origin("frankfurt").answers("/app.two.js", { headers: own, base64 });
    for (const more of [
      {},
      { authorization: "Bearer x" },
      { range: "bytes=0-99" },
      { "sec-fetch-site": "cross-site" },
    ]) {
      for (const method of ["GET", "HEAD"]) {
        for (const accepted of ["gzip", "identity"]) {
          const sent = { "accept-encoding": accepted, ...more };
          const { field } = await ask(world, "/app.two.js", { method, headers: sent });
          const told = field("vary")?.split(", ").toSorted();
          expect([method, sent, told]).toEqual([method, sent, ["Accept-Encoding", "Available-Dictionary"]]);
        }
      }
    }
  });
});

describe("rules' edits of fields", () => {
  test("stand beside it, and can forbid it", async () => {
    const edits = { headers: { response: { set: { vary: "Origin", "x-a": "1" } } } };
    const world = await worldOf({ vars: { RULES: [rule, edits] } });
    await ask(world, "/app.one.js", plainly);
    const second = await ask(world, "/app.two.js", await having(one));
    expect([second.coding, second.field("x-a"), second.field("vary")]).toEqual([
      "dcz",
      "1",
      "Origin, Accept-Encoding, Available-Dictionary",
    ]);
    expect(await textBy(one, second.body)).toBe(two);

    const forbid = { headers: { response: { set: { "cache-control": "no-transform" } } } };
    const strict = await worldOf({ vars: { RULES: [rule, forbid] } });
    await ask(strict, "/app.one.js", plainly);
    expect((await ask(strict, "/app.two.js", await having(one))).coding).toBeNull();
  });
});
