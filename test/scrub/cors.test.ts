import fc from "fast-check";
import { expect, test } from "vitest";
import { allowOrigin } from "../../src/scrub/cors.ts";
import { Fields } from "../../src/http/fields.ts";
import { configOf } from "../config/load.ts";
import { clean } from "../harness/rooms.ts";

const { rules } = configOf({
  RULES: [
    { cors: { origins: ["https://app.example.com", "https://*.shop.example"], headers: "*", credentials: true } },
  ],
});
const [rule] = rules;

/** What an answer says to that page, or a preflight of it. */
function toldTo(origin: string, headers?: string): Fields {
  const asked = { ...(headers !== undefined && { "access-control-request-headers": headers }) };
  const method = headers === undefined ? "GET" : "OPTIONS";
  const fields = Fields.of({ origin, "access-control-request-method": "PUT", ...asked });
  const visit = { ...clean("/", rule!), method, fields };
  const answer = allowOrigin(visit, rule!) ?? { status: 200, fields: new Fields(), body: null };
  return visit.dues.reduce((each, due) => due(each), answer).fields;
}

/** As a URL, it is one of those that are meant, and it is written as a browser writes it. */
function isMeant(origin: string): boolean {
  const url = URL.parse(origin);
  if (url?.origin !== origin) return false;
  return (
    origin === "https://app.example.com" ||
    (url.protocol === "https:" && url.port === "" && url.hostname.endsWith(".shop.example"))
  );
}

test("whatever a client calls its origin, it is allowed only when it is one of those", () => {
  const piece = fc.constantFrom(
    "https://",
    "http://",
    "a",
    ".",
    "shop.example",
    "app.example.com",
    "/",
    "#",
    "@",
    ":",
    "443",
    "evil",
    "*",
    "-",
    " ",
    "%",
  );
  const origin = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join("")),
  );
  fc.assert(
    fc.property(
      fc.oneof(
        origin,
        origin.map((text) => `https://${text}.shop.example`),
      ),
      (text) => {
        const allowed = toldTo(text).get("access-control-allow-origin");
        if (allowed !== undefined) expect([allowed, isMeant(text)]).toEqual([text, true]);
        expect(toldTo(text).get("vary")).toBe("Origin");
      },
    ),
    { numRuns: 2_000 },
  );
  expect(toldTo("https://a-1.b.shop.example").get("access-control-allow-origin")).toBe("https://a-1.b.shop.example");
});

test("whatever a preflight asks for, its answer is one that HTTP allows", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const { fields } = { fields: toldTo("https://app.example.com", text) };
      expect(() => new Headers(fields.toInit())).not.toThrow();
      expect(fields.get("access-control-allow-headers") ?? "").toMatch(/^[^\r\n\0]*$/);
    }),
  );
});
