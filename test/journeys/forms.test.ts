/** Coded forms of stored answers: made once, served as often as the answer is, and never for another one. */
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Store } from "../../src/edge.ts";
import { createMemoryStore } from "../../src/platform/memory/store.ts";
import { createShielded } from "../harness/shielded.ts";
import { createWorld, dawn, type VisitOptions, type World, type WorldOptions } from "../harness/world.ts";

/** How often a coder was made, or did its work at once. */
const work = vi.hoisted(() => ({ made: 0 }));
beforeEach(() => void (work.made = 0));
vi.mock("node:zlib", async (original) => {
  const zlib = await original<Record<string, unknown>>();
  const counted = (name: string) => [
    name,
    (...input: unknown[]) => {
      work.made++;
      return (zlib[name] as (...input: unknown[]) => unknown)(...input);
    },
  ];
  const coders = ["createGzip", "createBrotliCompress", "createZstdCompress", "gzipSync", "brotliCompressSync"];
  return { ...zlib, ...Object.fromEntries([...coders, "zstdCompressSync"].map(counted)) };
});

const decompress: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
  zstd: zstdDecompressSync,
  br: brotliDecompressSync,
  gzip: gunzipSync,
};

const page = (word: string) => `${word} { color: red; background: url(/${word}.png) }\n`.repeat(400);
const fields = {
  "content-type": "text/css",
  "cache-control": "max-age=60",
  etag: '"v1"',
  date: new Date(dawn).toUTCString(),
};
const answering = (word: string, headers: Record<string, string> = {}) => ({
  headers: { ...fields, ...headers, "content-length": String(page(word).length) },
  body: page(word),
});

function create(compress: object = {}, options: WorldOptions = {}): World {
  const vars = { SETTINGS: { trail: true, compress: { budget: "1s", ...compress } }, ...options.vars };
  return createWorld({ ...options, vars });
}

/** One visit, and all that it leaves behind. */
async function visit(world: World, { path = "/a.css", ...options }: VisitOptions & { path?: string } = {}) {
  const headers = { "accept-encoding": "gzip, deflate, br, zstd", ...options.headers };
  const response = await world.visit(path, { ...options, headers });
  const bytes = await response.bytes();
  await world.settle();
  const coding = response.headers.get("content-encoding") ?? "identity";
  const [, how] = /transform=(?:[^;\s]*\+)?compress:([^+,\s]*)/.exec(response.headers.get("perigee-trail") ?? "") ?? [];
  const length = response.headers.get("content-length");
  const text = new TextDecoder().decode(bytes.byteLength > 0 ? (decompress[coding]?.(bytes) ?? bytes) : bytes);
  return { how, coding, bytes, text, length, status: response.status, headers: response.headers };
}

/** After these visits the form is stored. */
async function warm(world: World, options: Parameters<typeof visit>[1] = {}) {
  const first = await visit(world, options);
  const second = await visit(world, options);
  return { first, second };
}

