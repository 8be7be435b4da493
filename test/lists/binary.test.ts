import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decode, encode, FixedList, ListError, parseMember } from "../../src/lists/lists.ts";
import { readList } from "../../src/lists/read.ts";

function listOf(...members: (string | number)[]): FixedList {
  return FixedList.of(members.map((member) => parseMember(member)!));
}

const mixed = listOf("10.0.0.0/8", "192.0.2.1", "2001:db8::/32", "2001:db9::7", "AS64500", 64501, "de", "grüße");

/** As a store would give it, in pieces of that size. */
function streamOf(bytes: Uint8Array, size = 7): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at < bytes.length) controller.enqueue(bytes.slice(at, at + size));
      else controller.close();
      at += size;
    },
  });
}

const read = (bytes: Uint8Array) => readList(streamOf(bytes));

describe("a list that was written and read", () => {
  test("has the same members", async () => {
    const bytes = encode(mixed.sections);
    for (const list of [decode(bytes.slice().buffer), (await read(bytes))!.list]) {
      const texts = ["10.1.2.3", "192.0.2.1", "2001:db8::1", "2001:db9::7", "DE", "Grüße"];
      expect(texts.filter((text) => !list.hasText(text))).toEqual([]);
      const others = ["11.0.0.0", "192.0.2.2", "2001:db9::8", "fr", ""];
      expect(others.filter((text) => list.hasText(text))).toEqual([]);
      expect([64500, 64501, 64502, 0].map((asn) => list.hasAsn(asn))).toEqual([true, true, false, false]);
    }
  });

  test("whatever they are, and in pieces of any size", async () => {
    const member = fc.oneof(
      fc.ipV4(),
      fc.ipV6(),
      fc.nat(),
      fc.string().filter((text) => !text.includes("\n")),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(member), fc.integer({ min: 1, max: 100 }), async (written, size) => {
        const members = written.map((each) => parseMember(each)).filter((each) => each !== undefined);
        const list = FixedList.of(members);
        const found = await readList(streamOf(encode(list.sections), size));
        expect((found!.list as FixedList).sections).toEqual(list.sections);
      }),
    );
  });

  test("is the same file for the same members, in whatever order and form they were written", () => {
    const one = encode(listOf("10.0.0.0/9", "10.128.0.0/9", "10.1.0.0/16", "fr", "de").sections);
    expect(encode(listOf("de", "10.0.0.0-10.255.255.255", "DE", "fr").sections)).toEqual(one);
  });

  test("is not read again when it is the known one", async () => {
    const bytes = encode(mixed.sections);
    const { header } = (await read(bytes))!;
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1;
        controller.enqueue(bytes.slice(0, 64));
      },
    });
    expect(await readList(endless, header)).toBeUndefined();
    expect(pulled).toBeLessThan(4);
  });
});

describe("bytes that are no list are refused", () => {
  const bytes = encode(mixed.sections);
  const changed = (at: number, value: number): Uint8Array => bytes.with(at, value);

  test.each<[what: string, bytes: Uint8Array, why: RegExp]>([
    ["nothing", new Uint8Array(), /cut off/],
    ["a page", new TextEncoder().encode("<!doctype html><title>404</title>".padEnd(200)), /no list/],
    ["a text list", new TextEncoder().encode("10.0.0.0/8\n".repeat(20)), /no list/],
    ["half of one", bytes.slice(0, bytes.length / 2), /cut off/],
    ["all but a byte", bytes.slice(0, -1), /cut off/],
    ["more than one", new Uint8Array([...bytes, 0, 0, 0, 0]), /goes on behind its end/],
    ["a later version", changed(4, 2), /version 2/],
    ["one that says to be enormous", changed(15, 255), /the most/],
    ["one whose texts say to be enormous", changed(30, 32), /the most|cut off/],
  ])("%s", async (_, damaged, why) => {
    const refused = read(damaged);
    await expect(refused).rejects.toThrow(why);
    await expect(refused).rejects.toBeInstanceOf(ListError);
  });

  test("any changed bit", async () => {
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const damaged = changed(bit >> 3, bytes[bit >> 3]! ^ (1 << (bit & 7)));
      await expect(readList(streamOf(damaged, 1 << 16))).rejects.toBeInstanceOf(ListError);
    }
  });

  test("one for which there is no room", async () => {
    const noRoom = (): never => {
      throw new ListError("no room");
    };
    await expect(readList(streamOf(bytes), undefined, noRoom)).rejects.toThrow("no room");
  });

  test("a stream that fails fails it", async () => {
    const failing = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(bytes.slice(0, 50));
        controller.error(new Error("the store is gone"));
      },
    });
    await expect(readList(failing)).rejects.toThrow("the store is gone");
  });

  test("any bytes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (any) => {
        await expect(read(new Uint8Array([...bytes.slice(0, 8), ...any]))).rejects.toBeInstanceOf(ListError);
      }),
    );
  });
});
