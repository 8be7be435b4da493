/** The edge on this machine: the Worker in workerd, which answers on the port itself, with the Cache API on disk. */
import diagnostics from "node:diagnostics_channel";
import type { ChildProcess } from "node:child_process";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { bundleWorker } from "../build.ts";
import { killWhenOrphaned } from "../ending.ts";
import { host } from "./port.ts";
import { readCompatibility } from "./wrangler-file.ts";
import type { Serving } from "./serving.ts";

export interface EdgeOptions {
  readonly port: number;
  /** Where the cache is kept; undefined for a place that goes when the edge does. */
  readonly store: string | undefined;
  /** Called when workerd ended though nobody asked it to. */
  readonly onCrash: () => void;
}

/**
 * Starts it; resolves to workerd's pid once it listens. It ends with this process, however that ends.
 * Rejects when the Worker doesn't build or workerd doesn't start.
 */
export async function startEdge(serving: Serving, { port, store, onCrash }: EdgeOptions): Promise<number> {
  const { code } = await bundleWorker({ minify: false });
  const { date, flags } = readCompatibility();

  const spawned = nextChild();
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      workers: [
        {
          name: "edge",
          modules: [{ type: "ESModule", path: "edge.mjs", contents: code }],
          compatibilityDate: date,
          compatibilityFlags: [...flags],
          bindings: serving.vars as Record<string, never>,
          ratelimits: Object.fromEntries(Object.entries(serving.rateLimits).map(toRateLimit)),
          // Purges are to last as long as what is cached does.
          kvNamespaces: [...new Set([...serving.kv, "PURGES"])],
          r2Buckets: [...serving.r2],
          serviceBindings: Object.fromEntries(Object.entries(serving.ways).map(toService)),
          durableObjects: {
            SHIELD: { className: "Shield", useSQLite: true },
            HEALTH: { className: "Health", useSQLite: true },
            RATES: { className: "Rates", useSQLite: true },
            BANS: { className: "Bans", useSQLite: true },
            ANALYTICS: { className: "Experiments", useSQLite: true },
          },
          unsafeDirectSockets: [{ host, port }],
          // Origins are to see what the edge sent, no more and no less.
          stripCfConnectingIp: false,
        },
      ],
      cf: false,
      port: 0,
      ...(store !== undefined && { resourcePersistencePath: store }),
      log: new Log(LogLevel.ERROR),
      handleStructuredLogs: ({ level, message }) =>
        (level === "error" || level === "warn" ? console.error : console.log)(message),
    }),
  );
  await miniflare.ready;
  const workerd = await spawned;
  // Miniflare would start another in silence, but what ends by itself has a bug that should not go unnoticed.
  workerd.once("exit", onCrash);
  // Miniflare ends it when this process exits, but can't when it is killed.
  killWhenOrphaned(workerd.pid!);
  return workerd.pid!;
}

/** One that leads nowhere fails as an origin does that can't be reached. */
function toService([binding, address]: [string, string | undefined]) {
  const nowhere = { network: { allow: [], deny: ["0.0.0.0/0", "::/0"] } };
  return [binding, address === undefined ? nowhere : { external: { address, http: {} } }] as const;
}

function toRateLimit([binding, simple]: [string, Serving["rateLimits"][string]]) {
  return [binding, { namespace_id: binding, simple }] as const;
}

/** The next child process that anybody in this process starts: miniflare keeps its own to itself. */
function nextChild(): Promise<ChildProcess> {
  return new Promise((resolve) => {
    diagnostics.subscribe("child_process", function listen(message) {
      diagnostics.unsubscribe("child_process", listen);
      resolve((message as { process: ChildProcess }).process);
    });
  });
}
