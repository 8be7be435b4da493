import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Fields } from "../../src/http/fields.ts";
import { dropHopByHop } from "../../src/http/hop-by-hop.ts";

function leftOf(values: Record<string, string>): readonly string[] {
  const fields = Fields.of(values);
  dropHopByHop(fields);
  return Array.from(fields, ([name]) => name);
}

describe("fields of one connection (RFC 9110 §7.6.1)", () => {
  test.each([
    "connection",
    "http2-settings",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
  ])("%s goes, though Connection doesn't name it", (name) => {
    expect(leftOf({ [name]: "x", "x-kept": "1" })).toEqual(["x-kept"]);
  });

  test("so do those that some servers take for them", () => {
    const values = { transfer_encoding: "chunked", content_length: "1", "content-length": "2", keep_alive: "x" };
    expect(leftOf({ ...values, x_kept: "1" })).toEqual(["content-length", "x_kept"]);
  });

  test("what Connection names goes too, in any case, among empty members", () => {
    const values = { connection: "close, X-A ,,x-b,", "x-a": "1", "x-b": "2", "x-c": "3" };
    expect(leftOf(values)).toEqual(["x-c"]);
  });

  test.each([
    ["authorization"],
    ["cache-control"],
    ["cdn-loop"],
    ["content-length"],
    ["cookie"],
    ["forwarded"],
    ["host"],
    ["if-none-match"],
    ["range"],
    ["set-cookie"],
    ["via"],
  ])("%s is for every recipient: Connection can't take it away", (name) => {
    expect(leftOf({ connection: name, [name]: "x" })).toEqual([name]);
  });

  test("no Connection makes it throw", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (connection) => {
        expect(leftOf({ connection, cookie: "a=1" })).toEqual(["cookie"]);
      }),
    );
  });
});
