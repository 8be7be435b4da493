import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadConfig } from "../../../src/config/config.ts";
import type { TextShape } from "../../../src/config/shape.ts";
import { longestFind } from "../../../src/rules/pattern/search.ts";
import { isForText, replaceText } from "../../../src/transform/text/text.ts";
import { cutAt, streamOfPieces } from "../../rules/search/naive.ts";
import { visitTo } from "../visit.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function shapeOf(...text: readonly object[]): TextShape {
  const sites = { ORIGINS: [{ name: "a", url: "https://a.example" }], SITES: [{ hosts: ["*"] }] };
  const loaded = loadConfig({ ...sites, RULES: [{ text }] });
  if (loaded.kind === "problems") throw new Error(JSON.stringify(loaded.problems));
  return loaded.config.rules[0]!.shapes![0] as TextShape;
}

function through(pieces: readonly Uint8Array[], shape: TextShape, type = "text/html"): ReadableStream<Uint8Array> {
  const visit = visitTo("/", { headers: { "x-name": "$1 Ann" } });
  const say = (wording: Parameters<Parameters<typeof replaceText>[1]["say"]>[0]): string =>
    typeof wording === "string" ? wording : wording(visit);
  const include = async () => new Response(null);
  return replaceText(streamOfPieces(pieces), { shape, type, say, visit, include });
}

async function replaced(text: string | readonly Uint8Array[], ...edits: readonly object[]): Promise<string> {
  const pieces = typeof text === "string" ? [encode(text)] : text;
  return new Response(through(pieces, shapeOf(...edits))).text();
}

const sample =
  '<a href="https://fra.example/a?x=1">Größe 😀 漢字</a><a href="https://fra.example/b">https://FRA.example/c</a> aab aaab';

test.each([
  [
    "literals",
    [
      { find: "https://fra.example/", with: "/" },
      { find: "漢", with: "汉" },
      { find: "aab", with: "x" },
    ],
  ],
  ["literals in either case", [{ find: "HTTPS://fra.example", with: "//é", ignoreCase: true }]],
  [
    "so many of them",
    [
      { find: "https://", with: "1:", times: 1 },
      { find: "https://fra", with: "2:", times: 1 },
    ],
  ],
  ["a pattern", [{ pattern: '"https://([\\w.-]+)(/[^"]*)"', with: '"$2#$1"' }]],
  [
    "both",
    [
      { find: "Größe", with: "Maß" },
      { pattern: "a+(?<last>b)|.字", with: "[$0$<last>]" },
    ],
  ],
  [
    "a pattern so often",
    [
      { pattern: "\\ba+", with: "<$0>", times: 1 },
      { pattern: "a+b$", with: "!" },
    ],
  ],
])("cut at every byte of a sample, the same comes out: %s", async (_, edits) => {
  const bytes = encode(sample);
  const whole = await replaced(sample, ...edits);
  expect(whole).not.toBe(sample);
  for (let at = 1; at < bytes.length; at++) expect(await replaced(cutAt(bytes, [at]), ...edits)).toBe(whole);
  expect(
    await replaced(
      [...bytes].map((byte) => Uint8Array.of(byte)),
      ...edits,
    ),
  ).toBe(whole);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat()), async (cuts) => {
      expect(await replaced(cutAt(bytes, cuts), ...edits)).toBe(whole);
    }),
    { numRuns: 100 },
  );
});

