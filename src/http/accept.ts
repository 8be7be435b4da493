/** Accept-Encoding (RFC 9110 §12.5.3): which content codings a client takes, and how gladly. */

/** Coding in lower case, "identity" or "*" → weight from 0 (not acceptable) to 1. */
export type AcceptedCodings = ReadonlyMap<string, number>;

const nothing: AcceptedCodings = new Map();
const weight = /^[ \t]*q[ \t]*=[ \t]*([01](?:\.\d{0,3})?)[ \t]*$/i;

/**
 * Reads a field value. A member whose weight can't be read isn't accepted; the first of repeated ones counts.
 *
 * Without the field a server may send any coding, but clients that leave it out rarely decode one: it counts as
 * `identity` alone, which is always right.
 */
export function parseAcceptEncoding(value: string | undefined): AcceptedCodings {
  if (value === undefined || value === "") return nothing;
  const codings = new Map<string, number>();
  for (const member of value.split(",")) {
    const [name, ...parameters] = member.split(";");
    const coding = canonicalCoding(name!);
    if (coding !== "" && !codings.has(coding)) codings.set(coding, weightOf(parameters));
  }
  return codings;
}

/** The weight of a coding. `identity` that isn't mentioned is acceptable, but less than anything that is. */
export function acceptance(accepted: AcceptedCodings, coding: string): number {
  const said = accepted.get(coding) ?? accepted.get("*");
  if (said !== undefined) return said;
  return coding === "identity" ? leastWeight : 0;
}

/**
 * The most welcome of the codings the server can make: all that the client likes equally, in the server's order; none when the
 * plain form is more welcome.
 */
export function likedCodings<C extends string>(accepted: AcceptedCodings, offered: readonly C[]): readonly C[] {
  const most = Math.max(leastWeight, ...offered.map((coding) => acceptance(accepted, coding)));
  const isWelcome = most > leastWeight && most >= acceptance(accepted, "identity");
  return isWelcome ? offered.filter((coding) => acceptance(accepted, coding) === most) : [];
}

/**
 * The field as an origin gets it: of the codings that the edge can also undo, those that the client accepts. One form for
 * all clients that accept the same, so that an answer which varies by it has three variants and not a hundred.
 */
export function normalAcceptEncoding(value: string | undefined): string {
  const accepted = parseAcceptEncoding(value);
  return undoable.filter((coding) => acceptance(accepted, coding) > 0).join(", ") || "identity";
}

const undoable = ["br", "gzip"] as const;

/**
 * A list of languages with weights (RFC 9110 §12.5.4) in one form for what means the same: letter case, white space and the
 * order of different weights mean nothing. Languages of one weight stay in their order, which many servers go by; a list
 * that can't be read stays as it is.
 */
export function normalAcceptLanguage(value: string): string {
  const members = value
    .toLowerCase()
    .split(",")
    .map((member) => member.trim())
    .filter((member) => member !== "")
    .map((member) => {
      const [language, ...parameters] = member.split(";");
      return { language: language!.trim(), weight: readWeight(parameters) ?? Number.NaN };
    });
  if (members.some(({ weight }) => Number.isNaN(weight))) return value;
  const byWeight = members.toSorted((one, other) => other.weight - one.weight);
  return byWeight.map(({ language, weight }) => `${language};${weight}`).join(",");
}

/**
 * The most welcome of the languages on offer; the first where none is. One that is more special than an offer takes it
 * ("de-AT" takes "de", RFC 4647 §3.4).
 * @param offered language tags in lower case.
 */
export function preferredLanguage(value: string | undefined, offered: readonly string[]): string {
  let best = offered[0]!;
  let most = 0;
  for (const member of (value ?? "").slice(0, longestLanguages).toLowerCase().split(",")) {
    const [language, ...parameters] = member.split(";");
    const [range, gladly] = [language!.trim(), readWeight(parameters) ?? 0];
    const found = offered.find((tag) => range === tag || range.startsWith(`${tag}-`));
    if (found !== undefined && gladly > most) [best, most] = [found, gladly];
  }
  return best;
}

/** Characters that are looked at. */
const longestLanguages = 500;

/** The name of a coding as RFC 9110 §8.4.1 wants it compared: in lower case, and `x-gzip` is gzip. */
export function canonicalCoding(name: string): string {
  const lower = name.trim().toLowerCase();
  return lower === "x-gzip" ? "gzip" : lower;
}

/** Below every weight that can be written. */
const leastWeight = 0.0001;

function weightOf(parameters: readonly string[]): number {
  return readWeight(parameters) ?? 0;
}

/** From 0 to 1, and 1 without a word of it; undefined when it can't be read. */
function readWeight(parameters: readonly string[]): number | undefined {
  if (parameters.length === 0) return 1;
  const written = weight.exec(parameters[0]!)?.[1];
  return written === undefined ? undefined : Math.min(1, Number(written));
}

/** Whether Accept names event streams, as that of an EventSource does. */
export function asksForEvents(accept: string | undefined): boolean {
  return accept !== undefined && accept.toLowerCase().includes("text/event-stream");
}
