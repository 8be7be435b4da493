/** Which requests a stored answer fits besides the one it was made for (RFC 9111 §4.1). */
import { normalAcceptEncoding, normalAcceptLanguage } from "../http/accept.ts";
import type { HeaderEdits } from "../config/model.ts";
import { isClaim } from "../http/claims.ts";
import { editFields } from "../http/edit.ts";
import { Fields } from "../http/fields.ts";
import { setForwarded } from "../http/forwarded.ts";
import { parseNoVarySearch, significantPart, type SearchVariation } from "../http/no-vary-search.ts";
import type { Routed } from "../visit.ts";
import type { StoredAnswer, Variants } from "./entry.ts";
import { withoutQuery } from "./key.ts";

/** The fields an answer varies by, in lower case and sorted; "*" when no other request can match. */
export function varyOf(answer: Fields): "*" | readonly string[] {
  const names = (answer.get("vary") ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "");
  return names.includes("*") ? "*" : [...new Set(names)].toSorted();
}

/**
 * What of the query counts for an answer, when not all of it does. Of an error all counts: what the origin doesn't look
 * at for its answer may still provoke one, and one client must not provoke it for all.
 */
export function searchOf({ status, fields }: Pick<StoredAnswer, "status" | "fields">): SearchVariation | undefined {
  return status < 400 ? parseNoVarySearch(fields.get("no-vary-search")) : undefined;
}

/** Where such variants are told of: at the primary key, or, when queries share answers, at that without a query. */
export function variantsKey(primary: string, { search }: Pick<Variants, "search">): string {
  return search === undefined ? primary : withoutQuery(primary);
}

/** The key of the variant that fits this request. */
export function variantKey(primary: string, variants: Variants, visit: Selecting): string {
  return variantsKey(primary, variants) + ownPart(variants, visit);
}

/** What only the key of the variant has that fits this request. */
export function ownPart({ vary, search, generation }: Variants, visit: Selecting): string {
  const values = vary.map((name) => ` ${name}=${encodeURIComponent(selecting(name, visit).toWellFormed())}`);
  const query = search === undefined ? "" : ` search=${significantPart(queryOf(visit.target), search)}`;
  return ` variant=${generation}${query}${values.join("")}`;
}

/** So many variants of a URL are held, and so many characters of their keys: clients can write what they want into a field. */
const [mostHeld, longestHeld] = [100, 16_384];

/** Whether the variant need not be noted: it is, or it is one by its query, and a path may have any number of these. */
export function isNoted({ search, held }: Variants, own: string): boolean {
  return search !== undefined || held.includes(own);
}

/** With one more variant, for which the oldest go when there are too many. */
export function noting(variants: Variants, own: string): Noted {
  if (isNoted(variants, own)) return { variants, dropped: [] };
  const held = [...variants.held, own];
  let characters = held.reduce((sum, each) => sum + each.length, 0);
  const dropped: string[] = [];
  while (held.length > 1 && (held.length > mostHeld || characters > longestHeld)) {
    const oldest = held.shift()!;
    characters -= oldest.length;
    dropped.push(oldest);
  }
  return { variants: { ...variants, held }, dropped };
}

interface Noted {
  readonly variants: Variants;
  /** What went. */
  readonly dropped: readonly string[];
}

type Selecting = Pick<Routed, "target" | "fields" | "client" | "url" | "requestEdits">;

/**
 * Variants that also hold an answer which varies so: the known ones when they look at all of these fields and the same
 * part of the query already, else new ones over both.
 */
export function widened(known: Variants | undefined, by: Varying, newGeneration: () => string): Variants {
  const isSame = JSON.stringify(known?.search) === JSON.stringify(by.search);
  if (known && isSame && by.vary.every((name) => known.vary.includes(name))) return known;
  return {
    kind: "variants",
    vary: [...new Set([...(known?.vary ?? []), ...by.vary])].toSorted(),
    ...(by.search && { search: by.search }),
    generation: newGeneration(),
    held: [],
  };
}

interface Varying {
  readonly vary: readonly string[];
  readonly search?: SearchVariation | undefined;
}

function queryOf(target: string): string {
  const at = target.indexOf("?");
  return at === -1 ? "" : target.slice(at);
}

/** Fields whose values mean the same in any letter case. */
const caseless: ReadonlySet<string> = new Set(["accept", "accept-charset"]);

/**
 * The value that selects, in a normal form: white space around commas and semicolons means nothing (RFC 9111 §4.1), and
 * absence is told apart from an empty value. Of Accept-Encoding, what the origin was told; of Accept-Language, what it means.
 */
function selecting(name: string, visit: Selecting): string {
  const value = told(name, visit);
  if (name === "accept-encoding") return normalAcceptEncoding(value);
  if (value === undefined) return "";
  if (name === "accept-language") return `=${normalAcceptLanguage(value)}`;
  const parts = value.split(/([,;])/).map((part) => part.trim());
  const spaced = parts.join("");
  return `=${caseless.has(name) ? spaced.toLowerCase() : spaced}`;
}

/** The field as the origin gets it: what the client claims of itself is written anew, and rules edit what they name. */
function told(name: string, visit: Selecting): string | undefined {
  const edits = visit.requestEdits.flatMap((each) => editsOf(name, each));
  const isOurs = isClaim(name);
  if (edits.length === 0 && !isOurs) return visit.fields.get(name);
  const fields = isOurs ? new Fields() : visit.fields.copy();
  if (isOurs) setForwarded(fields, { ip: visit.client.ip, url: visit.url });
  for (const each of edits) editFields(fields, each, { subject: visit as Routed, reserved: none });
  return fields.get(name);
}

const none: ReadonlySet<string> = new Set();

/** Its part of the edits, if it has one. */
function editsOf(name: string, { remove, set, add }: HeaderEdits): readonly HeaderEdits[] {
  const part = {
    remove: remove.filter((each) => each === name),
    set: set.filter(([each]) => each === name),
    add: add.filter(([each]) => each === name),
  };
  return part.remove.length + part.set.length + part.add.length === 0 ? [] : [part];
}