describe("what comes of it", () => {
  test.each<[string, readonly object[], string, string]>([
    [
      "groups by number and name",
      [{ pattern: "(?<y>\\d{4})-(\\d\\d)", with: "$2/$<y> $0 $$1" }],
      "2026-11",
      "11/2026 2026-11 $1",
    ],
    ["a group that has nothing", [{ pattern: "a(b)?(c)", with: "[$1$2]" }], "ac", "[c]"],
    ["a literal's dollars are its own", [{ find: "a", with: "$0 $$" }], "a", "$0 $$"],
    [
      "what a visitor says names no groups",
      [{ pattern: "(a)", with: '${request.headers["x-name"]}$1' }],
      "a",
      "$1 Anna",
    ],
    [
      "literals beside patterns",
      [
        { find: "a.c", with: "1" },
        { pattern: "a.c", with: "2" },
      ],
      "abc a.c",
      "2 1",
    ],
    [
      "what is written first goes before",
      [
        { pattern: "ab?", with: "1" },
        { find: "abc", with: "2" },
      ],
      "abc",
      "1c",
    ],
    ["lazy repetitions", [{ pattern: "<.+?>", with: "" }], "<a>b</a>", "b"],
    ["greedy ones", [{ pattern: "<.+>", with: "" }], "<a>b</a>", ""],
    ["the beginning and the end of the body", [{ pattern: "^a|a$", with: "x" }], "aaa", "xax"],
    [
      "the second time is another thing",
      [
        { find: "a", with: "1", times: 1 },
        { find: "a", with: "2" },
      ],
      "aaa",
      "122",
    ],
    [
      "either case, where it is said",
      [
        { pattern: "[a-c]", with: "x", ignoreCase: true },
        { find: "D", with: "y" },
      ],
      "aBCDd",
      "xxxyd",
    ],
    ["bytes are taken away", [{ find: "a", with: "" }], "banana", "bnn"],
  ])("%s", async (_, edits, text, expected) => {
    expect(await replaced(text, ...edits)).toBe(expected);
    expect(
      await replaced(
        [...encode(text)].map((byte) => Uint8Array.of(byte)),
        ...edits,
      ),
    ).toBe(expected);
  });
});

test("groups have what the runtime's own matcher finds, whatever they are and wherever the text is cut", async () => {
  const patterns = [
    "(a)|(b+)",
    "(a+?)(a*)b",
    "((a)|b)+",
    "\\b(\\w)(\\w*)",
    "(é|😀)(.)",
    "(?:(a)|(b))(?:(c)|$)",
    "(\\Ba)|(a\\b)",
  ];
  const texts = fc.string({ unit: fc.constantFrom("a", "b", "c", "é", "😀", " "), maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...patterns), texts, fc.array(fc.nat()), async (pattern, text, cuts) => {
      const groups = pattern.match(/\((?!\?)/g)!.length;
      const by = Array.from({ length: groups }, (_, index) => `$${index + 1}`).join(",");
      const expected = text.replaceAll(new RegExp(pattern, "gu"), `<${by}>`);
      const actual = await replaced(cutAt(encode(text), cuts), { pattern, with: `<${by}>` });
      // In ECMA-262 a group forgets with each repetition what it had.
      if (pattern !== "((a)|b)+") expect([pattern, text, actual]).toEqual([pattern, text, expected]);
    }),
    { numRuns: 1_000 },
  );
});

test("what no edit is for passes in the very memory that it came in", async () => {
  const piece = encode("nothing to be seen here".repeat(100));
  for (const edit of [
    { find: "absent", with: "" },
    { pattern: "absen[t]", with: "" },
  ]) {
    const { value } = await through([piece], shapeOf(edit)).getReader().read();
    expect(value!.buffer).toBe(piece.buffer);
    expect(value!.byteLength).toBe(piece.byteLength);
  }
});

test("no more is held back than could become the longest literal", async () => {
  const shape = shapeOf({ find: "abcdef", with: "" }, { find: "cdx", with: "" });
  const reader = through(["12", "abcde", "cd", "abcde1"].map(encode), shape).getReader();
  const read = async (): Promise<string> => new TextDecoder().decode((await reader.read()).value);
  expect([await read(), await read(), await read(), await read()]).toEqual(["12", "abcde", "cd", "abcde1"]);
});

test("what begins in what was found holds nothing back", async () => {
  const shape = shapeOf({ find: "ab", with: "X" }, { find: "bcd", with: "" });
  const reader = through(["ab", "c", "d"].map(encode), shape).getReader();
  const read = async (): Promise<string> => new TextDecoder().decode((await reader.read()).value);
  expect([await read(), await read(), await read()]).toEqual(["X", "c", "d"]);
});

