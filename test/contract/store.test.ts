import { createCacheApiStore } from "../../src/platform/cloudflare/store.ts";
import { createMemoryStore } from "../../src/platform/memory/store.ts";
import { createMemoryTier } from "../../src/platform/memory/tier.ts";
import { createTiers } from "../../src/platform/tiers.ts";
import { storeContract } from "./store.ts";

const now = (): number => Date.now();
const defer = (work: Promise<unknown>): void => void work.catch(() => undefined);

/** Wide enough for all that the suite puts into one store. */
const wide = { bytes: 64 << 20, largest: 8 << 20, longest: 60_000, now };

storeContract("over the platform's Cache API", () => createCacheApiStore(caches.default));
storeContract("in memory", createMemoryStore);
storeContract("in a memory tier", () => createMemoryTier(wide));

const overCacheApi = (bytes: number) => () =>
  createTiers({
    memory: createMemoryTier({ ...wide, bytes, largest: 80_000 }),
    platform: createCacheApiStore(caches.default),
    now,
    defer,
  });
storeContract("in memory over the platform's Cache API", overCacheApi(64 << 20));
storeContract("the same with too little memory for anything to stay", overCacheApi(1_000));
storeContract("the same without memory", overCacheApi(0));
