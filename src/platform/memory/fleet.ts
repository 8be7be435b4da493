import type { Config } from "../../config/model.ts";
import type { Origin } from "../../config/upstream.ts";
import { newSiteState, type Fleet } from "../../fleet.ts";
import { newOriginState } from "../../origin-state.ts";
import { newAddresses, newTiers } from "../../pool.ts";

/** A fleet that outlives configs, as an isolate keeps it. */
export interface LastingFleet extends Fleet {
  /** Forgets all origins and sites but those of the config. */
  readonly retain: (config: Config) => void;
}

export function createFleet(): LastingFleet {
  const [origins, sites] = [states(newOriginState), states(newSiteState)];
  const [tiers, addresses] = [ofPools(newTiers), ofPools(newAddresses)];
  const ejected = new Set<string>();
  return {
    origin: origins.of,
    site: sites.of,
    id: undefined,
    lookedAt: Number.NEGATIVE_INFINITY,
    ejected,
    ejections: 0,
    spared: new WeakMap(),
    tiers: tiers.of,
    addresses: addresses.of,
    retain(config) {
      const { exact, wildcard, any } = config.sites;
      for (const name of origins.retain(config.origins)) ejected.delete(name);
      // They have states of origins.
      tiers.forget();
      sites.retain([...exact.values(), ...wildcard.values(), ...(any ? [any] : [])]);
    },
  };
}

/** One state for each name, made when it is first asked for. */
function states<S>(make: () => S) {
  const byName = new Map<string, S>();
  return {
    of: (name: string): S => {
      const known = byName.get(name);
      if (known) return known;
      const made = make();
      byName.set(name, made);
      return made;
    },
    /** @returns the names that are forgotten. */
    retain(named: readonly { readonly name: string }[]): readonly string[] {
      const names = new Set(named.map(({ name }) => name));
      const gone = [...byName.keys()].filter((name) => !names.has(name));
      for (const name of gone) byName.delete(name);
      return gone;
    },
  };
}

/** Made when a pool is first asked for. It goes when the config goes that the pool is of, or when all are forgotten. */
function ofPools<T extends object>(make: (pool: readonly Origin[]) => T) {
  let byPool = new WeakMap<readonly Origin[], T>();
  return {
    of: (pool: readonly Origin[]): T => {
      const known = byPool.get(pool);
      if (known) return known;
      const made = make(pool);
      byPool.set(pool, made);
      return made;
    },
    forget: (): void => void (byPool = new WeakMap()),
  };
}
