/** The way to the shields: Durable Objects, called by methods over their binding, which only the Worker itself has. */
import { discard } from "../../answer.ts";
import type { Edge } from "../../edge.ts";
import type { Asked, Shield, ShieldPlace, Told } from "../../hop.ts";
import { inTime } from "../../http/in-time.ts";

/** What the object answers to. */
export interface ShieldMethods extends Rpc.DurableObjectBranded {
  /** @param begun to be called at once: it tells a shield that works from one that is gone. */
  readonly answer: (asked: Asked, begun: () => Promise<void>) => Promise<Told>;
  readonly forget: (key: string) => Promise<void>;
}

/** Milliseconds until a shield gives a sign of life at most; its answer may then take as long as the origin's. */
const longestSilence = 2_000;

/** Milliseconds for which one that gave none is left alone: what misses meanwhile must not wait for it again. */
const rest = 10_000;

export function createShield(namespace: DurableObjectNamespace, now: Edge["now"]): Shield {
  /** Name → until when. No more than there are shields. */
  const resting = new Map<string, number>();

  async function heard(name: string, work: Promise<unknown>): Promise<void> {
    const sign = await inTime(
      work.then(() => true),
      longestSilence,
    );
    if (sign) return;
    resting.set(name, now() + rest);
    throw silence();
  }

  function at(name: string, region: ShieldPlace["region"]): ShieldMethods {
    if ((resting.get(name) ?? 0) > now()) throw silence();
    const id = namespace.idFromName(name);
    return namespace.get(id, region && { locationHint: region }) as unknown as ShieldMethods;
  }

  return {
    async ask(place, asked) {
      const name = nameOf(place);
      const begun = Promise.withResolvers<void>();
      const told = at(name, place.region).answer(asked, async () => begun.resolve());
      await heard(name, Promise.race([begun.promise, told])).catch((error: unknown) => {
        // What comes after all is read by nobody.
        told.then(letGo, () => undefined);
        throw error;
      });
      return told;
    },

    async forget(place, key) {
      const name = nameOf(place);
      await heard(name, at(name, place.region).forget(key));
    },
  };
}

function nameOf({ site, region, shard }: ShieldPlace): string {
  return `${site} ${region ?? ""} ${shard}`;
}

function letGo(told: Told): void {
  if (told.kind === "answer") discard(told.body);
}

function silence(): DOMException {
  return new DOMException(`the shield gave no sign of life in ${longestSilence} ms`, "TimeoutError");
}

/** Whether a binding is a namespace of Durable Objects. */
export function isObjectNamespace(binding: unknown): binding is DurableObjectNamespace {
  return typeof binding === "object" && binding !== null && "idFromName" in binding;
}
