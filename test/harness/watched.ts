/** A location whose origins are probed: the story says when the one who probes wakes up. */
import type { Edge } from "../../src/edge.ts";
import { newWatching, nextAt, probeDue, show } from "../../src/origin/origin.ts";
import type { Report, View, Watch } from "../../src/watch.ts";
import { createWorld, originUrl, type World } from "./world.ts";

export const names = ["frankfurt", "virginia", "singapore"] as const;

/** What the location's way to the one who probes does instead. */
type Way = (look: Watch["look"]) => Watch["look"];

export interface Watched extends World {
  /** Seconds pass, one by one, and the probes that fall due in them are made. */
  readonly pass: (seconds: number) => Promise<void>;
  readonly looks: readonly (readonly Report[])[];
  readonly isProbing: () => boolean;
}

/** Three origins with these checks; Berlin's order is that of {@link names}. */
export function createWatched(
  check: object = {},
  { way = (same: Watch["look"]) => same, ports = {} }: Options = {},
): Watched {
  const looks: (readonly Report[])[] = [];
  const watching = newWatching();
  const look: Watch["look"] = async (_, reports) => {
    looks.push(reports);
    return structuredClone(show(watching, reports, world.edge)) satisfies View;
  };
  const script = crypto.randomUUID();
  const ORIGINS = names.map((name) => ({ name, url: originUrl(name, script), health: { path: "/healthz", ...check } }));
  const clock = createWorld().clock;
  const world: World = createWorld({
    vars: { ORIGINS, SITES: [{ hosts: ["www.example.com"], balance: "first" }] },
    ports: { watch: { look: way(look) }, random: () => 0.999, ...ports },
    beside: { script, clock },
  });
  return {
    ...world,
    looks,
    isProbing: () => nextAt(watching, world.edge) !== undefined,
    async pass(seconds) {
      for (let second = 0; second < seconds; second++) {
        clock.advance(1);
        const at = nextAt(watching, world.edge);
        if (at !== undefined && at <= clock.now) await probeDue(watching, world.edge);
      }
    },
  };
}

interface Options {
  readonly way?: Way;
  readonly ports?: Partial<Edge>;
}
