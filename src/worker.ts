/** The platform's entry: builds the edge once for each config, and hands over to the app. */
import { DurableObject } from "cloudflare:workers";
import { createApp } from "./app.ts";
import { loadConfig, type Problem } from "./config/config.ts";
import type { Edge } from "./edge.ts";
import { regions } from "./geo/regions.ts";
import type { Asked, Told } from "./hop.ts";
import { forgetAtShield, journeyAtShield } from "./journey.ts";
import { show, newWatching, nextAt, probeDue, type Watching } from "./origin/origin.ts";
import { createListKeeper } from "./lists/lists.ts";
import { arriver } from "./platform/cloudflare/arrive.ts";
import { boundIn } from "./platform/cloudflare/bound.ts";
import { readDocument } from "./platform/cloudflare/config-document.ts";
import { openList } from "./platform/cloudflare/list-store.ts";
import { createEdge, createIsolate, defer } from "./platform/cloudflare/ports.ts";
import { isObjectNamespace } from "./platform/cloudflare/shield.ts";
import { watcherIn, type WatchMethods } from "./platform/cloudflare/watch.ts";
import { createShieldEdge } from "./platform/shield-edge.ts";
import { reasons } from "./reasons.ts";
import type { Report, View } from "./watch.ts";

type Bindings = Readonly<Record<string, unknown>>;

/** What one config makes. */
interface Serving {
  readonly version: string;
  readonly app: ReturnType<typeof createApp>;
  readonly edge: Edge;
  /** For visits that come to this isolate as a shield's. */
  readonly shieldEdge: Edge;
}

/** How long a config in KV counts as current before it is looked at again, in milliseconds. */
const configAge = 30_000;

/** They outlive every config. */
const isolate = createIsolate();
const lists = createListKeeper({ now: () => Date.now(), defer, warn: (line) => console.error(line) });

let serving: Serving | undefined;
let lookedAt = 0;

export default {
  async fetch(request, bindings) {
    const current = await serve(bindings as Bindings);
    if (current) return current.app.fetch(request);
    const { status, says } = reasons["bad-config"];
    return new Response(`${says}\n`, { status, headers: { "cache-control": "no-store" } });
  },

  /** For when an alarm got lost: no more than that is needed, because each visit that looks wakes them too. */
  async scheduled(_event, bindings) {
    const namespace = (bindings as Bindings)["HEALTH"];
    if (!isObjectNamespace(namespace)) return;
    await Promise.allSettled([...regions, undefined].map((region) => watcherIn(region, namespace).wake()));
  },
} satisfies ExportedHandler;

/** A cache near the origin, for all locations (docs/CACHING.md). Nobody but the Worker reaches it. */
export class Shield extends DurableObject<Bindings> {
  /** @param begun tells the location that somebody is here. */
  async answer(asked: Asked, begun: () => Promise<void>): Promise<Told> {
    begun().catch(() => undefined);
    return journeyAtShield(asked, await this.#edge());
  }

  async forget(key: string): Promise<void> {
    await forgetAtShield(key, await this.#edge());
  }

  async #edge(): Promise<Edge> {
    return (await servingIn(this.env)).shieldEdge;
  }
}

/** Probes the origins from its region while locations look (docs/ORIGINS.md). Nobody but the Worker reaches it. */
export class Health extends DurableObject<Bindings> implements Pick<WatchMethods, "look" | "wake"> {
  #watching: Watching | undefined;

  async look(reports: readonly Report[]): Promise<View> {
    const [watching, { edge }] = [await this.#read(), await servingIn(this.env)];
    const view = show(watching, reports, edge);
    await this.#goOn(nextAt(watching, edge));
    return view;
  }

  async wake(): Promise<void> {
    const [watching, { edge }] = [await this.#read(), await servingIn(this.env)];
    await this.#goOn(nextAt(watching, edge));
  }

  override async alarm(): Promise<void> {
    const [watching, { edge }] = [await this.#read(), await servingIn(this.env)];
    if (nextAt(watching, edge) === undefined) return;
    await probeDue(watching, edge);
    await this.ctx.storage.put(watchingKey, watching);
    await this.#goOn(nextAt(watching, edge));
  }

  async #read(): Promise<Watching> {
    this.#watching ??= (await this.ctx.storage.get<Watching>(watchingKey)) ?? newWatching();
    return this.#watching;
  }

  /** Wakes up then, unless it does so before that. */
  async #goOn(at: number | undefined): Promise<void> {
    if (at === undefined) return;
    const { storage } = this.ctx;
    const set = await storage.getAlarm();
    if (set === null || at < set) await storage.setAlarm(Math.max(at, Date.now()));
  }
}

const watchingKey = "watching";

export { Experiments } from "./platform/cloudflare/analytics.ts";
export { Bans } from "./platform/cloudflare/bans.ts";
export { Rates } from "./platform/cloudflare/rates.ts";

/** What serves now, for what can't do without. */
async function servingIn(bindings: Bindings): Promise<Serving> {
  const current = await serve(bindings);
  if (!current) throw new Error("there is no config to serve");
  return current;
}

/** What serves now; undefined without a config that can be used. */
async function serve(bindings: Bindings): Promise<Serving | undefined> {
  if (isDue(bindings)) await look(bindings);
  const reading = lists.current();
  if (reading) await reading;
  return serving;
}

/** Whether it is time to look for a newer config. One that comes with the Worker stays the same as long as it runs. */
function isDue(bindings: Bindings): boolean {
  const mayChange = serving === undefined || bindings["CONFIG"] !== undefined;
  return mayChange && Date.now() - lookedAt >= configAge;
}

/** Only the first visit waits for a config; later ones find a newer one already there. */
async function look(bindings: Bindings): Promise<void> {
  const isFirst = serving === undefined;
  if (!isFirst) lookedAt = Date.now();
  const renewal = renew(bindings);
  if (!isFirst) return defer(renewal);
  await renewal;
  lookedAt = Date.now();
}

/** Replaces what is serving, unless the config is the same, can't be read, or has problems. */
async function renew(bindings: Bindings): Promise<void> {
  const document = await readDocument(bindings["CONFIG"]).catch((error: unknown) => {
    console.error("The config in KV can't be read:", error);
    return undefined;
  });
  if (serving && !document) return;
  const loaded = loadConfig(document ?? bindings, boundIn(bindings));
  if (loaded.kind === "problems") return report(loaded.problems);
  const { config } = loaded;
  if (config.version === serving?.version) return;
  lists.attach(loaded.stored, (source) => openList(source, bindings));
  const edge = createEdge(config, bindings, isolate);
  const app = createApp(edge, arriver(edge));
  serving = { version: config.version, app, edge, shieldEdge: createShieldEdge(edge) };
}

function report(problems: readonly Problem[]): void {
  const kept = serving ? `; config ${serving.version} stays in force` : "";
  console.error(`The config has ${problems.length} problem(s)${kept}:`);
  for (const { at, says } of problems) console.error(`  ${at}: ${says}`);
}
