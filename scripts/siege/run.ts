/** A siege: an origin, an edge, and two crowds, each a process of its own; three phases. */
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ChildProcess } from "node:child_process";
import { BenchError } from "../bench/bench-error.ts";
import { startNode, stop } from "../bench/children.ts";
import { readSched, type Sched } from "../bench/kernel.ts";
import { startWorkerd } from "../bench/workerd.ts";
import { openWorkshop } from "../bench/workshop.ts";
import { bundleWorker } from "../build.ts";
import { killWhenOrphaned } from "../ending.ts";
import { usersOf } from "./passes.ts";
import type { Counts, Order, Result } from "./protocol.ts";
import { bindingsFor } from "./site.ts";

export interface Scale {
  readonly seed: number;
  /** Of each phase. */
  readonly seconds: number;
  /** Visits a second, of each crowd. */
  readonly people: number;
  readonly attackers: number;
}

export const phaseNames = ["quiet", "siege", "after"] as const;

/** All that was seen. */
export interface Seen {
  /** Milliseconds from the start at which each phase begins, and at which the last one ends. */
  readonly bounds: readonly number[];
  readonly people: readonly Result[];
  readonly attackers: readonly Result[];
  /** At each of the bounds. */
  readonly counts: readonly Count[];
}

export interface Count {
  /** Requests that the origin has seen, by their kind. */
  readonly asked: Counts;
  /** Of the edge. */
  readonly edge: Sched;
}

/** Seconds in which people come already, and of attackers a tenth, as they always do: caches fill, and code is compiled. */
const warming = 6;

/** Milliseconds that crowds have to get ready. */
const ready = 3_000;

/** @param tell gets what is going on. */
export async function run({ seed, seconds, people, attackers }: Scale, tell: (says: string) => void): Promise<Seen> {
  tell("starting an origin and an edge");
  const origin = startNode(join(import.meta.dirname, "origin.ts"));
  const [port] = (await once(origin, "message")) as [number];
  const edge = await startEdge(`http://127.0.0.1:${port}`);
  const start = Date.now() + ready + warming * 1_000;
  const order = { url: edge.url, seed };
  const early = { ...order, start: start - warming * 1_000 };
  const results = Promise.all([
    visit({ ...early, crowd: "people", rate: people, seconds: warming + 3 * seconds }),
    visit({ ...order, crowd: "attackers", rate: attackers, seconds, start: start + seconds * 1_000 }),
    visit({ ...early, crowd: "attackers", rate: Math.ceil(attackers / 10), seconds: warming }),
  ]);
  const bounds = [0, 1, 2, 3].map((phase) => phase * seconds * 1_000);
  const counts: Count[] = [];
  for (const [index, bound] of bounds.entries()) {
    await Promise.race([sleep(Math.max(0, start + bound - Date.now())), results]);
    tell(phaseNames[index] ?? "the end");
    counts.push({ asked: await countsOf(origin), edge: readSched(edge.child.pid!) });
  }
  const [byPeople, byAttackers] = await results;
  await Promise.all([stop(edge.child), stop(origin)]);
  edge.close();
  return {
    bounds,
    counts,
    people: byPeople.map((result) => ({ ...result, due: result.due - warming * 1_000 })),
    attackers: byAttackers.map((result) => ({ ...result, due: result.due + seconds * 1_000 })),
  };
}

async function startEdge(origin: string) {
  const workshop = await openWorkshop(origin);
  const users = await usersOf();
  const config = await workshop.furnish({
    name: "Perigee",
    build: async () => (await bundleWorker({ minify: false })).code,
    bindings: (url) => bindingsFor(url, users),
  });
  const server = await startWorkerd(config);
  killWhenOrphaned(server.child.pid!);
  // The isolate is there, and its config read.
  await (await fetch(server.url)).arrayBuffer();
  return { ...server, close: workshop.close };
}

/** Resolves to what became of all visits of a crowd. */
async function visit(order: Order): Promise<readonly Result[]> {
  const child = startNode(join(import.meta.dirname, "crowd.ts"), [JSON.stringify(order)]);
  const ended = once(child, "exit").then(() => {
    throw new BenchError(`the ${order.crowd} ended before they told what became of their visits`);
  });
  const told = once(child, "message").then(([results]) => results as readonly Result[]);
  return Promise.race([told, ended]);
}

async function countsOf(origin: ChildProcess): Promise<Counts> {
  origin.send("asked");
  const [counts] = (await once(origin, "message")) as [Counts];
  return counts;
}
