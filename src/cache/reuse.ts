/** What a stored answer is good for, for this request, now (RFC 9111 §4, §5.2.1; RFC 5861). */
import { deltaSeconds, type Directives } from "../http/directives.ts";
import type { StoredAnswer } from "./entry.ts";

/** How the stored answer may be used. */
export type Use =
  /** As it is; stale ones because the client takes them, or while they are refreshed behind its back. */
  | { readonly kind: "serve"; readonly as: "hit" | "max-stale" | "stale-while-revalidate" }
  /** Only after the origin was asked: it is stale, the client wants to be sure, or there is none that fits. */
  | { readonly kind: "ask"; readonly because: "stale" | "request" | "uri-miss" | "vary-miss" | "miss" };

/** Milliseconds of freshness left; negative once stale. */
export function freshnessLeft(stored: StoredAnswer, now: number): number {
  return stored.bornAt + stored.lifetime - now;
}

/** @param request the directives of the request. */
export function useOf(stored: StoredAnswer, request: Directives, now: number): Use {
  const left = freshnessLeft(stored, now);
  if (stored.validate === "always") return { kind: "ask", because: "stale" };
  if (asksForFresher(stored, request, now)) return { kind: "ask", because: "request" };
  if (left > 0) return { kind: "serve", as: "hit" };
  if (stored.validate === "stale") return { kind: "ask", because: "stale" };
  if (-left < stored.staleWhileRevalidate) return { kind: "serve", as: "stale-while-revalidate" };
  return takesStale(request, -left) ? { kind: "serve", as: "max-stale" } : { kind: "ask", because: "stale" };
}

/**
 * Whether the answer is as good as one of its own to a visit that arrived then, in milliseconds since the epoch, however stale
 * it is: the origin gave it since, or, where none may be had without asking, was asked for it since.
 */
export function cameFor({ askedAt, took, validate }: StoredAnswer, arrivedAt: number): boolean {
  return (validate === "always" ? askedAt : askedAt + took) >= arrivedAt;
}

/**
 * Whether a stale answer is better than the origin's failure (RFC 5861 §4).
 * @param atLeast for so many milliseconds, whatever the origin says.
 */
export function bridgesError(stored: StoredAnswer, now: number, atLeast = 0): boolean {
  if (stored.validate !== "whenever") return false;
  return -freshnessLeft(stored, now) < Math.max(stored.staleIfError, atLeast);
}

/** no-cache, max-age and min-fresh (§5.2.1); an unreadable argument asks for nothing. */
function asksForFresher(stored: StoredAnswer, request: Directives, now: number): boolean {
  if (request.size === 0) return false;
  if (request.has("no-cache")) return true;
  const age = now - stored.bornAt;
  const maxAge = deltaSeconds(request, "max-age");
  if (maxAge !== undefined && age > maxAge * 1000 && !takesStale(request, age - maxAge * 1000)) return true;
  const minFresh = deltaSeconds(request, "min-fresh");
  return minFresh !== undefined && freshnessLeft(stored, now) < minFresh * 1000;
}

/** max-stale (§5.2.1.2): by any time when it has no argument. */
function takesStale(request: Directives, staleFor: number): boolean {
  if (!request.has("max-stale")) return false;
  return request.get("max-stale") === "" || staleFor <= deltaSeconds(request, "max-stale")! * 1000;
}
