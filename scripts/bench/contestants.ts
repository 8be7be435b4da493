/** Who takes part. */
import { join } from "node:path";
import { bundle, bundleWorker } from "../build.ts";
import type { Contestant, Worker } from "./contestant.ts";
import { startWorkerd } from "./workerd.ts";

const workerOf = (name: string, file: string): Worker => ({
  name,
  build: async () => (await bundle(join(import.meta.dirname, "contestants", file), { minify: true })).code,
  bindings: (origin) => ({ ORIGIN: origin }),
});

const asContestant = (worker: Worker): Contestant => ({
  name: worker.name,
  start: async (workshop) => startWorkerd(await workshop.furnish(worker)),
});

/** The floor: what the runtime itself costs. */
export const constantWorker = workerOf("constant", "constant.ts");

/** One site, one origin, and every setting at its default. */
export const perigeeWorker: Worker = {
  name: "Perigee",
  build: async () => (await bundleWorker({ minify: true })).code,
  bindings: (origin) => ({
    ORIGINS: [{ name: "origin", url: origin }],
    SITES: [{ hosts: ["*"], origins: ["origin"] }],
  }),
};

export const automatic = asContestant(workerOf("automatic encoding", "automatic.ts"));

/** With its settings for compression, and all else at its default. */
export function perigeeCompressing(name: string, compress: Readonly<Record<string, unknown>>): Contestant {
  const bindings: Worker["bindings"] = (origin) => ({
    ...perigeeWorker.bindings(origin),
    SETTINGS: { compress },
  });
  return asContestant({ ...perigeeWorker, name, bindings });
}

export const constant = asContestant(constantWorker);
export const passThrough: Contestant = {
  ...asContestant(workerOf("bare pass-through", "pass-through.ts")),
  keepsNothing: true,
};
export const honoProxy = asContestant(workerOf("hono/proxy", "hono-proxy.ts"));
export const cacheApi = asContestant(workerOf("usual Cache API worker", "cache-api.ts"));
export const perigee: Contestant = { ...asContestant(perigeeWorker), saysCacheStatus: true };

/** As it is with short objects, by another name. */
export const perigeeFromMemory: Contestant = { ...perigee, name: "Perigee from memory" };

/** With the isolate's memory turned off, as it is with large objects and in an isolate that is asked for the first time. */
export const perigeeFromCacheApi: Contestant = {
  ...asContestant({
    ...perigeeWorker,
    name: "Perigee from the Cache API",
    bindings: (origin) => ({ ...perigeeWorker.bindings(origin), SETTINGS: { memory: "0B" } }),
  }),
  saysCacheStatus: true,
};

/** With two origins and all that is there for when one of them falls: beside what is on anyway, probes, hedging and a limit between bytes. */
export const perigeeGuarded: Contestant = {
  ...asContestant({
    ...perigeeWorker,
    name: "Perigee, guarded",
    bindings: (origin) => ({
      ORIGINS: ["one", "other"].map((name) => ({ name, url: origin, health: { path: "/" } })),
      SITES: [
        {
          hosts: ["*"],
          origins: ["one", "other"],
          ...{ retry: { tries: 3 }, resume: true, hedge: true, timeouts: { header: "5s", idle: "10s", whole: "5m" } },
        },
      ],
    }),
  }),
  saysCacheStatus: true,
};
