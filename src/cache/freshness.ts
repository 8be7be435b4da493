/** How old an answer is and how long it stays fresh (RFC 9111 §4.2). Pure arithmetic; times in milliseconds. */
import type { CachePolicy } from "../config/model.ts";
import { deltaSeconds, type Directives } from "../http/directives.ts";
import type { Fields } from "../http/fields.ts";
import { parseHttpDate } from "../http/http-date.ts";
import type { Control } from "./control.ts";
import { ttlOf } from "./ttl.ts";

/** When an answer was asked for, and when its header came. */
export interface Exchange {
  readonly askedAt: number;
  readonly answeredAt: number;
}

/** Statuses that may be fresh by heuristics without being told so (RFC 9110 §15.1). */
const heuristicStatuses: ReadonlySet<number> = new Set([200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501]);

/** The share of an answer's age at its making for which it is taken to stay as it is (RFC 9111 §4.2.2). */
const heuristicShare = 0.1;
const longestHeuristic = 24 * 3600 * 1000;

/**
 * The moment at which the answer's age was zero (RFC 9111 §4.2.3): now minus this is its current age. An unreadable
 * `Age` is ignored; of a list, the first member counts (§5.1).
 */
export function bornAt(answer: Fields, { askedAt, answeredAt }: Exchange): number {
  const date = parseHttpDate(answer.get("date") ?? "", answeredAt) ?? answeredAt;
  const apparentAge = Math.max(0, answeredAt - date);
  const correctedAge = ageValue(answer) + (answeredAt - askedAt);
  return answeredAt - Math.max(apparentAge, correctedAge);
}

/**
 * How long the answer is fresh from its birth on (RFC 9111 §4.2.1), 0 when it never is. A rule's `ttl` goes before all;
 * then s-maxage, max-age, Expires, and heuristics, in that order. An unreadable value counts as stale.
 */
export function lifetimeOf(status: number, answer: Fields, { control, policy, answeredAt }: Basis): number {
  const ttl = ttlOf(policy, status);
  if (ttl !== undefined) return ttl;
  const { directives, targeted } = control;
  const said = deltaSeconds(directives, "s-maxage") ?? deltaSeconds(directives, "max-age");
  if (said !== undefined) return Number.isNaN(said) ? 0 : said * 1000;
  if (targeted) return 0;
  const expires = answer.get("expires");
  const date = parseHttpDate(answer.get("date") ?? "", answeredAt) ?? answeredAt;
  if (expires !== undefined) return Math.max(0, (parseHttpDate(expires, answeredAt) ?? 0) - date);
  return heuristicLifetime(status, answer, { directives, date, answeredAt });
}

/** What a lifetime follows from, besides the answer itself. */
export interface Basis {
  readonly control: Control;
  readonly policy: CachePolicy;
  readonly answeredAt: number;
}

/** Whether the answer says by itself how long it is fresh. */
export function isExplicit({ directives, targeted }: Control, answer: Fields): boolean {
  return directives.has("s-maxage") || directives.has("max-age") || (!targeted && answer.has("expires"));
}

/** Whether an answer without explicit freshness may be fresh all the same (RFC 9111 §4.2.2). */
export function mayBeHeuristic(status: number, directives: Directives): boolean {
  return heuristicStatuses.has(status) || directives.has("public");
}

interface HeuristicBasis {
  readonly directives: Directives;
  readonly date: number;
  readonly answeredAt: number;
}

function heuristicLifetime(status: number, answer: Fields, { directives, date, answeredAt }: HeuristicBasis): number {
  const modified = parseHttpDate(answer.get("last-modified") ?? "", answeredAt);
  if (modified === undefined || !mayBeHeuristic(status, directives)) return 0;
  return Math.min(longestHeuristic, Math.max(0, (date - modified) * heuristicShare));
}

function ageValue(answer: Fields): number {
  const first = answer.get("age")?.split(",", 1)[0]!.trim() ?? "";
  return /^\d+$/.test(first) ? Math.min(Number(first), 2 ** 31) * 1000 : 0;
}
