/** Before anything is timed: does a contestant do what it is timed for? */
import { setTimeout as sleep } from "node:timers/promises";
import { ask } from "./ask.ts";
import { BenchError } from "./bench-error.ts";
import type { Origin, Server } from "./children.ts";
import type { Contestant } from "./contestant.ts";
import { titleOf, type Heat } from "./heats.ts";
import { objectOf, rangeOf, sizes } from "./objects.ts";
import type { Scenario } from "./scenarios.ts";

/** How long a store that is written after the answer may take. Milliseconds. */
const patience = 5_000;

interface Checked {
  readonly contestant: Contestant;
  readonly server: Server;
  readonly origin: Origin;
}

/**
 * Asks until the answer comes from where it should; rejects with what is wrong when it doesn't soon. Leaves a cache warm,
 * unless it is to be asked for what it doesn't have: then the same must be a hit afterwards.
 */
export async function check(heat: Heat, { contestant, server, origin }: Checked): Promise<void> {
  const { scenario, size } = heat;
  const url = server.url + scenario.path(sizes[size]);
  const fields = scenario.fields?.(sizes[size]);
  const observe = async (at: string): Promise<Observed> => {
    const before = await origin.asked();
    const { status, cacheStatus, body } = await ask(at, fields);
    const bodyIsRight = body === bodyOf[scenario.status](sizes[size]);
    return { status, bodyIsRight, cacheStatus, originAsked: (await origin.asked()) - before };
  };
  const problemAt = async (at: string): Promise<string | undefined> => problem(scenario, contestant, await observe(at));
  const isHit = async (at: string): Promise<string | undefined> =>
    (await observe(at)).originAsked > 0 ? "what was fetched isn't stored" : undefined;

  if (scenario.fields) await ask(url); // what is stored is the whole
  let tries = 0;
  const at = (): string => (scenario.isUnique ? `${url}?check-${++tries}` : url);
  const title = titleOf(heat, contestant);
  await until(title, () => problemAt(at()));
  if (scenario.isUnique && !contestant.keepsNothing) await until(title, () => isHit(`${url}?check-${tries}`));
}

/** Rejects with the last problem, when there still is one. */
async function until(title: string, seek: () => Promise<string | undefined>): Promise<void> {
  const deadline = Date.now() + patience;
  for (;;) {
    const wrong = await seek();
    if (wrong === undefined) return;
    if (Date.now() > deadline) throw new BenchError(`“${title}” is not what is to be timed: ${wrong}`);
    await sleep(50);
  }
}

/** What the answer holds of the object, by its status. */
const bodyOf: Readonly<Record<Scenario["status"], (bytes: number) => string>> = {
  200: objectOf,
  206: (bytes) => objectOf(bytes).slice(rangeOf(bytes).first, rangeOf(bytes).last + 1),
  304: () => "",
};

/** What was seen of one request. */
export interface Observed {
  readonly status: number;
  readonly bodyIsRight: boolean;
  readonly cacheStatus: string | undefined;
  /** Requests that the origin saw meanwhile. */
  readonly originAsked: number;
}

type Expected = Pick<Scenario, "status" | "asksOrigin" | "cacheStatus">;

/** What is wrong with the answer, in a few words; undefined when nothing is. */
export function problem(expected: Expected, contestant: Contestant, observed: Observed): string | undefined {
  const { asksOrigin, cacheStatus, status } = expected;
  if (observed.status !== status) return `status ${observed.status}`;
  if (!observed.bodyIsRight) return "another body than the object's";
  if (contestant.saysCacheStatus && !cacheStatus.test(observed.cacheStatus ?? ""))
    return `Cache-Status: ${observed.cacheStatus}`;
  if (asksOrigin !== observed.originAsked > 0) return asksOrigin ? "the origin wasn't asked" : "the origin was asked";
  return undefined;
}
