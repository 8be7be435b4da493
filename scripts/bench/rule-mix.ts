/** Rules as sites have them, and visits to ask about: other ones each time, and yet the same on every machine. */
import { visitedAddress } from "../../src/http/address.ts";
import { Fields } from "../../src/http/fields.ts";
import { FixedList, parseMember, type Lists } from "../../src/lists/lists.ts";
import type { Identified } from "../../src/visit.ts";
import { createChooser } from "./choosers.ts";
import { chanceFrom, prefixes } from "./list-questions.ts";

/** Conditions, in the order in which they come again and again; `#` is another number each time. */
const conditions: readonly string[] = [
  'request.path.startsWith("/section-#/")',
  'request.path == "/landing/#"',
  'request.host == "shop-#.example.com"',
  'request.method in ["POST", "PUT", "DELETE"] && request.path.startsWith("/api/v#/")',
  'request.path.matches("^/[a-z]{2}/articles/#/\\\\d+$")',
  'request.headers["x-api-version"] == "#"',
  '"x-preview-#" in request.headers || "preview-#" in request.cookies',
  'client.country in ["AT", "CH", "DE"] && request.path.startsWith("/de/#/")',
  '!(client.country == "FR") && request.path.startsWith("/fr/#/")',
  'inList(client.ip, "offices") && request.path.startsWith("/staff/#/")',
  'inNet(client.ip, "10.#.0.0/16")',
  'inList(client.asn, "clouds") && request.query.contains("export=#")',
  'request.path.endsWith(".#.css") || request.path.endsWith(".#.js")',
  'client.bot != "" && request.path.startsWith("/search/#/")',
  'request.headers["user-agent"].contains("Scraper/#.")',
  'request.path.startsWith("/account/#/") && !has(request.headers.authorization)',
  "request.contentLength > #000000",
  'client.device == "phone" && request.path == "/app/#"',
  'request.path.matches("\\\\.(bak|old|sql|zip)#?$") || request.path.contains("/.#")',
  'request.query.matches("(^|&)campaign=(spring|summer)-#(&|$)")',
];

/** So many rules, each with a number of its own. */
export function conditionsOf(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) =>
    conditions[index % conditions.length]!.replaceAll("#", String((index % 250) + 1)),
  );
}

export const lists: Lists = new Map([
  ["offices", FixedList.of([{ kind: "prefixes", prefixes: [...prefixes(1_000, chanceFrom(1))] }])],
  ["clouds", FixedList.of([64500, 64501, 64511].map((asn) => parseMember(asn)!))],
]);

const browser = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";

/** Visits of people with a browser; to each, two or three rules of a hundred apply. */
export function visitsTo(count: number): readonly Identified[] {
  const { visit } = createChooser(1, "nothing measured");
  return Array.from({ length: count }, (_, index) => ({
    ...visit,
    url: visitedAddress(
      `https://www.example.com/section-${index % 50}/page-${index}.html?utm_source=mail&page=${index}`,
    )!,
    fields: Fields.of({
      host: "www.example.com",
      "user-agent": browser,
      accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
      "accept-language": "de,en;q=0.7",
      "accept-encoding": "gzip, br, zstd",
      cookie: `session=${index}; theme=dark; consent=1`,
    }),
    client: { ip: `198.51.100.${index % 256}`, country: "DE", continent: "EU", asn: 64501, location: "FRA" },
  })).map((each, index) => ({ ...each, bot: index % 10 === 0 ? "gptbot" : "" }));
}
