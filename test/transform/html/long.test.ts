/** Pages without end: no more of them is held than what a parser is looking at. */
import { expect, test } from "vitest";
import { createEditor } from "../../../src/transform/html/edit.ts";
import { rewrite } from "../../../src/transform/html/rewrite.ts";

const [megabyte, gigabyte] = [1 << 20, 1 << 30];

test.each([
  ["64 MB of paragraphs", 64 * megabyte, "<p class=a>text of a page, and <b>more</b> of it</p>\n"],
  ["64 MB of paragraphs that nothing closes", 64 * megabyte, "<p class=a>text of a page<br>\n"],
  ["1 GB of text", gigabyte, "text of a page, and more of it\n"],
])(
  "%s goes through, and is not read ahead",
  async (_, length, line) => {
    const piece = new TextEncoder().encode(line.repeat(Math.ceil((1 << 20) / line.length)));
    let given = 0;
    const page = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          if (given >= length) return controller.close();
          given += piece.byteLength;
          controller.enqueue(piece);
        },
      },
      { highWaterMark: 0 },
    );
    const edit = {
      at: "p.a:first-child",
      first: true,
      attributes: [["id", "b"]],
      put: [],
      ending: "kept",
      raw: false,
    } as const;
    const reader = rewrite(page, createEditor([edit], String)).getReader();
    let [taken, ahead] = [0, 0];
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      taken += next.value.byteLength;
      ahead = Math.max(ahead, given - taken);
    }
    expect(taken - given).toBe(line.startsWith("<p") ? ' id="b"'.length : 0);
    expect(ahead).toBeLessThan(4 << 20);
  },
  120_000,
);

test.each([true, false])(
  "whoever leaves early lets go of the page, whether there is more of it at once: %s",
  async (isQuick) => {
    const { promise: left, resolve: leave } = Promise.withResolvers<unknown>();
    let given = 0;
    const page = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          if (given++ === 0 || isQuick)
            controller.enqueue(new TextEncoder().encode("<p class=a>text</p>".repeat(1_000)));
          else return new Promise(() => {});
        },
        cancel: leave,
      },
      { highWaterMark: 0 },
    );
    const reader = rewrite(page, createEditor([], String)).getReader();
    expect((await reader.read()).done).toBe(false);
    await reader.cancel("enough");
    await left;
  },
);

test("a page that breaks off breaks off", async () => {
  const page = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode("<p>a")),
    pull: (controller) => controller.error(new Error("broke off")),
  });
  await expect(new Response(rewrite(page, createEditor([], String))).text()).rejects.toThrow();
});
