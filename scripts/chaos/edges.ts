/** The edge locations: a workerd each, with a cache and a memory of its own. */
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { bundleWorker } from "../build.ts";
import type { Server } from "../bench/children.ts";
import { startWorkerd } from "../bench/workerd.ts";
import type { Workshop } from "../bench/workshop.ts";
import { killWhenOrphaned } from "../ending.ts";
import type { DemoPlace } from "../start/demo.ts";
import { seldomHost, slowHost } from "./objects.ts";
import type { Origin } from "./origins.ts";
import { adminToken } from "./taken.ts";

export interface EdgeLocation extends Server {
  readonly place: DemoPlace;
}

/** How long an origin may take to an answer's header. */
const patience = { usual: "3s", slow: "8s" } as const;

/** Requests that an isolate has under way to one origin at most: more than there are in the worst phase. */
const most = 150;

const seldomSuffix = "-archive";

/** Of the origin that stands behind the same process for {@link seldomHost}. */
export function seldomName(name: string): string {
  return name + seldomSuffix;
}

/** The name of what stands behind it, which is the one that it has for all other hosts. */
export function processOf(name: string): string {
  return name.endsWith(seldomSuffix) ? name.slice(0, -seldomSuffix.length) : name;
}

/**
 * All at its default, but for what makes a minute of a quarter of an hour: the times of `eject` are a tenth of the usual
 * ones, and an origin that is silent is given up sooner; and that each takes so many requests at once, so that places that
 * are never given back show.
 */
function configFor(origins: readonly Origin[]): Readonly<Record<string, unknown>> {
  const names = origins.map(({ place }) => place.name);
  const siteOf = (host: string, pool: readonly string[], header: string): object => ({
    ...{ hosts: [host], origins: pool, timeouts: { header, idle: "2s" } },
  });
  return {
    ADMIN_TOKEN: adminToken,
    ORIGINS: origins.flatMap(({ place: { name, at }, url }) =>
      [name, seldomName(name)].map((each) => ({ name: each, url, at, maxConnections: most })),
    ),
    SITES: [
      siteOf("*", names, patience.usual),
      siteOf(slowHost, names, patience.slow),
      siteOf(seldomHost, names.map(seldomName), patience.slow),
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