describe("how long a pattern's find may be", () => {
  const inner = (length: number): string => `"${"x".repeat(length - 2)}"`;
  const edit = { pattern: '"[^"]*"', with: "-" };

  test("as long as is said", async () => {
    expect(await replaced(`a${inner(longestFind)}b`, edit)).toBe("a-b");
    expect(await replaced(cutAt(encode(`a${inner(longestFind)}b`), [10, 2000, 4000]), edit)).toBe("a-b");
  });

  test("what is longer is left as it is, and what comes behind it isn't", async () => {
    const long = inner(longestFind + 1).slice(0, -1);
    const body = encode(`a${long}"b"c`);
    for (const cuts of [[], [1], [4096], [4097], [4098, 4099]]) {
      expect((await replaced(cutAt(body, cuts), edit)).slice(long.length)).toBe("x-c");
    }
  });
});

test("no text makes a pattern's time grow faster than itself", async () => {
  for (const [pattern, unit] of [
    ["a.*b|a", "a"],
    ["(?:a+)+c", "a"],
    ["\\w+@", "a"],
    ["(?:a|ab)*?c", "ab"],
  ] as const) {
    const text = unit.repeat(200_000 / unit.length);
    expect((await replaced(text, { pattern, with: "x" })).length).toBe(200_000);
  }
}, 60_000);

test("many finds in one piece, with much to put in, come out a little at a time", async () => {
  const by = "b".repeat(1000);
  const reader = through([encode("a".repeat(200_000))], shapeOf({ find: "a", with: by })).getReader();
  let [total, largest] = [0, 0];
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    total += next.value.byteLength;
    largest = Math.max(largest, next.value.byteLength);
  }
  expect(total).toBe(200_000_000);
  expect(largest).toBeLessThanOrEqual(64 << 10);
}, 60_000);

test("bytes that are no text keep as they are, with literals and patterns", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.array(fc.nat()), async (bytes, cuts) => {
      const kept = bytes.filter((byte) => byte !== 0x61);
      for (const edit of [
        { find: "a", with: "" },
        { pattern: "a", with: "" },
      ]) {
        const body = await new Response(through(cutAt(bytes, cuts), shapeOf(edit))).arrayBuffer();
        expect(new Uint8Array(body)).toEqual(kept);
      }
    }),
  );
});

test("a body that breaks off breaks off, and one that nobody reads on is given up", async () => {
  const broken = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encode("aa")),
    pull: () => Promise.reject(new Error("broke off")),
  });
  const visit = visitTo("/");
  const shaping = {
    shape: shapeOf({ find: "ab", with: "" }),
    type: "text/html",
    say: () => "",
    visit,
    include: async () => new Response(),
  };
  await expect(new Response(replaceText(broken, shaping)).text()).rejects.toThrow("broke off");
  let reason: unknown;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(encode("aa")),
    cancel: (why) => void (reason = why),
  });
  await replaceText(endless, shaping).cancel("enough");
  expect(reason).toBe("enough");
});

test.each([
  ["text/html", true],
  ["text/css", true],
  ["application/json", true],
  ["image/svg+xml", true],
  ["image/png", false],
  ["", false],
  ["text/event-stream", false],
])("%s: %s", (type, isFor) => {
  expect(isForText(type, shapeOf({ find: "a", with: "" }))).toBe(isFor);
});

test("of several edits those are done that are for the type", async () => {
  const shape = shapeOf({ find: "a", with: "1", types: ["text/css"] }, { find: "a", with: "2", types: ["text/h*"] });
  expect(await new Response(through([encode("a")], shape, "text/css")).text()).toBe("1");
  expect(await new Response(through([encode("a")], shape, "text/html")).text()).toBe("2");
  expect(isForText("text/plain", shape)).toBe(false);
});
