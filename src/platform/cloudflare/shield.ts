/** The way to the shields: Durable Objects, called by methods over their binding, which only the Worker itself has. */
import { discard } from "../../answer.ts";
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

export function createShield(namespace: DurableObjectNamespace): Shield {
  const at = ({ site, region, shard }: ShieldPlace): ShieldMethods => {
    const id = namespace.idFromName(`${site} ${region ?? ""} ${shard}`);
    return namespace.get(id, region && { locationHint: region }) as unknown as ShieldMethods;
  };
  return {
    async ask(place, asked) {
      const begun = Promise.withResolvers<void>();
      const told = at(place).answer(asked, async () => begun.resolve());
      await heard(Promise.race([begun.promise, told])).catch((error: unknown) => {
        // What comes after all is read by nobody.
        told.then(letGo, () => undefined);
        throw error;
      });
      return told;
    },

    forget: async (place, key) => heard(at(place).forget(key)),
  };
}

function letGo(told: Told): void {
  if (told.kind === "answer") discard(told.body);
}

async function heard(work: Promise<unknown>): Promise<void> {
  const sign = await inTime(
    work.then(() => true),
    longestSilence,
  );
  if (!sign) throw new DOMException(`the shield gave no sign of life in ${longestSilence} ms`, "TimeoutError");
}

/** Whether a binding is a namespace of Durable Objects. */
export function isObjectNamespace(binding: unknown): binding is DurableObjectNamespace {
  return typeof binding === "object" && binding !== null && "idFromName" in binding;
}
