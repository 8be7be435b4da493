import { createCacheApiStore } from "../../src/platform/cloudflare/store.ts";
import { createMemoryStore } from "../../src/platform/memory/store.ts";
import { storeContract } from "./store.ts";

storeContract("over the platform's Cache API", () => createCacheApiStore(caches.default));
storeContract("in memory", createMemoryStore);