describe("a page that is visited again", () => {
  test("is compressed fast for the first ones, once well behind their backs, and then no more", async () => {
    const world = create();
    const origin = world.origin("frankfurt");
    await origin.answers("/a.css", answering("one"));
    const { first, second } = await warm(world);
    expect([first.how, first.coding, first.text]).toEqual(["zstd-3;not-later=not-stored", "zstd", page("one")]);
    expect([second.how, second.text]).toEqual(["zstd-3;later=br-11", page("one")]);
    expect(work.made).toBe(3);
    for (let hit = 0; hit < 3; hit++) {
      const again = await visit(world);
      expect([again.how, again.coding, again.text]).toEqual(["br-11;stored", "br", page("one")]);
      expect(again.length).toBe(String(again.bytes.byteLength));
      expect(again.bytes.byteLength).toBeLessThan(first.bytes.byteLength);
      expect([again.headers.get("vary"), again.headers.get("etag")]).toEqual(["Accept-Encoding", 'W/"v1"']);
    }
    expect(work.made).toBe(3);
    expect(await origin.seen()).toHaveLength(1);
  });

  test("has a form for each coding that clients take, and none for those that take none", async () => {
    const world = create();
    await world.origin("frankfurt").answers("/a.css", answering("one"));
    await visit(world);
    for (const [accepted, form] of [
      ["br", "br-11"],
      ["zstd", "zstd-19"],
      ["gzip", "gzip-9"],
      ["gzip;q=0.5, br;q=0.4", "gzip-9"],
    ] as const) {
      await visit(world, { headers: { "accept-encoding": accepted } });
      const { how, text } = await visit(world, { headers: { "accept-encoding": accepted } });
      expect([how, text]).toEqual([`${form};stored`, page("one")]);
    }
    const { how, coding, text } = await visit(world, { headers: { "accept-encoding": "identity" } });
    expect([how, coding, text]).toEqual([undefined, "identity", page("one")]);
  });

  test.for([
    ["the settings say how popular it must be", { after: 3 }, ["first", "first", "later", "stored"]],
    [
      "what it may cost is too little",
      { budget: "1ms", levels: { zstd: 19, br: 11 }, codings: ["br"] },
      ["budget", "budget"],
    ],
    ["no forms are wanted", { store: false }, ["off", "off", "off"]],
    ["it is larger than what has forms", { largest: "2KB" }, ["large", "large"]],
  ] as const)("%s", async ([, compress, expected]) => {
    const world = create(compress);
    await world.origin("frankfurt").answers("/a.css", answering("one"));
    await visit(world);
    for (const what of expected) {
      const { how, text } = await visit(world);
      expect([how, text]).toEqual([expect.stringContaining(what), page("one")]);
    }
  });

  test("a rule fixes coding and level, for clients and for the store, and what was made otherwise isn't taken", async () => {
    const rule = { when: '"x-fixed" in request.headers', compress: { codings: ["gzip", "br"], levels: { gzip: 2 } } };
    const world = create({}, { vars: { RULES: [rule] } });
    await world.origin("frankfurt").answers("/a.css", answering("one"));
    const gzip = { "accept-encoding": "gzip" };
    await warm(world, { headers: gzip });
    expect((await visit(world, { headers: gzip })).how).toBe("gzip-9;stored");
    world.clock.advance(30);
    const fixed = { "x-fixed": "yes" };
    expect((await visit(world, { headers: fixed })).how).toBe("gzip-2;not-later=rests");
    world.clock.advance(29);
    const { how, text } = await visit(world, { headers: { ...fixed, ...gzip } });
    expect([how, text]).toEqual(["gzip-2;not-later=rests", page("one")]);
  });
});

describe("HEAD, conditions and ranges where there is a form", () => {
  test("HEAD says what GET says; a 304 has the same tag and Vary; a range is of the plain bytes", async () => {
    const world = create();
    await world.origin("frankfurt").answers("/a.css", answering("one"));
    await warm(world);
    const get = await visit(world);
    const head = await visit(world, { method: "HEAD" });
    const told = ({ headers }: typeof get) =>
      ["content-encoding", "content-length", "content-type", "etag", "vary"].map((name) => headers.get(name));
    expect(told(head)).toEqual(told(get));
    expect([head.how, head.bytes.byteLength]).toEqual(["br-11;stored", 0]);

    const same = await visit(world, { headers: { "if-none-match": get.headers.get("etag")! } });
    expect([same.status, same.how, same.headers.get("etag"), same.headers.get("vary")]).toEqual([
      304,
      undefined,
      'W/"v1"',
      "Accept-Encoding",
    ]);

    const part = await visit(world, { headers: { range: "bytes=0-9" } });
    expect([part.status, part.coding, part.text]).toEqual([206, "identity", page("one").slice(0, 10)]);
    const older = await visit(world, { headers: { range: "bytes=0-9", "if-range": 'W/"v1"' } });
    expect([older.status, older.how, older.text]).toEqual([200, "br-11;stored", page("one")]);
    expect(work.made).toBe(3);
  });

  test("HEAD of a page without a form says a coding and no length", async () => {
    const world = create();
    await world.origin("frankfurt").answers("/a.css", answering("one"));
    await visit(world);
    const { how, coding, length } = await visit(world, { method: "HEAD" });
    expect([how, coding, length]).toEqual(["zstd-3;head", "zstd", null]);
  });
});

