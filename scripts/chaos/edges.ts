/** The edge locations: a workerd each, with a cache and a memory of its own. */
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { bundleWorker } from "../build.ts";
import type { Server } from "../bench/children.ts";
import { startWorkerd } from "../bench/workerd.ts";
import type { Workshop } from "../bench/workshop.ts";
import { killWhenOrphaned } from "../ending.ts";
import type { DemoPlace } from "../start/demo.ts";
import type { Origin } from "./origins.ts";

export interface EdgeLocation extends Server {
  readonly place: DemoPlace;
}

/** Milliseconds that an origin may take to an answer's header, and between bytes of its body. */
const patience = 2_000;

/**
 * All at its default, but for what makes a minute of a quarter of an hour: the times of `eject` are a tenth of the usual
 * ones, and an origin that is silent is given up sooner.
 */
function configFor(origins: readonly Origin[]): Readonly<Record<string, unknown>> {
  return {
    ORIGINS: origins.map(({ place: { name, at }, url }) => ({ name, url, at })),
    SITES: [
      {
        hosts: ["*"],
        origins: origins.map(({ place }) => place.name),
        timeouts: { header: `${patience}ms`, idle: `${patience}ms` },
      },
    ],
    SETTINGS: {
      eject: { window: "3s", base: "1s", most: "30s", slowStart: "3s" },
      log: "all",
      localVisitors: true,
    },
  };
}

/** @param read gets each line of their access logs, and the name of the place. */
export async function startEdges(
  origins: readonly Origin[],
  workshop: Workshop,
  read: (line: string, place: string) => void,
): Promise<readonly EdgeLocation[]> {
  const bindings = configFor(origins);
  const config = await workshop.furnish({
    name: "Perigee",
    build: async () => (await bundleWorker({ minify: false })).code,
    bindings: () => bindings,
  });
  return Promise.all(
    origins.map(async ({ place }) => {
      const { url, child } = await startWorkerd(config, "pipe");
      killWhenOrphaned(child.pid!);
      createInterface({ input: child.stdout as Readable }).on("line", (line) => read(line, place.name));
      return { place, url, child };
    }),
  );
}
