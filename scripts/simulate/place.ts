/** An edge location: the project's own cache, fleet and config, on a clock that the simulation moves. */
import type { Answer } from "../../src/answer.ts";
import { controlOf, type Control } from "../../src/cache/control.ts";
import { isDueEarly } from "../../src/cache/early.ts";
import type { StoredAnswer } from "../../src/cache/entry.ts";
import { toStored } from "../../src/cache/keep.ts";
import { useOf } from "../../src/cache/reuse.ts";
import { whyNotStored } from "../../src/cache/storable.ts";
import type { Exchange } from "../../src/cache/freshness.ts";
import type { Config } from "../../src/config/model.ts";
import { visitedAddress } from "../../src/http/address.ts";
import { Fields } from "../../src/http/fields.ts";
import type { Knowing } from "../../src/origin/health/usable.ts";
import { createFleet } from "../../src/platform/memory/fleet.ts";
import { S3Fifo } from "../../src/platform/memory/s3-fifo.ts";
import { Trail } from "../../src/trail.ts";
import type { Client, Planned } from "../../src/visit.ts";
import type { Kind } from "./demand.ts";
import type { Location } from "./planet.ts";

export interface Place {
  readonly edge: Knowing;
  /** What the visits that it gets have in common, which is all but what they ask for. */
  readonly visit: Planned;
  readonly cache: S3Fifo<StoredAnswer>;
  /** Keys of what is being refreshed behind a visitor's back. */
  readonly refreshing: Set<string>;
}

/** What is the same for all places. */
export interface Setting extends Omit<Knowing, "fleet"> {
  readonly config: Config;
}

export function createPlace(location: Location, setting: Setting): Place {
  const { config } = setting;
  const edge = { ...setting, fleet: createFleet() };
  const cache = new S3Fifo<StoredAnswer>(config.settings.memory);
  return { edge, visit: visitTo(location, config), cache, refreshing: new Set() };
}

/** Nobody reads it. */
class NoTrail extends Trail {
  override note(): void {}
}

const url = "https://www.example.com/";

function visitTo({ code, at: [latitude, longitude] }: Location, { sites, settings }: Config): Planned {
  const site = sites.any!;
  const client: Client = { ip: "192.0.2.1", location: code, latitude, longitude };
  return {
    id: "",
    method: "GET",
    url: visitedAddress(url)!,
    fields: new Fields(),
    request: new Request(url),
    client,
    startedAt: 0,
    trail: new NoTrail(),
    site,
    bot: "",
    kind: "person",
    proof: "none",
    score: { total: () => 0, weights: () => [], add: () => {}, wasAsked: () => false },
    rules: [],
    dues: [],
    target: "/",
    pool: site.origins,
    balance: site.balance,
    caching: site.caching,
    experiments: [],
    requestEdits: [],
    shapes: [],
    finishing: { edits: [], compress: settings.compress },
    plan: { kind: "lookup", key: url },
  };
}

/** What an origin answers, as the cache sees it. */
export interface Page {
  readonly answer: Answer;
  readonly control: Control;
  readonly isKept: boolean;
}

export function toPage({ cacheControl, bytes }: Kind, { visit, edge }: Place): Page {
  const fields = Fields.of({ "cache-control": cacheControl, "content-length": String(bytes) });
  const answer: Answer = { status: 200, fields, body: null };
  const control = controlOf(fields, edge);
  return { answer, control, isKept: whyNotStored(visit, answer, control) === undefined };
}

/** What the cache says to a visit. */
export interface Looked {
  /** The visit has its answer. */
  readonly isHit: boolean;
  /** The origin is asked all the same, behind its back. */
  readonly isRefreshed: boolean;
  /** What is there, even if it is of no use unless all else fails. */
  readonly stored: StoredAnswer | undefined;
}

const noDirectives: ReadonlyMap<string, string> = new Map();
const nothing: Looked = { isHit: false, isRefreshed: false, stored: undefined };

export function lookUp(key: string, { cache, visit, edge, refreshing }: Place): Looked {
  const stored = cache.get(key);
  if (!stored) return nothing;
  const now = edge.now();
  const use = useOf(stored, noDirectives, now);
  if (use.kind === "ask") return { isHit: false, isRefreshed: false, stored };
  const odds = { now, eagerness: visit.caching.early, random: edge.random };
  const isDue = use.as === "stale-while-revalidate" || isDueEarly(stored, odds);
  return { isHit: true, isRefreshed: isDue && !refreshing.has(key), stored };
}

/** Keeps the answer, if it is one to keep. */
export function keep(key: string, { answer, control, isKept }: Page, { place, exchange }: Keeping): void {
  if (!isKept) return;
  const stored = toStored(place.visit, { answer, control, exchange });
  place.cache.set(key, stored, Number(answer.fields.get("content-length")));
}

interface Keeping {
  readonly place: Place;
  readonly exchange: Exchange;
}
