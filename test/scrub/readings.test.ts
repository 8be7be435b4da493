import fc from "fast-check";
import { expect, test } from "vitest";
import { keyOf } from "../../src/cache/key.ts";
import { visitedAddress } from "../../src/http/address.ts";
import { route } from "../../src/route/route.ts";
import { RequestFacts } from "../../src/rules/facts.ts";
import { applies, readingsOf } from "../../src/scrub/readings.ts";
import { scrub } from "../../src/scrub/scrub.ts";
import type { Enrolled } from "../../src/visit.ts";
import { arrive, clean, decisions, edgeWith, rule, site, sited } from "../harness/rooms.ts";

/** A path of its own, also when it begins with "//". */
const at = (path: string): string => `https://www.example.com${path}`;

const inAdmin = rule("admin", { when: (visit) => new RequestFacts(visit).path.startsWith("/admin") });

test("an ordinary visit is asked about once, as it is", () => {
  const visit = clean("/admin/users?x=%2F");
  expect(readingsOf(visit)).toEqual([visit]);
  expect(readingsOf(visit)[0]).toBe(visit);
});

test("a rule applies by each reading of the path, by its URL too, and the visit keeps its own", () => {
  const visit = clean(at("//x;y/%2561dmin?q"));
  const readings = readingsOf(visit);
  expect(readings.map((each) => new RequestFacts(each).url)).toEqual([
    "https://www.example.com//x;y/%2561dmin?q",
    "https://www.example.com//x;y/admin?q",
    "https://www.example.com/x;y/%2561dmin?q",
    "https://www.example.com//x/%2561dmin?q",
    "https://www.example.com/x/%2561dmin?q",
    "https://www.example.com/x;y/admin?q",
    "https://www.example.com//x/admin?q",
    "https://www.example.com/x/admin?q",
  ]);
  for (const path of ["//x;y/%2561dmin", "//x;y/admin", "/x;y/admin", "/x/admin"]) {
    expect(applies(rule("r", { when: ({ url }) => url.pathname === path }), readings)).toBe(true);
  }
  expect(applies(rule("r", { when: ({ url }) => url.pathname === "/x/y/admin" }), readings)).toBe(false);
  expect(visit.url.pathname).toBe("//x;y/%2561dmin");
});

test("what keeps all but some pages out isn't got round either", () => {
  const notPublic = rule("r", { when: ({ url }) => !url.pathname.startsWith("/public/") });
  for (const path of ["/public;/x", "//public/x", "/public%2Fx"]) {
    expect(applies(notPublic, readingsOf(clean(at(path)))), path).toBe(true);
  }
  expect(applies(notPublic, readingsOf(clean("/public/x%20y")))).toBe(false);
});

test.for(["//admin", "/a%2Fb", "/a;b", "/%2561"])("a site that is strict about paths refuses %s", async (path) => {
  const usual = sited(at(path));
  expect(await scrub(usual, edgeWith())).toMatchObject({ kind: "go" });
  const visit = { ...arrive(at(path)), site: { ...site("www"), paths: "strict" as const } };
  expect(await scrub(visit, edgeWith())).toMatchObject({
    kind: "answer",
    answer: { status: 400, because: "bad-path" },
  });
  expect(decisions(visit)).toEqual(["scrub bad-path:ambiguous"]);
});

/** Let in, at that path. */
const edge = edgeWith();
const ordinary = clean("/");
function visitTo(path: string): Enrolled {
  return { ...ordinary, url: visitedAddress(at(path))! };
}

test("rules, the cache's key and the origin agree on every path", () => {
  const path = fc.oneof(
    fc.webPath(),
    fc.string({ unit: "binary" }),
    fc.stringMatching(/^(%[0-9a-fA-F]{2}|[./%;\\a])*$/),
  );
  const inHex = (letter: string): string => `%${letter.charCodeAt(0).toString(16)}`;
  fc.assert(
    fc.property(path, fc.constantFrom("", "?", "?a=%61"), (text, query) => {
      const visit = visitTo(`/${text.replaceAll(/[?#]/g, "")}${query}`);
      const routed = route(visit, edge);
      if (routed.kind === "answer") throw new Error("no rule answers");
      const { path: asked, url } = new RequestFacts(visit);
      expect(routed.visit.target).toBe(asked + query);
      expect(keyOf(routed.visit)).toBe(at(asked + query));
      expect(url).toBe(at(asked + query));
      // By another spelling that names the same.
      const [spelled = ""] = asked.split("%", 1);
      expect(visitedAddress(at(spelled.replaceAll(/[a-z]/g, inHex)))!.pathname).toBe(
        visitedAddress(at(spelled))!.pathname,
      );
    }),
    { numRuns: 500 },
  );
});

test("a rule that holds of a path holds of it however its characters are escaped, its slashes doubled, and parameters added", () => {
  const character = (each: string): fc.Arbitrary<string> =>
    fc.constantFrom(
      each,
      `%${each.charCodeAt(0).toString(16)}`,
      `%25${each.charCodeAt(0).toString(16)}`,
      `%2525${each.charCodeAt(0).toString(16)}`,
    );
  const slash = fc.constantFrom("/", "//", "%2f", "%2F", "/./", "%5c", "/;x/", "%252f", "/.;/", "%EF%BC%8F");
  const end = fc.constantFrom("", "/", ";x=1", "%20", ".", "%3fx", "/x", "%2fx", "%3bx");
  const spelling = fc.tuple(slash, ...[..."admin"].map(character), end).map((parts) => `/${parts.join("")}`);
  fc.assert(
    fc.property(spelling, (path) => {
      const visit = visitTo(path);
      expect(visit.url.flaw).toBeUndefined();
      expect(applies(inAdmin, readingsOf(visit)), path).toBe(true);
    }),
    { numRuns: 500 },
  );
});

/** Its slashes are those between segments. */
const named = ["/@acme%2Fsecret", "/files/a;b", "/rest/a;v=2", "/dl/a+b%2Fc", "/a:b/@c", "/%40x/y"];

test.for(named)(
  "a rule for %s is got round by no single way to be lax about it, nor by most of them together",
  (path) => {
    /** Ways to write each part. */
    const parts = (path.match(/%..|[^%]/g) ?? []).map((each) => {
      if (each === "/") return fc.constantFrom("/", "//", "/;x/", "///", "/./", "/;/;y=2/");
      if (/^[@+:;=a-z\d]$/.test(each)) return fc.constantFrom(each, `%${each.charCodeAt(0).toString(16)}`, each);
      return fc.constant(each);
    });
    const end = fc.constantFrom("", ".", "%20", "%3fx", "%23");
    const exactly = rule("r", { when: ({ url }) => url.pathname === path });
    fc.assert(
      fc.property(fc.tuple(...parts), fc.boolean(), end, (spelled, isAgain, rest) => {
        const written = spelled.join("") + rest;
        const url = isAgain ? written.replaceAll("%", "%25") : written;
        if (isAgain && (path.includes("%40") || rest.includes("%20"))) return;
        expect(applies(exactly, readingsOf(visitTo(url))), url).toBe(true);
      }),
      { numRuns: 300 },
    );
  },
);
