import {
  brotliCompressSync,
  brotliDecompressSync,
  gunzipSync,
  gzipSync,
  zstdCompressSync,
  zstdDecompressSync,
} from "node:zlib";
import { describe, expect, test } from "vitest";
import { createMemoryStore } from "../../src/platform/memory/store.ts";
import { createWorld } from "../harness/world.ts";

// Bodies that the platform encodes as they leave are still plain here, inside it: test/scripts/compress-wire.test.ts reads
// them from a real socket.
const css = "a { color: red }\n".repeat(500);
const headers = { "content-type": "text/css", "cache-control": "max-age=60", etag: '"v1"' };

describe("compression", () => {
  test("each client gets the coding it likes best, out of one stored answer", async () => {
    const world = createWorld();
    const origin = world.origin("frankfurt");
    await origin.answers("/a.css", { headers: { ...headers, "content-length": String(css.length) }, body: css });
    const coding = async (accepted: string) => {
      const response = await world.visit("/a.css", { headers: { "accept-encoding": accepted } });
      await response.text();
      await world.settle();
      expect(response.headers.get("vary")).toContain("Accept-Encoding");
      return [response.headers.get("content-encoding"), response.headers.get("etag")];
    };
    expect(await coding("gzip, deflate, br")).toEqual(["br", 'W/"v1"']);
    expect(await coding("gzip")).toEqual(["gzip", 'W/"v1"']);
    expect(await coding("identity")).toEqual([null, '"v1"']);
    expect(await origin.seen()).toHaveLength(1);
  });

  test("a client that comes back with the weak tag of the compressed answer gets 304", async () => {
    const world = createWorld();
    await world.origin("frankfurt").answers("/a.css", { headers, body: css });
    const first = await world.visit("/a.css", { headers: { "accept-encoding": "br" } });
    await first.arrayBuffer();
    await world.settle();
    const again = await world.visit("/a.css", {
      headers: { "accept-encoding": "br", "if-none-match": first.headers.get("etag")! },
    });
    expect(again.status).toBe(304);
    expect(again.headers.get("etag")).toBe(first.headers.get("etag"));
    expect(again.headers.get("vary")).toBe(first.headers.get("vary"));
  });

  test("a page of unknown length is compressed on its way", async () => {
    const world = createWorld();
    const page = `<!doctype html>${"<p>hello</p>".repeat(500)}`;
    await world.origin("frankfurt").answers("/page", { headers: { "content-type": "text/html" }, body: page });
    const response = await world.visit("/page", { headers: { "accept-encoding": "gzip" } });
    expect(response.headers.get("content-encoding")).toBe("gzip");
    const unpacked = gunzipSync(new Uint8Array(await response.arrayBuffer()));
    expect(new TextDecoder().decode(unpacked)).toBe(page);
  });

  test("what must not be transformed isn't", async () => {
    const world = createWorld();
    const said = { ...headers, "cache-control": "max-age=60, no-transform" };
    await world.origin("frankfurt").answers("/a.css", { headers: said, body: css });
    const response = await world.visit("/a.css", { headers: { "accept-encoding": "br, gzip" } });
    expect([response.headers.get("content-encoding"), response.headers.get("etag")]).toEqual([null, '"v1"']);
    expect(await response.text()).toBe(css);
  });

  test("a rule can leave a path alone", async () => {
    const world = createWorld({
      vars: { RULES: [{ name: "as it is", when: 'request.path == "/a.css"', compress: false }] },
    });
    await world.origin("frankfurt").answers("/a.css", { headers, body: css });
    const response = await world.visit("/a.css", { headers: { "accept-encoding": "br" } });
    await response.text();
    expect([response.headers.get("content-encoding"), response.headers.get("vary")]).toEqual([null, null]);
  });
});

describe("an origin's own codings", () => {
  const base64Of = (body: Uint8Array) => btoa(String.fromCharCode(...body));

  test("are undone, several of them too, for a rule that shapes the body", async () => {
    const world = createWorld({ vars: { RULES: [{ text: [{ find: "red", with: "blue" }] }] } });
    const base64 = base64Of(gzipSync(brotliCompressSync(css)));
    const coded = { ...headers, "content-encoding": "br, gzip" };
    const origin = world.origin("frankfurt");
    await origin.answers("/a.css", { headers: coded, base64 });
    for (let time = 0; time < 2; time++) {
      const response = await world.visit("/a.css", { headers: { "accept-encoding": "identity" } });
      expect(response.headers.get("content-encoding")).toBeNull();
      expect(await response.text()).toBe(css.replaceAll("red", "blue"));
      await world.settle();
    }
    expect(await origin.seen()).toHaveLength(1);
  });

  test.each<[how: string, rules: readonly object[]]>([
    ["as it is", []],
    ["for a rule", [{ text: [{ find: "red", with: "blue" }] }]],
    ["as a dictionary", [{ dictionary: "/a*.css" }]],
  ])("that end too early are told to be no content, and nothing plain is kept of them: %s", async (_, rules) => {
    const store = createMemoryStore();
    const kept: string[] = [];
    const put: typeof store.put = async (key, entry) => {
      await store.put(key, entry);
      kept.push(key);
    };
    const world = createWorld({ vars: { RULES: rules }, ports: { store: { ...store, put } } });
    const packed = gzipSync(css);
    const said = { ...headers, "content-encoding": "gzip", "content-length": String(packed.byteLength - 4) };
    await world.origin("frankfurt").answers("/a.css", { headers: said, base64: base64Of(packed.subarray(0, -4)) });
    for (const accepted of ["identity", "br", "identity"]) {
      const response = await world.visit("/a.css", { headers: { "accept-encoding": accepted } });
      expect([response.status, (await response.text()).includes("color")]).toEqual([502, false]);
      await world.settle();
    }
    // What is kept is at most what the origin sent.
    expect(kept.filter((key) => key.includes(" "))).toEqual([]);
  });
});

