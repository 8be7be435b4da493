import type { Edge, Storable, Store, Stored } from "../edge.ts";
import { readWhole } from "../http/stream.ts";
import type { Held, MemoryTier } from "./memory/tier.ts";
import { createMissing } from "./memory/missing.ts";
import { createWrites } from "./memory/writes.ts";

export interface Tiers {
  /** What this isolate holds. */
  readonly memory: MemoryTier;
  /** What all isolates of the location share. */
  readonly platform: Store;
  readonly now: Edge["now"];
  readonly defer: Edge["defer"];
}

/** When the platform's cache was read, and whether nothing was written under the key since. */
interface Reading {
  readonly asOf: number;
  readonly isCurrent: () => boolean;
}

/** Milliseconds after which nobody waits for an entry to come into memory any more: its visit may have been ended. */
const longestPromotion = 5_000;

/** Milliseconds for which it is remembered that there was nothing: no longer than memory is behind with what there is. */
const longestMissing = 5_000;

/**
 * One store of two tiers: short entries are in the isolate's memory besides the platform's cache, and looked for there
 * first. A body is held whole only when its length is told and memory would hold it; all others stream past. What memory
 * has is at hand: nothing is spared by giving a section of it.
 *
 * What a location can see: within an isolate, what was put or deleted is so in both tiers, also when visits to the same
 * key overlap. What was read from the platform's cache comes into memory only if nothing was written under its key
 * meanwhile; and of two writes that overlap, only the platform's cache knows which was the last, so that memory forgets
 * the key. Other isolates of the location have memories of their own. They may give what was replaced or deleted here for
 * as long as the memory tier lets them, and then look into the platform's cache again.
 *
 * A tier that fails doesn't fail the other: what the platform's cache doesn't take, memory has for that long, and the
 * error is logged. Only a delete fails with it: what can come back isn't deleted.
 */
export function createTiers({ memory, platform, now, defer }: Tiers): Store {
  const writes = createWrites();
  const missing = createMissing(longestMissing);
  const promotions = new Map<string, number>();

  /**
   * Into memory, once the visit has its answer; one visit at a time does so for each key. Where only a section was wanted,
   * all of it is read for that.
   */
  function promote(key: string, stored: Stored, { asOf, isCurrent }: Reading): Stored {
    if (asOf - (promotions.get(key) ?? -Infinity) < longestPromotion) return stored;
    promotions.set(key, asOf);
    const [own, copy] = stored.extent === undefined ? twice(stored) : [stored, undefined];
    const hold = async (): Promise<void> => {
      const whole = copy ?? (await platform.match(key));
      if (!whole || !memory.holds(whole.length)) return;
      const held = await atHand(whole);
      if (isCurrent()) memory.hold(key, held, asOf);
    };
    defer(hold().finally(() => promotions.delete(key)));
    return own;
  }

  /** Begins a write, as {@link createWrites} does. */
  function begin(key: string): () => boolean {
    missing.delete(key);
    return writes.begin(key);
  }

  /** Both tiers get it; neither, when its body fails. */
  async function putShort(key: string, entry: Storable): Promise<void> {
    const [held, asOf] = [await atHand(entry), now()];
    const end = begin(key);
    memory.hold(key, held, asOf);
    await platform.put(key, held).catch((error: unknown) => defer(Promise.reject(error)));
    if (end()) memory.hold(key, held, asOf);
    else await memory.delete(key);
  }

  /** Memory has nothing under the key from now on, whatever visits read meanwhile. */
  async function pastMemory<T>(key: string, write: () => Promise<T>): Promise<T> {
    const end = begin(key);
    await memory.delete(key);
    try {
      return await write();
    } finally {
      end();
      await memory.delete(key);
    }
  }

  return {
    atHand: memory.atHand,

    // Without memory, what one isolate puts all others have at once.
    wasMissing: (key) => memory.holds(0) && missing.has(key, now()),

    async match(key, wanted) {
      const held = memory.atHand(key);
      if (held) return held;
      const reading = { asOf: now(), isCurrent: writes.watch(key) };
      const stored = await platform.match(key, wanted);
      if (!stored && wanted === "head" && reading.isCurrent()) missing.note(key, reading.asOf);
      return stored && memory.holds(stored.length) ? promote(key, stored, reading) : stored;
    },

    put: async (key, entry) =>
      memory.holds(lengthOf(entry)) ? putShort(key, entry) : pastMemory(key, () => platform.put(key, entry)),

    async delete(key) {
      const wasHere = memory.atHand(key) !== undefined;
      return (await pastMemory(key, () => platform.delete(key))) || wasHere;
    },
  };
}

/** The entry for two readers. */
function twice(stored: Stored): readonly [Stored, Stored] {
  const [one, other] = stored.body instanceof ReadableStream ? stored.body.tee() : [stored.body, stored.body];
  return [
    { ...stored, body: one },
    { ...stored, body: other },
  ];
}

function lengthOf({ body, length }: Storable): number | undefined {
  return body instanceof ReadableStream ? length : (body?.byteLength ?? 0);
}

/** The entry with its bytes; rejects when its body fails, or is longer than was told. */
async function atHand({ head, body, length = 0 }: Storable): Promise<Held> {
  return { head, body: body instanceof ReadableStream ? await readWhole(body, length) : body };
}