describe("a form is never served for other bytes", () => {
  test("not after a purge, before or after what comes in its place is compressed", async () => {
    const world = create();
    const hour = { "cache-control": "max-age=3600" };
    await world.origin("frankfurt").answers("/a.css", answering("one", hour), answering("two", hour));
    await warm(world);
    expect((await visit(world)).how).toBe("br-11;stored");
    world.clock.advance(50);
    await world.edge.marks.add([{ scope: "all", name: "", at: world.clock.now, soft: false }]);
    world.clock.advance(1);
    expect(await visit(world)).toMatchObject({ how: "zstd-3;not-later=not-stored", text: page("two") });
    // What changes all the time isn't worth the work each time.
    expect(await visit(world)).toMatchObject({ how: "zstd-3;not-later=rests", text: page("two") });
    world.clock.advance(9);
    expect(await visit(world)).toMatchObject({ how: "zstd-3;later=br-11", text: page("two") });
    expect(await visit(world)).toMatchObject({ how: "br-11;stored", text: page("two") });
  });

  test("not once it is stale, unless a stale answer may be served", async () => {
    const world = create();
    await world.origin("frankfurt").answers("/a.css", answering("one"), { status: 410 });
    await warm(world);
    world.clock.advance(59);
    expect(await visit(world)).toMatchObject({ status: 200, how: "br-11;stored" });
    world.clock.advance(1);
    expect(await visit(world)).toMatchObject({ status: 410, coding: "identity" });
  });

  test("not after another method changed what it is of", async () => {
    const world = create();
    await world.origin("frankfurt").answers("/a.css", answering("one"), { status: 204 }, answering("two"));
    await warm(world);
    world.clock.advance(1);
    await visit(world, { method: "POST" });
    world.clock.advance(1);
    for (let again = 0; again < 3; again++) expect((await visit(world)).text).toBe(page("two"));
  });

  test("not after the origin changed it; but as long as it confirms the same bytes, by 304", async () => {
    const world = create();
    const same = { status: 304, headers: { etag: '"v1"', "cache-control": "max-age=60" } };
    const date = new Date(dawn + 122_000).toUTCString();
    await world.origin("frankfurt").answers("/a.css", answering("one"), same, answering("two", { etag: '"v2"', date }));
    await warm(world);
    world.clock.advance(61);
    expect(await visit(world)).toMatchObject({ how: "br-11;stored", text: page("one") });
    expect(await visit(world)).toMatchObject({ how: "br-11;stored", text: page("one") });
    expect(work.made).toBe(3);
    world.clock.advance(61);
    expect(await visit(world)).toMatchObject({ how: "zstd-3;not-later=not-stored", text: page("two") });
    expect(await visit(world)).toMatchObject({ how: "zstd-3;later=br-11", text: page("two") });
    expect(await visit(world)).toMatchObject({ how: "br-11;stored", text: page("two") });
  });

  test("not for another variant", async () => {
    const world = create();
    const vary = { vary: "Accept-Language" };
    await world.origin("frankfurt").answers("/a.css", answering("one", vary), answering("two", vary));
    const speaking = (language: string) => ({ headers: { "accept-language": language } });
    const [german, french] = [speaking("de"), speaking("fr")];
    await warm(world, german);
    expect(await visit(world, german)).toMatchObject({ how: "br-11;stored", text: page("one") });
    expect(await visit(world, french)).toMatchObject({ how: "zstd-3;not-later=not-stored", text: page("two") });
    expect(await visit(world, french)).toMatchObject({ how: "zstd-3;later=br-11", text: page("two") });
    expect(await visit(world, french)).toMatchObject({ how: "br-11;stored", text: page("two") });
    expect(await visit(world, german)).toMatchObject({ how: "br-11;stored", text: page("one") });
  });

  test("not for a page that is made for each visit", async () => {
    const edit = { when: '"x-name" in request.headers', html: [{ at: "p", append: "${request.headers['x-name']}" }] };
    const world = create({}, { vars: { RULES: [edit] } });
    const html = `<!doctype html>${"<p>Hello, </p>".repeat(200)}`;
    const headers = { ...fields, "content-type": "text/html", "content-length": String(html.length) };
    await world.origin("frankfurt").answers("/page", { headers, body: html });
    await warm(world, { path: "/page" });
    expect(await visit(world, { path: "/page" })).toMatchObject({ how: "br-11;stored", text: html });
    for (let again = 0; again < 3; again++) {
      const { how, text } = await visit(world, { path: "/page", headers: { "x-name": "Ada" } });
      expect(how).toBe("zstd-3;not-later=not-stored");
      expect(text).toContain("<p>Hello, Ada</p>");
      expect((await visit(world, { path: "/page", method: "HEAD", headers: { "x-name": "Ada" } })).how).toBe(
        "zstd-3;head",
      );
    }
  });

  test.for([
    ["bytes that were lost", (head: string, body: Uint8Array<ArrayBuffer>) => ({ head, body: body.slice(1) })],
    ["a head that can't be read", (_: string, body: Uint8Array<ArrayBuffer>) => ({ head: "[", body })],
    ["the head of an answer", (_: string, body: Uint8Array<ArrayBuffer>) => ({ head: '[2,{"kind":"answer"}]', body })],
  ] as const)("what stands in its place is none: %s", async ([, spoil]) => {
    const store = createMemoryStore();
    const key = "https://www.example.com/a.css coding/br";
    const world = create({}, { ports: { store } });
    await world.origin("frankfurt").answers("/a.css", answering("one"));
    await warm(world);
    const stored = (await store.match(key))!;
    await store.put(key, spoil(stored.head, new Uint8Array(await new Response(stored.body).arrayBuffer())));
    expect(await visit(world)).toMatchObject({ how: "zstd-3;not-later=rests", text: page("one") });
    world.clock.advance(59);
    expect(await visit(world)).toMatchObject({ text: page("one") });
  });

  test("a store that fails, or hangs, costs the form and not the page", async () => {
    const memory = createMemoryStore();
    const store: Store = {
      ...memory,
      match: async (key, wanted) => {
        if (key.includes(" coding/")) throw new Error("no store");
        return memory.match(key, wanted);
      },
    };
    const world = create({}, { ports: { store } });
    await world.origin("frankfurt").answers("/a.css", answering("one"));
    for (let again = 0; again < 3; again++) expect((await visit(world)).text).toBe(page("one"));
  });
});

