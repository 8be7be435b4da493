/**
 * The cookie by which clients stay in their variants, one for all experiments of a host: a number by which the client is told
 * from others, drawn by chance, and the marks of what it sees.
 */
import { markLength } from "../../config/experiments.ts";
import type { Edge } from "../../edge.ts";
import { hashOf } from "../../http/hash.ts";
import { ownCookie } from "../../http/set-cookie.ts";
import { canSeal, seal, unseal } from "../../seal.ts";
import type { Clean } from "../../visit.ts";

export const keepingCookie = "perigee-experiments";

/** What is known of a client. */
export interface Kept {
  /** Tells it from others: 32 bits, as {@link seedLength} letters and digits. */
  readonly seed: string;
  readonly marks: ReadonlySet<string>;
  /** Milliseconds since the epoch; undefined for a client that had no cookie. */
  readonly until: number | undefined;
}

const seedLength = 7;

/** By the first good one among the cookies; a new client without. Undefined where nothing can be sealed. */
export async function readKept(visit: Clean, cookies: readonly string[], edge: Edge): Promise<Kept | undefined> {
  for (const cookie of cookies) {
    const sealed = await unseal(edge, purposeOf(visit), cookie);
    if (!sealed) continue;
    const { text, until } = sealed;
    return { seed: text.slice(0, seedLength), marks: new Set(marksIn(text.slice(seedLength))), until };
  }
  if (cookies.length > 0) visit.trail.note("route", "experiments:unknown-cookie");
  if (canSeal(edge)) return { seed: seedOf(visit), marks: new Set(), until: undefined };
  visit.trail.note("route", "experiments:no-key");
  return undefined;
}

/** By the id, which no other visit has, and with which those of a page's fragments begin: they see what the page does. */
function seedOf({ id }: Clean): string {
  return hashOf(id.split(".", 1)[0]!).toString(36).padStart(seedLength, "0");
}

/** The marks of a text, one after the other. */
export function marksIn(text: string): readonly string[] {
  return text.match(new RegExp(`.{${markLength}}`, "g")) ?? [];
}

/** What a client is to keep, and for how many milliseconds. */
export interface Keeping {
  readonly marks: readonly string[];
  readonly lasts: number;
}

/** The line of Set-Cookie; undefined when the client's own cookie says the same, and lasts for half of that time at least. */
export async function keep(
  visit: Clean,
  had: Kept,
  { marks, lasts }: Keeping,
  edge: Edge,
): Promise<string | undefined> {
  const isSame = marks.length === had.marks.size && marks.every((mark) => had.marks.has(mark));
  if (isSame && had.until !== undefined && had.until - edge.now() >= lasts / 2) return undefined;
  const what = { text: had.seed + marks.join(""), until: edge.now() + lasts };
  const value = await seal(edge, purposeOf(visit), what);
  return value && ownCookie({ name: keepingCookie, value, lasts, protocol: visit.url.protocol });
}

function purposeOf({ site }: Clean): string {
  return `experiments ${site.name}`;
}
