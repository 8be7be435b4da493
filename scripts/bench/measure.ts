/** The timed runs: the contestants of a heat in turn, round after round, so that what disturbs the machine disturbs all. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { BenchError } from "./bench-error.ts";
import { check } from "./check.ts";
import { stop, type Origin, type Server } from "./children.ts";
import type { Run } from "./figures.ts";
import { titleOf, type Heat } from "./heats.ts";
import { cpuMicroseconds } from "./kernel.ts";
import { drive, type Driver } from "./load.ts";
import { sizes, type SizeName } from "./objects.ts";
import type { Entrant } from "./scenarios.ts";
import type { Workshop } from "./workshop.ts";

export interface Conditions {
  readonly driver: Driver;
  readonly origin: Origin;
  readonly workshop: Workshop;
  readonly connections: number;
  /** Of each run. */
  readonly seconds: number;
  readonly rounds: number;
  readonly progress: (says: string) => void;
}

/** The runs of an entrant, one a round. */
export interface Timed {
  readonly entrant: Entrant;
  readonly runs: readonly Run[];
}

/** All entrants of the heat, started for it and stopped after it. */
export async function measure(heat: Heat, conditions: Conditions): Promise<readonly Timed[]> {
  const lanes: Lane[] = [];
  try {
    for (const entrant of heat.entrants) {
      const server = await entrant.contestant.start(conditions.workshop);
      lanes.push({ heat, entrant, server, runs: [] });
    }
    for (const lane of lanes) await warmUp(lane, conditions);
    for (let round = 1; round <= conditions.rounds; round++) {
      for (const lane of lanes) {
        conditions.progress(`round ${round} of ${conditions.rounds}: ${titleOf(heat, lane.entrant.contestant)}`);
        lane.runs.push(await run(lane, conditions));
      }
    }
  } finally {
    await Promise.all(lanes.map(({ server }) => stop(server.child)));
  }
  return lanes;
}

interface Lane extends Timed {
  readonly heat: Heat;
  readonly server: Server;
  readonly runs: Run[];
}

/** Checked, cached where it is a cache, and compiled by the engine as it is after a while. */
async function warmUp(lane: Lane, conditions: Conditions): Promise<void> {
  const { heat, entrant, server } = lane;
  const { contestant } = entrant;
  conditions.progress(`checking and warming up: ${titleOf(heat, contestant)}`);
  await check(heat, { contestant, server, origin: conditions.origin });
  await run(lane, { ...conditions, seconds: 1 });
}

/** Milliseconds for what the end of a run cut off, and for what goes on after an answer: it belongs to this run, not to the next. */
const afterglow = 200;

/**
 * Requests under way when a run ends are paid for but not counted. Of large objects that would be a large part: there,
 * few connections ask for longer.
 */
const pace: Readonly<Record<SizeName, { readonly mostConnections: number; readonly times: number }>> = {
  "1 KB": { mostConnections: Infinity, times: 1 },
  "100 KB": { mostConnections: Infinity, times: 1 },
  "10 MB": { mostConnections: 2, times: 3 },
};

async function run({ heat, entrant, server }: Lane, conditions: Conditions): Promise<Run> {
  const { scenario, size } = heat;
  const { driver, origin } = conditions;
  const { mostConnections, times } = pace[size];
  const seconds = conditions.seconds * times;
  const pid = server.child.pid!;
  const [askedBefore, cpuBefore] = [await origin.asked(), cpuMicroseconds(pid)];
  const { requests, perSecond } = await drive(driver, {
    url: server.url + scenario.path(sizes[size]),
    fields: scenario.fields?.(sizes[size]),
    unique: scenario.isUnique && randomUUID(),
    connections: Math.min(conditions.connections, mostConnections),
    seconds,
  });
  await sleep(afterglow);
  const cpu = cpuMicroseconds(pid) - cpuBefore;
  const asked = (await origin.asked()) - askedBefore;
  const title = titleOf(heat, entrant.contestant);
  if (requests === 0) throw new BenchError(`“${title}” answered nothing within ${seconds} s`);
  if (scenario.asksOrigin ? asked < requests : asked > 0)
    throw new BenchError(`“${title}” was asked ${requests} times, and asked the origin ${asked} times`);
  return { perSecond, cpu: cpu / requests };
}
