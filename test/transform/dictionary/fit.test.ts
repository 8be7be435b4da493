/** For which pages answers are dictionaries, or deltas. */
import { describe, expect, test } from "vitest";
import { isReadable } from "../../../src/transform/dictionary/fit.ts";
import { visitTo } from "../visit.ts";

describe("a page that can read the answer anyway", () => {
  test.each([
    ["https://www.example.com/a.js", true],
    ["http://www.example.com/a.js", false],
    ["http://localhost:8787/a.js", true],
    ["http://shop.localhost/a.js", true],
    ["http://127.0.0.1:8787/a.js", true],
    ["http://127.1.2.3/a.js", true],
    ["http://[::1]:8787/a.js", true],
    ["http://localhost.example.com/a.js", false],
    ["http://127.0.0.1.example.com/a.js", false],
    ["http://notlocalhost/a.js", false],
    ["http://192.0.2.1/a.js", false],
  ])("over a connection that nobody else reads: %s, %s", (url, isSecure) => {
    expect(isReadable(visitTo(url))).toBe(isSecure);
  });

  test.each([
    [{}, true],
    [{ "sec-fetch-site": "same-origin" }, true],
    [{ "sec-fetch-site": "none" }, true],
    [{ "sec-fetch-site": "same-origin", origin: "https://www.example.com" }, true],
    [{ "sec-fetch-site": "same-site" }, false],
    [{ "sec-fetch-site": "cross-site" }, false],
    [{ "sec-fetch-site": "" }, false],
    [{ "sec-fetch-site": "same-origin, cross-site" }, false],
    [{ origin: "https://shop.example.com" }, false],
    [{ origin: "null" }, false],
  ])("of the same origin: %j, %s", (headers: Record<string, string>, isOwn) => {
    expect(isReadable(visitTo("/a.js", { headers }))).toBe(isOwn);
  });
});
