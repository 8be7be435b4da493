/**
 * The world a journey is told in: an edge with a clock that only the story moves, a client anywhere on Earth, and real
 * HTTP origins that play what the story tells them. Runs inside workerd.
 */
import { inject } from "vitest";
import { createApp } from "../../src/app.ts";
import { loadConfig } from "../../src/config/config.ts";
import type { Edge } from "../../src/edge.ts";
import { Fields } from "../../src/http/fields.ts";
import { arriver } from "../../src/platform/cloudflare/arrive.ts";
import { createEdge } from "../../src/platform/cloudflare/ports.ts";
import { createMemoryAnalytics } from "../../src/platform/memory/analytics.ts";
import { createBanBook } from "../../src/platform/memory/banning.ts";
import { createFirstTime } from "../../src/platform/memory/first-time.ts";
import { createFlights } from "../../src/platform/memory/flights.ts";
import { createLookups } from "../../src/platform/memory/lookups.ts";
import { createOnce } from "../../src/platform/memory/once.ts";
import { createMemoryStore } from "../../src/platform/memory/store.ts";
import type { OriginAnswer, SeenRequest } from "./origin-answer.ts";

/** Where a client is, in the platform's words: what `request.cf` holds, and the address. */
export interface Place {
  readonly ip?: string;
  readonly country?: string;
  readonly continent?: string;
  readonly city?: string;
  readonly latitude?: string;
  readonly longitude?: string;
  readonly asn?: number;
  readonly colo?: string;
  readonly timezone?: string;
  readonly tlsVersion?: string;
  readonly tlsClientRandom?: string;
  readonly tlsClientAuth?: Readonly<Record<string, string>>;
}

export const berlin: Place = {
  ip: "192.0.2.1",
  country: "DE",
  continent: "EU",
  city: "Berlin",
  latitude: "52.52",
  longitude: "13.40",
};
export const tokyo: Place = {
  ip: "192.0.2.2",
  country: "JP",
  continent: "AS",
  city: "Tokyo",
  latitude: "35.68",
  longitude: "139.69",
};

export interface VisitOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: BodyInit;
  /** Aborts when the client leaves. */
  readonly signal?: AbortSignal;
  readonly from?: Place;
}

export interface WorldOptions {
  /** Bindings over the default ones (three origins, one site with all of them). */
  readonly vars?: Readonly<Record<string, unknown>>;
  /** Ports over the default ones: real fetch, a store in memory. */
  readonly ports?: Partial<Edge>;
  /** Another place in the same world: with its origins and its clock, and all else its own. */
  readonly beside?: Scene;
}

export type World = ReturnType<typeof createWorld>;

/** What several places of one world have in common. */
interface Scene {
  /** What the origins know the story by. */
  readonly script: string;
  readonly clock: Clock;
}

interface Clock {
  /** Milliseconds since the epoch. */
  now: number;
  readonly advance: (seconds: number) => void;
}

/** Demo places, on the scripted servers. */
const places = { frankfurt: [50.11, 8.68], virginia: [38.95, -77.45], singapore: [1.35, 103.99] } as const;

/** Where the story begins; every age and date follows from it. */
export const dawn = Date.parse("2026-03-01T00:00:00Z");

export function createWorld({ vars = {}, ports = {}, beside = createScene() }: WorldOptions = {}) {
  const { script, clock } = beside;
  const log: Record<string, unknown>[] = [];
  const warnings: string[] = [];
  const deferred: Promise<unknown>[] = [];
  const bindings = { ...defaultVars(script), ...vars };
  const loaded = loadConfig(bindings);
  if (loaded.kind === "problems") throw new Error(loaded.problems.map(({ at, says }) => `${at}: ${says}`).join("\n"));

  const defer: Edge["defer"] = (work) => void deferred.push(work.catch(() => undefined));
  const bans = createBanBook(() => clock.now);
  const edge: Edge = {
    ...createEdge(loaded.config, bindings),
    store: createMemoryStore(),
    now: () => clock.now,
    defer,
    deferOnce: createOnce(defer),
    flights: createFlights(() => clock.now),
    firstTime: createFirstTime(() => clock.now),
    lookups: createLookups({ now: () => clock.now, defer }),
    hints: createLookups({ now: () => clock.now, defer }),
    banning: { look: async (told) => bans.look(told) },
    analytics: createMemoryAnalytics({ now: () => clock.now, warn: (line) => void warnings.push(line) }),
    log: (line) => void log.push(JSON.parse(line) as Record<string, unknown>),
    ...ports,
  };
  const app = createApp(edge, arriver(edge));

  return {
    edge,
    clock,
    script,
    /** The access log's lines, parsed. */
    log,
    /** What those who count tell the operator. */
    warnings,
    origin: (name: keyof typeof places) => scriptedOrigin(name, script),

    /** One request; `target` is a path on the default site, or a URL. */
    async visit(target: string, { from = berlin, headers = {}, ...init }: VisitOptions = {}): Promise<Response> {
      const { ip = "192.0.2.1", ...cf } = from;
      const request = new Request(new URL(target, "https://www.example.com"), {
        ...init,
        headers: { ...headers, "cf-connecting-ip": ip },
        redirect: "manual",
        cf,
      });
      return app.fetch(request);
    },

    /** Waits for the work that answers left behind: stores, refreshes. */
    async settle(): Promise<void> {
      while (deferred.length > 0) await Promise.allSettled(deferred.splice(0));
    },
  };
}

function createScene(): Scene {
  const clock = { now: dawn, advance: (seconds: number): void => void (clock.now += seconds * 1000) };
  return { script: crypto.randomUUID(), clock };
}

/** The URL of a scripted origin of this script; `nobody` is where nothing listens. */
export function originUrl(name: string, script: string): string {
  return `http://127.0.0.1:${inject("originPorts")[name]}/${script}`;
}

function defaultVars(script: string): Record<string, unknown> {
  return {
    ORIGINS: Object.entries(places).map(([name, at]) => ({ name, url: originUrl(name, script), at })),
    SITES: [{ hosts: ["www.example.com"], origins: Object.keys(places) }],
  };
}

function scriptedOrigin(name: string, script: string) {
  const control = `http://127.0.0.1:${inject("originPorts")[name]}`;
  return {
    /** Its own address, as it may write it into an answer. */
    url: originUrl(name, script),
    /** What it answers at that path, in order; the last one repeats. */
    async answers(path: string, ...answers: OriginAnswer[]): Promise<void> {
      const init = { method: "PUT", body: JSON.stringify(answers) };
      await (await fetch(`${control}/.script/${script}?path=${encodeURIComponent(path)}`, init)).text();
    },
    /** What it has seen so far. */
    async seen(): Promise<readonly SeenRequest[]> {
      return (await fetch(`${control}/.seen/${script}`)).json();
    },
  };
}

/** The members of Cache-Status that the edge wrote, as one string without its name: "hit; ttl=60". */
export function cacheStatus(response: Response): string {
  return (Fields.from(response.headers).get("cache-status") ?? "").replace(/^perigee;? ?/, "");
}
