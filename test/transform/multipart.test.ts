import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { coalesce, parseRanges, resolveRange } from "../../src/http/range.ts";
import { finish } from "../../src/transform/transform.ts";
import { answer, bytesOf, edge, sized, streamOf, textOf, visitTo } from "./visit.ts";

const image = { "content-type": "image/png", etag: '"v1"' };
const thousand = Uint8Array.from({ length: 1000 }, (_, index) => index % 251);
const ask = (headers: Record<string, string>) => visitTo("/a.png", { headers });
const whole = (bytes = thousand, fields: Readonly<Record<string, string>> = image) =>
  answer({ ...fields, "content-length": String(bytes.byteLength) }, streamOf(bytes, 64));

/** The parts of a multipart body: each header section, and its bytes. */
function partsOf(body: Uint8Array, contentType: string) {
  const boundary = /^multipart\/byteranges; boundary=([0-9a-z]{1,70})$/i.exec(contentType)![1]!;
  const text = new TextDecoder("latin1").decode(body);
  const [before, ...rest] = `\r\n${text}`.split(`\r\n--${boundary}`);
  expect([before, rest.at(-1)]).toEqual(["", "--\r\n"]);
  return rest.slice(0, -1).map((part) => {
    const at = part.indexOf("\r\n\r\n");
    return { header: part.slice(2, at).split("\r\n"), text: part.slice(at + 4) };
  });
}

const latin1 = (bytes: Uint8Array): string => new TextDecoder("latin1").decode(bytes);

describe("several ranges (RFC 9110 §14.6)", () => {
  test("come in parts, each with its type and range, and the length of it all ahead", async () => {
    const out = await finish(ask({ range: "bytes=0-9, 500-509, -5" }), whole(), edge);
    const body = await bytesOf(out);
    expect(out.status).toBe(206);
    expect(out.fields.get("content-length")).toBe(String(body.byteLength));
    expect(out.fields.get("content-range")).toBeUndefined();
    expect(partsOf(body, out.fields.get("content-type")!)).toEqual([
      { header: ["Content-Type: image/png", "Content-Range: bytes 0-9/1000"], text: latin1(thousand.slice(0, 10)) },
      {
        header: ["Content-Type: image/png", "Content-Range: bytes 500-509/1000"],
        text: latin1(thousand.slice(500, 510)),
      },
      { header: ["Content-Type: image/png", "Content-Range: bytes 995-999/1000"], text: latin1(thousand.slice(995)) },
    ]);
  });

  test.for([
    ["that touch", "bytes=0-9,10-19", "bytes 0-19/1000"],
    ["that overlap", "bytes=5-20,0-9", "bytes 0-20/1000"],
    ["that are near", "bytes=0-9,50-59", "bytes 0-59/1000"],
    ["of which one can be had", "bytes=2000-3000,0-9", "bytes 0-9/1000"],
  ] as const)("ranges %s are one", async ([, range, expected]) => {
    const out = await finish(ask({ range }), whole(), edge);
    expect([out.status, out.fields.get("content-range")]).toEqual([206, expected]);
    expect(out.fields.get("content-type")).toBe("image/png");
  });

  test.for([
    ["more than sixteen", Array.from({ length: 17 }, (_, index) => `${index * 50}-${index * 50}`).join()],
    ["three that overlap another", "0-,0-,1-,2-"],
    ["one that can't be read", "0-1,500-x"],
  ] as const)("%s: the whole is sent", async ([, ranges]) => {
    const out = await finish(ask({ range: `bytes=${ranges}` }), whole(), edge);
    expect([out.status, (await bytesOf(out)).byteLength]).toEqual([200, 1000]);
  });

  test("of which none can be had are refused, and those of another version are not looked at", async () => {
    const none = await finish(ask({ range: "bytes=1000-1001,2000-" }), whole(), edge);
    expect([none.status, none.fields.get("content-range")]).toEqual([416, "bytes */1000"]);
    const other = await finish(ask({ range: "bytes=0-9,500-509", "if-range": '"v0"' }), whole(), edge);
    expect([other.status, (await bytesOf(other)).byteLength]).toEqual([200, 1000]);
  });

  test("of a coded answer are not sent: a part can't say its coding", async () => {
    const coded = whole(thousand, { ...image, "content-encoding": "gzip", "cache-control": "no-transform" });
    expect((await finish(ask({ range: "bytes=0-9,500-509", "accept-encoding": "gzip" }), coded, edge)).status).toBe(
      200,
    );
  });

  test("of what the edge holds whole, and of a type that is not known", async () => {
    const out = await finish(ask({ range: "bytes=0-0,-1" }), sized({}, `a${"-".repeat(200)}z`), edge);
    const body = await bytesOf(out);
    expect(partsOf(body, out.fields.get("content-type")!)).toEqual([
      { header: ["Content-Range: bytes 0-0/202"], text: "a" },
      { header: ["Content-Range: bytes 201-201/202"], text: "z" },
    ]);
    const held = await finish(ask({ range: "bytes=0-0,-1" }), answer({}, `a${"-".repeat(200)}z`), edge);
    expect(await textOf(held)).toBe(
      latin1(body).replaceAll(
        out.fields.get("content-type")!.split("=")[1]!,
        held.fields.get("content-type")!.split("=")[1]!,
      ),
    );
  });

  test("whatever is asked, each part is those bytes, and all that was asked for comes", async () => {
    const spec = fc
      .tuple(fc.nat({ max: 1100 }), fc.nat({ max: 200 }))
      .map(([first, more]) => `${first}-${first + more}`);
    await fc.assert(
      fc.asyncProperty(
        fc.array(spec, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 400 }),
        async (specs, piece) => {
          const asked = parseRanges(`bytes=${specs.join()}`)!;
          const wanted = coalesce(asked.map((one) => resolveRange(one, 1000)).filter((range) => range !== undefined));
          const source = answer({ ...image, "content-length": "1000" }, streamOf(thousand, piece));
          const out = await finish(ask({ range: `bytes=${specs.join()}` }), source, edge);
          const body = await bytesOf(out);
          if (out.status !== 206) {
            expect(out.status).toBe(wanted.length === 0 ? 416 : 200);
            return;
          }
          expect(out.fields.get("content-length")).toBe(String(body.byteLength));
          const single = out.fields.get("content-range");
          const parts = single
            ? [{ header: [`Content-Range: ${single}`], text: latin1(body) }]
            : partsOf(body, out.fields.get("content-type")!);
          const got = parts.map(({ header, text }) => {
            const [, first, last] = /bytes (\d+)-(\d+)\/1000$/.exec(header.at(-1)!)!.map(Number);
            expect(text).toBe(latin1(thousand.slice(first, last! + 1)));
            return { first: first!, last: last! };
          });
          for (const { first, last } of wanted)
            expect(got.some((part) => part.first <= first && last <= part.last)).toBe(true);
        },
      ),
    );
  });
});
