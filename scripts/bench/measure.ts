/** The timed runs: every contestant in turn, round after round, so that what disturbs the machine disturbs them all. */
import { BenchError } from "./bench-error.ts";
import { setTimeout as sleep } from "node:timers/promises";
import type { Origin } from "./children.ts";
import { check } from "./check.ts";
import type { Contestant } from "./contestants.ts";
import { cpuMicroseconds } from "./cpu.ts";
import { summarise, type Figures, type Run } from "./figures.ts";
import { drive, type Driver } from "./load.ts";
import { sizeNames, sizes, type SizeName } from "./objects.ts";
import type { Workerd } from "./workerd.ts";

export interface Standing {
  readonly contestant: Contestant;
  readonly workerd: Workerd;
}

export interface Conditions {
  readonly driver: Driver;
  readonly origin: Origin;
  readonly connections: number;
  /** Of each run. */
  readonly seconds: number;
  readonly rounds: number;
  readonly progress: (says: string) => void;
}

/** One line of the table. */
export interface Row extends Figures {
  readonly name: string;
  readonly size: SizeName;
}

export async function measure(standing: readonly Standing[], conditions: Conditions): Promise<readonly Row[]> {
  const heats = sizeNames.flatMap((size) => standing.map((each) => ({ ...each, size, runs: [] as Run[] })));
  for (const heat of heats) await warmUp(heat, conditions);
  for (let round = 1; round <= conditions.rounds; round++) {
    for (const heat of heats) {
      conditions.progress(`round ${round} of ${conditions.rounds}: ${heat.contestant.name}, ${heat.size}`);
      heat.runs.push(await run(heat, conditions));
    }
  }
  return heats.map(({ contestant, size, runs }) => ({ name: contestant.name, size, ...summarise(runs) }));
}

/** Milliseconds for the requests that the end of a run cut off to reach the origin, so that the next isn't blamed. */
const afterglow = 200;

interface Heat extends Standing {
  readonly size: SizeName;
}

/** Checked, cached where it is a cache, and compiled by the engine as it is after a while. */
async function warmUp(heat: Heat, conditions: Conditions): Promise<void> {
  const { contestant, workerd, size } = heat;
  conditions.progress(`checking and warming up: ${contestant.name}, ${size}`);
  await check(contestant, workerd.url, { bytes: sizes[size], origin: conditions.origin });
  await run(heat, { ...conditions, seconds: 1 });
}

async function run({ contestant, workerd, size }: Heat, conditions: Conditions): Promise<Run> {
  const { driver, origin, connections, seconds } = conditions;
  const url = workerd.url + contestant.path(sizes[size]);
  const [askedBefore, cpuBefore] = [await origin.asked(), cpuMicroseconds(workerd.pid)];
  const { requests, perSecond } = await drive(driver, { url, connections, seconds });
  const cpu = cpuMicroseconds(workerd.pid) - cpuBefore;
  await sleep(afterglow);
  const asked = (await origin.asked()) - askedBefore;
  if (requests === 0) throw new BenchError(`${contestant.name} answered nothing within ${seconds} s`);
  if (contestant.asksOrigin ? asked < requests : asked > 0) {
    throw new BenchError(`${contestant.name} was asked ${requests} times, and asked the origin ${asked} times`);
  }
  return { perSecond, cpu: cpu / requests };
}
