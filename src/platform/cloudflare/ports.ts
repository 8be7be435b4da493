/** The ports of the edge, on the serverless platform (and on workerd, which it runs on). */
import { waitUntil } from "cloudflare:workers";
import type { Config } from "../../config/model.ts";
import type { Edge, RateLimiter } from "../../edge.ts";
import { createFlights } from "../memory/flights.ts";
import { createMemo } from "../memory/memo.ts";
import { createOnce } from "../memory/once.ts";
import { createCacheApiStore } from "./store.ts";

/** As many different User-Agents and the like as an isolate remembers. */
const memoSize = 2_000;

/** Lets work go on after the answer has left; a rejection is logged. */
export const defer: Edge["defer"] = (work) =>
  waitUntil(work.catch((error: unknown) => console.error("deferred work failed:", error)));

/** @param bindings the Worker's `env`. */
export function createEdge(config: Config, bindings: Readonly<Record<string, unknown>>): Edge {
  return {
    config,
    now: () => Date.now(),
    random: () => Math.random(),
    fetch: (url, init) => fetch(url, { ...init, redirect: "manual", encodeResponseBody: "manual" }),
    store: createCacheApiStore(caches.default),
    limiter: (binding) => toLimiter(bindings[binding]),
    remember: createMemo(memoSize),
    defer,
    deferOnce: createOnce(defer),
    flights: createFlights(() => Date.now()),
    log: (line) => console.log(line),
  };
}

/** The platform's rate-limit binding, whose limit and period are set in wrangler.toml. */
function toLimiter(binding: unknown): RateLimiter | undefined {
  if (!isRateLimit(binding)) return undefined;
  return { take: async (key) => (await binding.limit({ key })).success };
}

function isRateLimit(binding: unknown): binding is RateLimit {
  return typeof binding === "object" && binding !== null && "limit" in binding && typeof binding.limit === "function";
}