describe("an answer whose origin doesn't say its length", () => {
  test("is sent as it is, with its length, when it turns out to be short", async () => {
    const world = createWorld();
    const headers = { "content-type": "text/plain", etag: '"v1"' };
    await world.origin("frankfurt").answers("/short", { headers, body: ["a few ", "words"] });
    const response = await world.visit("/short", { headers: { "accept-encoding": "gzip" } });
    expect(response.headers.get("content-encoding")).toBeNull();
    expect(response.headers.get("content-length")).toBe("11");
    expect(response.headers.get("etag")).toBe('"v1"');
    expect(await response.text()).toBe("a few words");
  });

  test("is not held back when more of it is long in coming", async () => {
    const world = createWorld();
    const headers = { "content-type": "text/plain" };
    await world.origin("frankfurt").answers("/slow", { headers, body: ["a beginning", " and an end"], pause: 400 });
    const started = Date.now();
    const response = await world.visit("/slow", { headers: { "accept-encoding": "gzip" } });
    expect(Date.now() - started).toBeLessThan(300);
    expect(response.headers.get("content-encoding")).toBe("gzip");
    const plain = response.body!.pipeThrough(new DecompressionStream("gzip"));
    expect(await new Response(plain).text()).toBe("a beginning and an end");
  });
});

/** English of some 80 KB with 500 links, each of which is edited for each visit. */
function linked(): string {
  const words = "the of edge origin page visit answer stored when while client bytes coming whole piece further".split(
    " ",
  );
  let state = 1;
  const word = (): string => {
    state = (state * 48_271) % 2_147_483_647;
    return words[state % words.length]! + (state % 7 === 0 ? state % 997 : "");
  };
  const sentence = (): string => Array.from({ length: 18 }, word).join(" ");
  const links = Array.from(
    { length: 500 },
    (_, at) => `<p>${sentence()} <a href="/${word()}/${at}">${word()}</a></p>\n`,
  );
  return `<!doctype html><html><head></head><body>${links.join("")}</body></html>`;
}

describe("a page that is edited at many places for each visit", () => {
  const find = { find: "<a ", with: '<a data-from="${client.country}" ' };
  const include = '<esi:vars><a data-from="$(REQUEST_METHOD)" ';
  const coders = {
    zstd: [(bytes: Uint8Array) => zstdCompressSync(bytes, { params: { 100: 3 } }), zstdDecompressSync],
    br: [(bytes: Uint8Array) => brotliCompressSync(bytes, { params: { 1: 4 } }), brotliDecompressSync],
    gzip: [(bytes: Uint8Array) => gzipSync(bytes, { level: 6 }), gunzipSync],
  } as const;
  const page = linked();
  const ways = {
    html: [{ html: [{ at: "a", attributes: { "data-from": "${client.country}" } }] }, page],
    text: [{ text: [find] }, page],
    esi: [{ esi: true }, page.replaceAll("<a ", include).replaceAll("</a>", "</a></esi:vars>")],
  } as const;
  const names = ["html", "text", "esi"] as const;

  test.for(names.flatMap((way) => (["zstd", "br", "gzip"] as const).map((coding) => [way, coding] as const)))(
    "is as short in a coding as if it were here whole: %s, %s",
    async ([way, coding]) => {
      const [rule, body] = ways[way];
      const world = createWorld({ vars: { RULES: [rule] } });
      await world.origin("frankfurt").answers("/a", { headers: { ...headers, "content-type": "text/html" }, body });
      const response = await world.visit("/a", { headers: { "accept-encoding": coding } });
      expect(response.headers.get("content-encoding")).toBe(coding);
      const encoded = await response.bytes();
      const [encode, decode] = coders[coding];
      const plain = decode(encoded);
      expect(plain.toString().split("data-from=").length).toBe(501);
      expect(encoded.byteLength / encode(plain).byteLength).toBeLessThan(1.03);
    },
  );

  test.for(names)("and what is here of it isn't held back when more never comes: %s", async (way) => {
    const [rule, body] = ways[way];
    const world = createWorld({ vars: { RULES: [rule] } });
    const type = { ...headers, "content-type": "text/html" };
    const stalls = body.indexOf("<p>", body.length / 2);
    await world.origin("frankfurt").answers("/a", { headers: type, body, stalls });
    const response = await world.visit("/a", { headers: { "accept-encoding": "gzip" } });
    const reader = response.body!.pipeThrough(new DecompressionStream("gzip")).getReader();
    const paragraphs = body.slice(0, stalls).split("</p>").length;
    let text = "";
    while (text.split("</p>").length < paragraphs) text += new TextDecoder().decode((await reader.read()).value);
    expect(text.split("data-from=").length).toBe(paragraphs);
    await reader.cancel();
  });
});
