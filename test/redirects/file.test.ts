import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readRedirects } from "../../src/redirects/file.ts";
import { encodeRedirects, RedirectsError, toEntry, type Redirect } from "../../src/redirects/redirects.ts";

const written: readonly Redirect[] = [
  { from: "/a", to: "/b", status: 301, query: true },
  { from: "www.example.com/über/:x/*", to: "https://other.example/:x?y=:splat", status: 308, query: false },
];
const file = encodeRedirects(written);

/** In pieces of so many bytes. */
function streamOf(bytes: Uint8Array, piece = 7): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) controller.close();
      else controller.enqueue(bytes.slice(at, (at += piece)));
    },
  });
}

test.each([1, 2, 3, 5, 64, 10_000])("in pieces of %i bytes, what was written is read", async (piece) => {
  const read = await readRedirects(streamOf(file, piece));
  expect(read!.entries).toEqual(written.map((each) => toEntry(each)));
});

test("of the one that is in use, no more than the beginning is read", async () => {
  const { header } = (await readRedirects(streamOf(file)))!;
  let pulled = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(pulled++ === 0 ? file : new Uint8Array(1_000)),
  });
  expect(await readRedirects(endless, header)).toBeUndefined();
  expect(pulled).toBeLessThan(5);
});

test("no memory is taken that there is no room for", async () => {
  const full = (): never => {
    throw new Error("full");
  };
  await expect(readRedirects(streamOf(file), undefined, full)).rejects.toThrow("full");
});

test.each<[what: string, bytes: Uint8Array]>([
  ["nothing", new Uint8Array()],
  ["another file", new TextEncoder().encode("a b c\n".repeat(100))],
  ["one without a line's end", new TextEncoder().encode("a".repeat(10_000))],
  ["a later version", new TextEncoder().encode(new TextDecoder().decode(file).replace(" 1 ", " 2 "))],
  ["one that is too large", new TextEncoder().encode("perigee-redirects 1 00000000 9000000 1\n")],
  ["one with another count", new TextEncoder().encode(new TextDecoder().decode(file).replace(/ 2\n/, " 3\n"))],
  ["one that goes on behind its end", new TextEncoder().encode(`${new TextDecoder().decode(file)}/c\t/d\t301\tkeep\n`)],
])("%s is no table", async (_, bytes) => {
  await expect(readRedirects(streamOf(bytes, 1_000))).rejects.toThrow(RedirectsError);
});

test("one byte that is another, or missing, is told", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(file.length - 1),
      fc.integer({ min: 1, max: 255 }),
      fc.boolean(),
      async (at, change, isCut) => {
        const bytes = isCut ? file.slice(0, at) : file.map((byte, index) => (index === at ? byte ^ change : byte));
        await expect(readRedirects(streamOf(bytes, 1_000))).rejects.toThrow(RedirectsError);
      },
    ),
  );
});