test("where the platform's cache has the form, the plain body isn't read", async () => {
  const memory = createMemoryStore();
  const cancelled: string[] = [];
  const read: string[] = [];
  const opened: string[] = [];
  const store: Store = {
    ...memory,
    async match(key, wanted) {
      opened.push(`${key} ${wanted === "head" ? "head" : "all"}`);
      const stored = await memory.match(key, wanted);
      if (!stored?.body || wanted === "head") return stored;
      const bytes = new Uint8Array(await new Response(stored.body).arrayBuffer());
      const body = new ReadableStream<Uint8Array>(
        {
          pull(controller) {
            read.push(key);
            controller.enqueue(bytes);
            controller.close();
          },
          cancel: () => void cancelled.push(key),
        },
        { highWaterMark: 0 },
      );
      return { ...stored, body };
    },
  };
  const world = create({}, { ports: { store } });
  await world.origin("frankfurt").answers("/a.css", answering("one"));
  await warm(world);
  read.length = 0;
  const [plain, form] = ["https://www.example.com/a.css", "https://www.example.com/a.css coding/br"];
  expect(await visit(world)).toMatchObject({ how: "br-11;stored", text: page("one") });
  expect([read, cancelled]).toEqual([[form], [plain]]);
  // From then on it isn't even asked for.
  opened.length = 0;
  expect(await visit(world)).toMatchObject({ how: "br-11;stored", text: page("one") });
  expect(opened).toEqual([`${plain} head`, `${form} all`]);
  // But by those who want it after all.
  const identity = { headers: { "accept-encoding": "identity" } };
  expect(await visit(world, identity)).toMatchObject({ coding: "identity", text: page("one") });
  expect(await visit(world, { headers: { range: "bytes=5-9" } })).toMatchObject({
    status: 206,
    text: page("one").slice(5, 10),
  });
  expect(await visit(world)).toMatchObject({ how: "br-11;stored", text: page("one") });
});

test("what is replaced while a client that takes no coding waits for it breaks off, and isn't mixed with what replaced it", async () => {
  const memory = createMemoryStore();
  const plain = "https://www.example.com/a.css";
  let replace = async (): Promise<void> => {};
  const store: Store = {
    ...memory,
    async match(key, wanted) {
      const stored = await memory.match(key, wanted);
      if (key === plain && wanted === "head") await replace();
      return stored;
    },
  };
  const world = create({}, { ports: { store } });
  await world.origin("frankfurt").answers("/a.css", answering("one"));
  await warm(world);
  expect((await visit(world)).how).toBe("br-11;stored");
  replace = async () => {
    const { head } = (await memory.match(plain))!;
    const other = head.replace(/"generation":"[^"]*"/, '"generation":"other"');
    await memory.put(plain, { head: other, body: new TextEncoder().encode(page("two")) as Uint8Array<ArrayBuffer> });
  };
  await expect(visit(world, { headers: { "accept-encoding": "identity" } })).rejects.toThrow("replaced");
  replace = async () => {};
  expect((await visit(world)).text).toBe(page("two"));
});

test("each location makes forms of what the shield gave it; the shield makes none", async () => {
  const vars = { SETTINGS: { trail: true, compress: { budget: "1s" } } };
  const { here, there, shield, settle } = createShielded({ vars });
  await shield.origin("frankfurt").answers("/a.css", answering("one"));
  for (const location of [here, there]) {
    await visit(location);
    await settle();
    expect(await visit(location)).toMatchObject({ how: "zstd-3;later=br-11", text: page("one") });
    expect(await visit(location)).toMatchObject({ how: "br-11;stored", text: page("one") });
  }
  expect(work.made).toBe(6);
  expect(await shield.origin("frankfurt").seen()).toHaveLength(1);
});
