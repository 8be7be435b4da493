/** Before anything is timed: does a contestant do what it is timed for? */
import { setTimeout as sleep } from "node:timers/promises";
import { BenchError } from "./bench-error.ts";
import type { Origin } from "./children.ts";
import type { Contestant } from "./contestants.ts";
import { requestFields } from "./load.ts";
import { objectOf } from "./objects.ts";

/** How long a store that is written after the answer may take. Milliseconds. */
const patience = 2_000;

/**
 * Asks until the answer comes from where it should, and checks it; rejects with what is wrong when it doesn't within
 * two seconds. Leaves a cache warm.
 */
export async function check(contestant: Contestant, url: string, { bytes, origin }: Checked): Promise<void> {
  const deadline = Date.now() + patience;
  for (;;) {
    const before = await origin.asked();
    const response = await fetch(url + contestant.path(bytes), { headers: requestFields });
    const body = await response.text();
    const wrong = problem(contestant, {
      status: response.status,
      bodyIsRight: body === objectOf(bytes),
      cacheStatus: response.headers.get("cache-status"),
      originAsked: (await origin.asked()) - before,
    });
    if (wrong === undefined) return;
    if (Date.now() > deadline) throw new BenchError(`${contestant.name} is not what is to be timed: ${wrong}`);
    await sleep(50);
  }
}

interface Checked {
  readonly bytes: number;
  readonly origin: Origin;
}

/** What was seen of one request. */
export interface Observed {
  readonly status: number;
  readonly bodyIsRight: boolean;
  readonly cacheStatus: string | null;
  /** Requests that the origin saw meanwhile. */
  readonly originAsked: number;
}

/** What is wrong with the answer, in a few words; undefined when nothing is. */
export function problem(contestant: Contestant, observed: Observed): string | undefined {
  const { asksOrigin, cacheStatus } = contestant;
  if (observed.status !== 200) return `status ${observed.status}`;
  if (!observed.bodyIsRight) return "another body than the object";
  if (cacheStatus && !cacheStatus.test(observed.cacheStatus ?? "")) return `Cache-Status: ${observed.cacheStatus}`;
  if (asksOrigin !== observed.originAsked > 0) return asksOrigin ? "the origin wasn't asked" : "the origin was asked";
  return undefined;
}
