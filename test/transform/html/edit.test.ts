/** What the edits of rules do to pages, at every cut. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HtmlEdit } from "../../../src/config/shape.ts";
import { createEditor } from "../../../src/transform/html/edit.ts";
import { rewrite } from "../../../src/transform/html/rewrite.ts";
import { streamOf } from "../visit.ts";
import { documents } from "./documents.ts";

const plain = { first: false, attributes: [], put: [], ending: "kept", raw: false } as const;

type Some = Partial<HtmlEdit>;

/** Edits of `#a`, unless they say otherwise. */
async function edited(page: string, edits: readonly Some[], piece = 4096): Promise<string> {
  const editor = createEditor(
    edits.map((edit) => ({ ...plain, at: "#a", ...edit })),
    (wording) => (typeof wording === "string" ? wording : "made"),
  );
  return new Response(rewrite(streamOf(new TextEncoder().encode(page), piece), editor)).text();
}

const around: Some = {
  put: [
    ["before", "[B]"],
    ["prepend", "[P]"],
    ["append", "[E]"],
    ["after", "[A]"],
  ],
};
const removed: Some = { ending: "removed" };
const unwrapped: Some = { ending: "unwrapped" };
const content: Some = { put: [["content", "[C]"]] };
const wrapped: Some = {
  put: [
    ["before", "<i>"],
    ["after", "</i>"],
  ],
};
const made = () => "made";

const cases: readonly (readonly [page: string, edits: readonly Some[], expected: string])[] = [
  ["<p id=a>x</p>z", [around], "[B]<p id=a>[P]x[E]</p>[A]z"],
  ["<P id=a>x</P>z", [around], "[B]<P id=a>[P]x[E]</P>[A]z"],
  ["<p id=a>x</p>z", [removed], "z"],
  ["<p id=a>x</p>z", [unwrapped], "xz"],
  ["<p id=a>x</p>z", [content], "<p id=a>[C]</p>z"],
  ["<p id=a>x</p>z", [wrapped], "<i><p id=a>x</p></i>z"],
  ["<p id=a>x</p>z", [wrapped, wrapped], "<i><i><p id=a>x</p></i></i>z"],
  // without an end tag of their own
  ["<div><p id=a>x<p>y</div>z", [around], "<div>[B]<p id=a>[P]x<p>y[E][A]</div>z"],
  ["<div><p id=a>x<p>y</div>z", [removed], "<div></div>z"],
  ["<div><p id=a>x<p>y</div>z", [unwrapped], "<div>x<p>y</div>z"],
  ["<div><p id=a>x<p>y</div>z", [content], "<div><p id=a>[C]</div>z"],
  ["<body id=a>x", [around], "[B]<body id=a>[P]x[E][A]"],
  ["<body id=a>x", [content], "<body id=a>[C]"],
  ["<ul><li id=a>x<li>y</ul>z", [unwrapped], "<ul>x<li>y</ul>z"],
  ["<ul><li id=a>x<li id=b>y</ul>z", [unwrapped, { at: "#b", ...unwrapped }], "<ul>xy</ul>z"],
  [
    "<ul><li id=a>x<li id=b>y</ul>z",
    [
      { at: "ul", ...unwrapped },
      { at: "#b", ...unwrapped },
    ],
    "<li id=a>xyz",
  ],
  // with none at all
  ["<br id=a>x", [around], "[B]<br id=a>[A]x"],
  ["<br id=a>x", [removed], "x"],
  ["<br id=a>x", [unwrapped], "x"],
  ["<svg><g id=a /></svg>", [around], "<svg>[B]<g id=a />[A]</svg>"],
  // several on one element
  ["<p id=a>1</p>", [around, { put: [["append", "2"]] }, { put: [["after", "3"]] }], "[B]<p id=a>[P]1[E]2</p>3[A]"],
  ["<p id=a>1</p><p id=a>2</p>", [{ first: true, ...removed }, { put: [["append", "3"]] }], "<p id=a>23</p>"],
  ["<p id=a>1</p>x", [removed, around, content, unwrapped], "x"],
  ["<p id=a>1</p>x", [unwrapped, around, removed], "1x"],
  ["<div id=a><b id=b>1</b></div>x", [removed, { at: "#b", ...around }], "x"],
  ["<div id=a><b id=b>1</b></div>x", [content, { at: "#b", ...around }], "<div id=a>[C]</div>x"],
  ["<div id=a><b id=b>1</b></div><b id=b>", [removed, { at: "#b", first: true, ...removed }], ""],
  ["<ul id=a><li id=b>1</ul>x", [removed, { at: "#b", ...around, ...unwrapped }], "x"],
  ["<div id=a><p id=b>1</div>x", [removed, { at: "#b", ...around }], "x"],
  ["<div id=a>1</div><p class=é>", [{ at: ".é", put: [["before", "é"]] }], "<div id=a>1</div>é<p class=é>"],
  ["<p class=é>", [{ at: ".\\e9", ...removed }], ""],
  // attributes
  ["<a id=a  rel=x>", [{ attributes: [["rel", "y"]] }], '<a id=a rel="y">'],
  ["<a id=a onclick='x()' b>", [{ attributes: [["onclick", false]] }], "<a id=a b>"],
  ["<a id=a>", [{ attributes: [["hidden", ""]] }], '<a id=a hidden="">'],
  ["<a id=a>", [{ attributes: [["t", "&quot;&amp;é"]] }], '<a id=a t="&quot;&amp;é">'],
  // what is no markup there
  ["<script id=a>x</script>", [{ put: [["content", made]] }], "<script id=a>x</script>"],
  ["<script id=a>x</script>", [{ put: [["content", "y"]] }], "<script id=a>y</script>"],
  ["<script id=a>x</script>", [{ put: [["append", made]], raw: true }], "<script id=a>xmade</script>"],
  ["<script id=a>x</script>", [{ put: [["after", made]] }], "<script id=a>x</script>made"],
  // where another parser takes over
  [
    "<div id=a><select><style>x</style></select>y</div>z",
    [around],
    "[B]<div id=a>[P]<select><style>x</style></select>y[E]</div>[A]z",
  ],
  ["<div id=a><b><select><style>x</style></select>y</b></div>z", [removed], "z"],
  ["<div id=a><select><style>x</style></select>y</div>z", [unwrapped], "<select><style>x</style></select>yz"],
  ["<div id=a><select><xmp>x</xmp></select>y</div>z", [content], "<div id=a>[C]</div>z"],
  [
    "<p id=a>1</p><select><style>x</style><p id=a>2</p>",
    [{ first: true, ...removed }],
    "<select><style>x</style><p id=a>2</p>",
  ],
];

