/** A visit and an edge for the observe room alone: what it says is caught, and time stands where the test puts it. */
import { createEdge } from "../../src/platform/cloudflare/ports.ts";
import { arriver } from "../../src/platform/cloudflare/arrive.ts";
import type { Settings } from "../../src/config/model.ts";
import { loadConfig } from "../../src/config/config.ts";
import type { Edge } from "../../src/edge.ts";
import type { Visit } from "../../src/visit.ts";

const noon = Date.parse("2026-03-01T12:00:00Z");

const vars = {
  ORIGINS: [{ name: "frankfurt", url: "http://127.0.0.1:9", at: [50.11, 8.68] }],
  SITES: [{ hosts: ["www.example.com"], origins: ["frankfurt"] }],
};

export interface Stage {
  readonly edge: Edge;
  /** The lines as they were written. */
  readonly lines: string[];
  readonly deferred: Promise<unknown>[];
  readonly clock: { now: number };
  readonly arrive: (init?: RequestInit, url?: string) => Visit;
}

export function createStage(settings: Partial<Settings> = {}, ports: Partial<Edge> = {}): Stage {
  const loaded = loadConfig(vars);
  if (loaded.kind === "problems") throw new Error(JSON.stringify(loaded.problems));
  const lines: string[] = [];
  const deferred: Promise<unknown>[] = [];
  const clock = { now: noon };
  const config = { ...loaded.config, settings: { ...loaded.config.settings, ...settings } };
  const edge: Edge = {
    ...createEdge(config, vars),
    now: () => clock.now,
    log: (line) => void lines.push(line),
    defer: (work) => void deferred.push(work),
    ...ports,
  };
  const arrive = arriver(edge);
  return {
    edge,
    lines,
    deferred,
    clock,
    arrive: (init = {}, url = "https://www.example.com/a?token=secret") => arrive(new Request(url, init))!,
  };
}
