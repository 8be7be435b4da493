/** Awkward pages: what no rule is about keeps every byte, however the page comes. */
import { describe, expect, test } from "vitest";
import { prepare } from "../../../src/transform/transform.ts";
import { answer, bytesOf, edge, streamOf, visitTo } from "../visit.ts";
import { documents } from "./documents.ts";

const visit = visitTo("/page");
const bytes = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

async function through(page: string, piece: number): Promise<string> {
  const fields = { "content-type": "text/html; charset=utf-8" };
  const out = await bytesOf(await prepare(visit, answer(fields, streamOf(bytes(page), piece)), edge));
  return Array.from(out, (byte) => String.fromCharCode(byte)).join("");
}

/** What the origin sends, and what the client is to get. */
function sides(document: string): readonly [sent: string, expected: string] {
  const tags = /\{\{([^]*?)\}\}/g;
  return [
    document.replace(tags, "$1"),
    document.replace(tags, (_, tag: string) => tag.replace("https://fra.example", "https://www.example.com")),
  ];
}

test("there are two hundred of them, each another", () => {
  expect(new Set(Object.values(documents).flat()).size).toBeGreaterThanOrEqual(200);
});

for (const [name, pages] of Object.entries(documents)) {
  describe(name, () => {
    test.each(pages.map((page) => [page.slice(0, 60), page]))("%j", async (_, page) => {
      const [sent, expected] = sides(page);
      const pieces = sent.length > 5_000 ? [4_093, sent.length] : [1, 2, 5, 4_096];
      for (const piece of pieces) expect(await through(sent, piece)).toBe(expected);
    });
  });
}
