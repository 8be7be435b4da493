import { expect, test } from "vitest";
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
