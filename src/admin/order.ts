/** What is ordered to be purged: its form in JSON, and the marks that it comes to. */
import * as v from "valibot";
import type { Mark } from "../edge.ts";
import { normalPath } from "../http/path.ts";

/** One thing that is wrong with an order. */
export interface Mistake {
  /** The path in it, such as `tags[2]`; "" for the whole. */
  readonly at: string;
  readonly says: string;
}

/** Each is a write to KV, of which the platform's smallest plan allows 50 a request. */
const mostNames = 40;

/** Characters. A mark's name must fit into KV's metadata of 1 KB; tags and groups as in `cache/labels.ts`. */
const longestUrl = 700;
const longestLabel = 256;

/** More segments in a prefix would only cost every visit to look for them. */
const mostSegments = 32;

const tag = v.pipe(
  v.string("It is no text."),
  v.regex(/^[^\s,]+$/, "It is no tag: one has neither spaces nor commas, and isn't empty."),
  v.maxLength(longestLabel, `It is longer than ${longestLabel} characters.`),
);

const url = v.pipe(
  v.string("It is no text."),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }): URL => {
    const parsed = URL.parse(value);
    const wrong = parsed ? flawOf(parsed) : "It is no URL such as https://www.example.com/page?id=1.";
    if (wrong === undefined) return parsed!;
    addIssue({ message: wrong });
    return NEVER;
  }),
);

const prefix = v.pipe(
  url,
  v.check(({ href }) => !/[?#]/.test(href), "It has a query: a prefix ends with the path."),
  v.check(
    ({ pathname }) => pathname.split("/").length - 1 <= mostSegments,
    `Its path has more than ${mostSegments} segments.`,
  ),
);

const label = v.pipe(
  v.string("It is no text."),
  v.maxLength(longestLabel, `It is longer than ${longestLabel} characters.`),
);

const group = table({ origin: v.pipe(url, v.check(isOrigin, "It has more than scheme, host and port.")), name: label });

function orderSchema(sites: readonly string[]) {
  const names = sites.map((site) => JSON.stringify(site)).join(", ");
  const flag = v.exactOptional(v.boolean("It is neither true nor false."), false);
  return v.pipe(
    table({
      urls: list(url),
      tags: list(tag),
      prefixes: list(prefix),
      sites: list(v.picklist(sites, `There is no such site; the sites are ${names}.`)),
      groups: list(group),
      everything: flag,
      soft: flag,
    }),
    v.check((order) => order.everything || count(order) > 0, "It names nothing to purge."),
    v.check((order) => count(order) <= mostNames, `It names more than ${mostNames} things; send several orders.`),
  );
}

/** An object with these members and no others. */
function table<const E extends v.ObjectEntries>(entries: E) {
  const names = Object.keys(entries).join(", ");
  return v.strictObject(entries, ({ expected, received, path }) => {
    if (expected === "never") return `There is no such field; the fields here are ${names}.`;
    return path && received === "undefined" ? "It is missing." : "It is no JSON object.";
  });
}

function list<const S extends v.GenericSchema>(member: S) {
  return v.exactOptional(v.array(member, "It is no list."), []);
}

/** The lists of an order. */
interface Lists {
  readonly urls: readonly unknown[];
  readonly tags: readonly unknown[];
  readonly prefixes: readonly unknown[];
  readonly sites: readonly unknown[];
  readonly groups: readonly unknown[];
}

function count({ urls, tags, prefixes, sites, groups }: Lists): number {
  return [urls, tags, prefixes, sites, groups].reduce((sum, { length }) => sum + length, 0);
}

function flawOf({ protocol, username, password, href }: URL): string | undefined {
  if (protocol !== "http:" && protocol !== "https:") return "It begins with neither https:// nor http://.";
  if (username !== "" || password !== "") return "It has a user or a password in it.";
  return href.length > longestUrl
    ? `It is longer than ${longestUrl} characters: purge a prefix of its path instead.`
    : undefined;
}

function isOrigin({ pathname, search, hash }: URL): boolean {
  return pathname === "/" && search === "" && hash === "";
}

export type Order = v.InferOutput<ReturnType<typeof orderSchema>>;

/** @param sites the names of the sites there are. */
export function readOrder(text: string, sites: readonly string[]): Order | readonly Mistake[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return [{ at: "", says: `It is no JSON: ${(error as Error).message}.` }];
  }
  if (Array.isArray(json)) return [{ at: "", says: "It is no JSON object." }];
  const { success, output, issues } = v.safeParse(orderSchema(sites), json);
  return success ? output : issues.map(({ path, message }) => ({ at: pathOf(path), says: message }));
}

/** The marks of an order; each name once. */
export function toMarks({ urls, tags, prefixes, sites, groups, everything, soft }: Order, at: number): readonly Mark[] {
  const names: Readonly<Record<Mark["scope"], readonly string[]>> = {
    url: urls.map(({ origin, pathname, search }) => origin + normalPath(pathname) + search),
    tag: tags.map((name) => name.toLowerCase()),
    prefix: prefixes.map(({ origin, pathname }) => origin + normalPath(pathname)),
    site: sites,
    group: groups.map(({ origin, name }) => `${origin.origin} ${name}`),
    all: everything ? [""] : [],
  };
  return Object.entries(names).flatMap(([scope, named]) =>
    [...new Set(named)].map((name) => ({ scope: scope as Mark["scope"], name, at, soft })),
  );
}

function pathOf(path: readonly { readonly key?: unknown }[] | undefined): string {
  return (path ?? [])
    .map(({ key }) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`))
    .join("")
    .replace(/^\./, "");
}
