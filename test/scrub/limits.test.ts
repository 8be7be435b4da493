import { expect, test } from "vitest";
import { Fields } from "../../src/http/fields.ts";
import { overLimit } from "../../src/scrub/limits.ts";
import { arrive } from "../harness/rooms.ts";

const limits = { url: 64, fields: 3, field: 80, fieldBytes: 100 };

/** "https://www.example.com/" has 24 characters. */
const room = 64 - 24;

test("the URL may be as long as the limit, with scheme, host and query, and no longer", () => {
  expect(overLimit(arrive(`/${"a".repeat(room)}`), limits)).toBeUndefined();
  expect(overLimit(arrive(`/${"a".repeat(room + 1)}`), limits)).toBe("url-too-long");
  expect(overLimit(arrive(`/?${"a".repeat(room)}`), limits)).toBe("url-too-long");
});

test("its length is counted as it is sent, percent-encoded", () => {
  expect(overLimit(arrive(`/${"é".repeat(room / 6)}`), limits)).toBeUndefined();
  expect(overLimit(arrive(`/${"é".repeat(room / 6 + 1)}`), limits)).toBe("url-too-long");
});

test("as many fields as the limit, and not one more", () => {
  const fields = { a: "1", b: "2", c: "3" };
  expect(overLimit(arrive("/", { headers: fields }), limits)).toBeUndefined();
  expect(overLimit(arrive("/", { headers: { ...fields, d: "4" } }), limits)).toBe("too-many-fields");
});

test("as many bytes of one field as the limit, and not one more", () => {
  const bytes = (length: number): RequestInit => ({ headers: { one: "x".repeat(length - "one: \r\n".length) } });
  expect(overLimit(arrive("/", bytes(80)), limits)).toBeUndefined();
  expect(overLimit(arrive("/", bytes(81)), limits)).toBe("fields-too-large");
});

test("as many bytes of fields as the limit, counted as HTTP/1.1 writes them, and not one more", () => {
  const bytes = (length: number): RequestInit => ({
    headers: { one: "1".repeat(30), two: "x".repeat(length - 30 - "one: \r\ntwo: \r\n".length) },
  });
  expect(overLimit(arrive("/", bytes(100)), limits)).toBeUndefined();
  expect(overLimit(arrive("/", bytes(101)), limits)).toBe("fields-too-large");
});

test("characters beyond ASCII are as many bytes as UTF-8 has for them", () => {
  const visit = (value: string) => ({ ...arrive("/"), fields: Fields.of({ one: value }) });
  const room = 80 - "one: \r\n".length;
  for (const [character, bytes] of [
    ["é", 2],
    ["€", 3],
    ["😀", 4],
    ["\ud800", 3],
  ] as const) {
    const rest = "x".repeat(room % bytes);
    expect(overLimit(visit(rest + character.repeat(Math.floor(room / bytes))), limits), character).toBeUndefined();
    expect(overLimit(visit(`${rest}x${character.repeat(Math.floor(room / bytes))}`), limits)).toBe("fields-too-large");
  }
});
