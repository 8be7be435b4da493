import { describe, expect, test } from "vitest";
import type { Answer } from "../../../src/answer.ts";
import { Fields } from "../../../src/http/fields.ts";
import { continuable, isRest } from "../../../src/origin/ask/rest.ts";

type Named = Readonly<Record<string, string>>;

function answer(status: number, fields: Named): Answer {
  return { status, fields: Fields.of(fields), body: null };
}

const whole = { etag: '"v1"', "content-length": "300000" };
const part = { etag: '"v1"', "content-length": "100000", "content-range": "bytes 100000-199999/300000" };

/** A media type is the same in any case, and may have blanks (RFC 9110 §8.3.1). */
const several = { "content-type": "Multipart/ByteRanges ; boundary=x" };

describe("a body can be continued", () => {
  const cases: readonly [what: string, status: number, fields: Named, first: number | undefined][] = [
    ["that is whole", 200, whole, 0],
    ["that is a part", 206, part, 100_000],
    [
      "that is a part of something of unknown length",
      206,
      { ...part, "content-range": "bytes 100000-199999/*" },
      100_000,
    ],
    ["no part whose length is another than its range", 206, { ...part, "content-length": "100001" }, undefined],
    ["no part without a range", 206, whole, undefined],
    ["no part of several ranges, whatever else it says", 206, { ...part, ...several }, undefined],
    ["however short it is", 200, { ...whole, "content-length": "1" }, 0],
    ["nothing that is empty", 200, { ...whole, "content-length": "0" }, undefined],
    ["nothing without a tag", 200, { "content-length": "300000" }, undefined],
    ["nothing with a weak tag", 200, { ...whole, etag: 'W/"v1"' }, undefined],
    ["nothing without a length", 200, { etag: '"v1"' }, undefined],
    ["no error", 404, whole, undefined],
  ];

  test.each(cases)("%s", (_, status, fields, first) => {
    expect(continuable(answer(status, fields), "GET")?.first).toBe(first);
  });

  test("nor anything but a GET's", () => {
    expect(continuable(answer(200, whole), "POST")).toBeUndefined();
  });
});

describe("the rest from byte 70000 on is", () => {
  const wanted = continuable(answer(200, { ...whole, "content-encoding": "br" }), "GET")!;
  const rest = { etag: '"v1"', "content-range": "bytes 70000-299999/300000", "content-encoding": "br" };
  const { "content-encoding": _, ...uncoded } = rest;
  const cases: readonly [what: string, status: number, fields: Named, is: boolean][] = [
    ["what was asked for", 206, rest, true],
    ["the same without a word of its coding", 206, uncoded, true],
    ["not the whole", 200, rest, false],
    ["not of another version", 206, { ...rest, etag: '"v2"' }, false],
    ["not of a version that is only like it", 206, { ...rest, etag: 'W/"v1"' }, false],
    ["not of a version that nobody names", 206, { ...rest, etag: "" }, false],
    ["not what begins later", 206, { ...rest, "content-range": "bytes 70001-299999/300000" }, false],
    ["not what begins earlier", 206, { ...rest, "content-range": "bytes 69999-299999/300000" }, false],
    ["not what ends earlier", 206, { ...rest, "content-range": "bytes 70000-299998/300000" }, false],
    ["not of something longer", 206, { ...rest, "content-range": "bytes 70000-299999/300001" }, false],
    ["not of something of unknown length", 206, { ...rest, "content-range": "bytes 70000-299999/*" }, false],
    ["not in another coding", 206, { ...rest, "content-encoding": "gzip" }, false],
    ["nothing without a range", 206, { ...rest, "content-range": "" }, false],
    ["as long as its range", 206, { ...rest, "content-length": "230000" }, true],
    ["not shorter than its range", 206, { ...rest, "content-length": "10" }, false],
    ["not longer than its range", 206, { ...rest, "content-length": "230001" }, false],
    ["not of a length that is none", 206, { ...rest, "content-length": "230000, 230000" }, false],
    ["not in several ranges", 206, { ...rest, ...several }, false],
    ["not in several ranges that stand in for all", 206, { ...rest, ...several, "content-length": "230000" }, false],
  ];

  test.each(cases)("%s", (_, status, fields, is) => {
    expect(isRest(answer(status, fields), wanted, 70_000)).toBe(is);
  });

  test("nor in any coding, where there was none", () => {
    const plain = continuable(answer(200, whole), "GET")!;
    expect(isRest(answer(206, rest), plain, 70_000)).toBe(false);
    expect(isRest(answer(206, uncoded), plain, 70_000)).toBe(true);
  });
});
