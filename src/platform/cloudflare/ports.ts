/** The ports of the edge, on the serverless platform (and on workerd, which it runs on). */
import { waitUntil } from "cloudflare:workers";
import type { Analytics } from "../../analytics.ts";
import type { Config } from "../../config/model.ts";
import type { Edge, Marks, RateLimiter, Store } from "../../edge.ts";
import type { Rates } from "../../rates.ts";
import type { Lookups } from "../../lookups.ts";
import type { Watch } from "../../watch.ts";
import { createBatchedAnalytics, createMemoryAnalytics } from "../memory/analytics.ts";
import { createBanBook, type BanBook } from "../memory/banning.ts";
import { createFirstTime } from "../memory/first-time.ts";
import { createFleet, type LastingFleet } from "../memory/fleet.ts";
import { createFlights } from "../memory/flights.ts";
import { createLookups } from "../memory/lookups.ts";
import { createMac } from "../memory/mac.ts";
import { createMemoryMarks } from "../memory/marks.ts";
import { createMemo } from "../memory/memo.ts";
import { createOnce } from "../memory/once.ts";
import { createRates } from "../memory/rates.ts";
import { createSigner } from "../memory/signer.ts";
import { createTally } from "../memory/tally.ts";
import { createUsage } from "../memory/usage.ts";
import { createMemoryTier, type MemoryTier } from "../memory/tier.ts";
import { createTiers } from "../tiers.ts";
import { isFetcher, isNamespace, isSecret } from "./bound.ts";
import { createLedger, isDataset, withPoints } from "./analytics.ts";
import { createBanning } from "./bans.ts";
import { createKvMarks } from "./marks.ts";
import { createCounters } from "./rates.ts";
import { createShield, isObjectNamespace } from "./shield.ts";
import { createWatch } from "./watch.ts";
import { createCacheApiStore } from "./store.ts";

/** As many different User-Agents and the like as an isolate remembers. */
const memoSize = 2_000;

/** Lets work go on after the answer has left; a rejection is logged. */
export const defer: Edge["defer"] = (work) =>
  waitUntil(work.catch((error: unknown) => console.error("deferred work failed:", error)));

const after: Edge["after"] = (ms, act) => {
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
};

/** Milliseconds that memory may be behind the platform's cache, when another isolate of the location wrote to that. */
const memoryLag = 5_000;

/** What lasts as long as the isolate, whatever config it serves. */
export interface Isolate {
  readonly store: Store;
  /** For when no namespace is bound. */
  readonly marks: Marks;
  readonly memory: MemoryTier;
  readonly fleet: LastingFleet;
  readonly lookups: Lookups;
  readonly hints: Lookups;
  readonly rates: Rates;
  /** For when no namespace is bound. */
  readonly bans: BanBook;
  readonly firstTime: Edge["firstTime"];
  /** Once it is known whom to tell. */
  analytics: Analytics | undefined;
  readonly usage: Edge["usage"];
}

/** Its memory holds nothing until a config says how much it may take. */
export function createIsolate(): Isolate {
  const now = (): number => Date.now();
  const memory = createMemoryTier({ bytes: 0, longest: memoryLag, now });
  const store = createTiers({ memory, platform: createCacheApiStore(caches.default), now, defer });
  return {
    memory,
    store,
    marks: createMemoryMarks(),
    fleet: createFleet(),
    lookups: createLookups({ now, defer }),
    hints: createLookups({ now, defer }),
    rates: createRates(),
    bans: createBanBook(now),
    firstTime: createFirstTime(now),
    analytics: undefined,
    usage: createUsage(),
  };
}

/** @param bindings the Worker's `env`. */
export function createEdge(
  config: Config,
  bindings: Readonly<Record<string, unknown>>,
  isolate: Isolate = createIsolate(),
): Edge {
  isolate.memory.resize(config.settings.memory);
  isolate.fleet.retain(config);
  const secret = (name: string): string | undefined => toSecret(bindings[name]);
  const sign = createSigner(secret);
  return {
    config,
    now: () => Date.now(),
    random: () => Math.random(),
    token: () => btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16)))),
    after,
    fetch: (url, init, via) => {
      const asked = { ...init, redirect: "manual", encodeResponseBody: "manual" } as const;
      return via === undefined ? fetch(url, asked) : toFetcher(bindings, via).fetch(url, asked);
    },
    store: isolate.store,
    marks: toMarks(bindings["PURGES"], config.settings.purge.refresh) ?? isolate.marks,
    secret,
    sign,
    mac: createMac(sign),
    limiter: (binding) => toLimiter(bindings[binding]),
    rates: isolate.rates,
    counters: isObjectNamespace(bindings["RATES"]) ? createCounters(bindings["RATES"]) : undefined,
    banning: isObjectNamespace(bindings["BANS"])
      ? createBanning(bindings["BANS"])
      : { look: async (told) => isolate.bans.look(told) },
    analytics: (isolate.analytics ??= toAnalytics(bindings)),
    remember: createMemo<string>(memoSize),
    firstTime: isolate.firstTime,
    usage: isolate.usage,
    defer,
    deferOnce: createOnce(defer),
    flights: createFlights(() => Date.now()),
    lookups: isolate.lookups,
    hints: isolate.hints,
    tally: createTally(),
    fleet: isolate.fleet,
    shield: isObjectNamespace(bindings["SHIELD"]) ? createShield(bindings["SHIELD"], () => Date.now()) : undefined,
    watch: toWatch(bindings["HEALTH"], config),
    log: (line) => console.log(line),
  };
}

/** For all locations by the Durable Objects of the binding `ANALYTICS`, else for this isolate; with data points where a dataset is bound. */
function toAnalytics({ ANALYTICS: objects, POINTS: points }: Readonly<Record<string, unknown>>): Analytics {
  const now = (): number => Date.now();
  const analytics = isObjectNamespace(objects)
    ? createBatchedAnalytics({ ledger: createLedger(objects), by: crypto.randomUUID(), now, after, defer })
    : createMemoryAnalytics({ now, warn: (line) => console.error(line) });
  return isDataset(points) ? withPoints(analytics, points) : analytics;
}

/** Over the KV namespace of that binding; undefined when it is none. */
function toMarks(binding: unknown, refresh: number): Marks | undefined {
  return isNamespace(binding) ? createKvMarks(binding, { now: () => Date.now(), defer, refresh }) : undefined;
}

/** Over the Durable Objects of that binding; undefined when it is none, or nobody is to be probed. */
function toWatch(binding: unknown, { origins }: Config): Watch | undefined {
  return isObjectNamespace(binding) && origins.some(({ health }) => health) ? createWatch(binding) : undefined;
}

function toSecret(binding: unknown): string | undefined {
  return isSecret(binding) ? binding : undefined;
}

/** The config is checked for this when it is loaded; here it is made sure that nobody goes another way. */
function toFetcher(bindings: Readonly<Record<string, unknown>>, name: string): Fetcher {
  const binding = bindings[name];
  if (!isFetcher(binding)) throw new Error(`there is no fetcher binding ${name}`);
  return binding;
}

/** The platform's rate-limit binding, whose limit and period are set in wrangler.toml. */
function toLimiter(binding: unknown): RateLimiter | undefined {
  if (!isRateLimit(binding)) return undefined;
  return { take: async (key) => (await binding.limit({ key })).success };
}

function isRateLimit(binding: unknown): binding is RateLimit {
  return typeof binding === "object" && binding !== null && "limit" in binding && typeof binding.limit === "function";
}
