/** Which requests a stored answer fits besides the one it was made for (RFC 9111 §4.1). */
import { normalAcceptEncoding } from "../http/accept.ts";
import type { Fields } from "../http/fields.ts";
import type { Variants } from "./entry.ts";

/** The fields an answer varies by, in lower case and sorted; "*" when no other request can match. */
export function varyOf(answer: Fields): "*" | readonly string[] {
  const names = (answer.get("vary") ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "");
  return names.includes("*") ? "*" : [...new Set(names)].toSorted();
}

/** The key of the variant that fits this request. */
export function variantKey(primary: string, { vary, generation }: Variants, request: Fields): string {
  const values = vary.map((name) => ` ${name}=${encodeURIComponent(selecting(name, request).toWellFormed())}`);
  return `${primary} variant=${generation}${values.join("")}`;
}

/**
 * Variants that also hold an answer which varies by `vary`: the known ones when they look at all of these fields
 * already, else new ones over both.
 */
export function widened(known: Variants | undefined, vary: readonly string[], newGeneration: () => string): Variants {
  if (known && vary.every((name) => known.vary.includes(name))) return known;
  return {
    kind: "variants",
    vary: [...new Set([...(known?.vary ?? []), ...vary])].toSorted(),
    generation: newGeneration(),
  };
}

/** Fields whose values mean the same in any letter case. */
const caseless: ReadonlySet<string> = new Set(["accept-language", "accept", "accept-charset"]);

/**
 * The value that selects, in a normal form: white space around commas and semicolons means nothing (RFC 9111 §4.1), and
 * absence is told apart from an empty value. Of Accept-Encoding, what the origin was told.
 */
function selecting(name: string, request: Fields): string {
  const value = request.get(name);
  if (name === "accept-encoding") return normalAcceptEncoding(value);
  if (value === undefined) return "";
  const spaced = value.trim().replace(/[ \t]*([,;])[ \t]*/g, "$1");
  return `=${caseless.has(name) ? spaced.toLowerCase() : spaced}`;
}
