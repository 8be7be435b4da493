import fc from "fast-check";
import { expect, test } from "vitest";
import { readHead, writeHead, type StoredAnswer } from "../../src/cache/entry.ts";
import { Fields } from "../../src/http/fields.ts";

const entry: StoredAnswer = {
  kind: "answer",
  status: 200,
  fields: new Fields(new Map([["x-name", "Žofie 🦊"]]), ["a=1, 2", "b=2"]),
  askedAt: 1,
  took: 1,
  bornAt: 1,
  lifetime: 2,
  staleWhileRevalidate: 3,
  staleIfError: 4,
  validate: "stale",
};

test("an entry comes back from its head as it was, and the head is ASCII", () => {
  const head = writeHead(entry);
  expect(head).toMatch(/^[\x20-\x7e]*$/);
  expect(readHead(head)).toEqual(entry);
});

test("a head of another version is no entry", () => {
  expect(readHead(writeHead(entry).replace("[2,", "[1,"))).toBeUndefined();
});

test("no head makes reading throw, and what is read is whole", () => {
  const near = fc.json().map((json) => `[2,${json.replace("{", '{"kind":"answer",')}]`);
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), near), (head) => {
      const read = readHead(head);
      if (read?.kind === "answer") expect(read.status + read.lifetime).not.toBeNaN();
    }),
  );
});