describe("the same, whatever the cuts", () => {
  test.each(cases.map(([page, edits, expected]) => [page, expected, edits] as const))(
    "%s → %s",
    async (page, expected, edits) => {
      for (const piece of [1, 2, 3, 5, 8, 13, 4096])
        expect([piece, await edited(page, edits, piece)]).toEqual([piece, expected]);
    },
  );

  test("at every border of a page with all of it", async () => {
    const page = `<!doctype html>${cases.map(([page]) => page).join("<!-- > -->\n")}<script>"<p id=a>"</script>`;
    const edits = [
      { ...around, first: true },
      { at: "li", ...unwrapped },
      { at: "div div", ...removed },
      { attributes: [["x", "y"]] },
    ] as const;
    const bytes = new TextEncoder().encode(page);
    const whole = await edited(page, edits);
    for (let border = 1; border < bytes.byteLength; border++) {
      const halves = new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(bytes.slice(0, border));
          controller.enqueue(bytes.slice(border));
          controller.close();
        },
      });
      const editor = createEditor(
        edits.map((edit) => ({ ...plain, at: "#a", ...edit })),
        String,
      );
      expect(await new Response(rewrite(halves, editor)).text()).toBe(whole);
    }
  });
});

test("whatever pieces of pages, edits and cuts come together: nothing breaks, and the cuts make no difference", async () => {
  const piece = fc.constantFrom(
    ...[
      "<div id=a>",
      "<p id=a>",
      "<p>",
      "<li class=b>",
      "<ul>",
      "</ul>",
      "</div>",
      "</p>",
      "<br id=a>",
      "<select>",
      "</select>",
    ],
    ...[
      "<style>",
      "</style>",
      "<script id=a>",
      "</script>",
      "x",
      "<!--",
      "-->",
      "<svg>",
      "<g id=a />",
      "</svg>",
      "<a href=b>",
    ],
    ...["<table>", "<tr class=b>", "</table>", "<template>", "<xmp>", "</xmp>", "'", '"', ">", "\0", "é"],
  );
  const edit = fc.record({
    at: fc.constantFrom("#a", ".b", "div p", "ul > li", "[href]", "*", "p:first-child", ":not(#a)", "div, p"),
    ...{ first: fc.boolean(), ending: fc.constantFrom("kept", "removed", "unwrapped") },
    attributes: fc.constantFrom([], [["x", "y"] as const], [["id", false] as const]),
    put: fc.subarray([
      ["before", "1"] as const,
      ["prepend", "2"] as const,
      ["content", "3"] as const,
      ["append", "4"] as const,
      ["after", "5"] as const,
    ]),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { maxLength: 12 }),
      fc.array(edit, { maxLength: 4 }),
      fc.integer({ min: 1, max: 9 }),
      async (pieces, edits, cut) => {
        const page = pieces.join("");
        expect(await edited(page, edits, cut)).toBe(await edited(page, edits));
      },
    ),
    { numRuns: 400 },
  );
});

test("edits of what isn't there change no byte of any awkward page", async () => {
  for (const page of Object.values(documents).flat()) {
    const text = new TextEncoder().encode(page.slice(0, 5_000));
    const editor = createEditor([{ ...plain, at: "#not-there", ...around }], String);
    const out = await new Response(rewrite(streamOf(text, 997), editor)).arrayBuffer();
    expect(new Uint8Array(out)).toEqual(text);
  }
});
