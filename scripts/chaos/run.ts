/** A run: all is started, the load begins, and the program goes on beside it. */
import { setTimeout as sleep } from "node:timers/promises";
import { stop } from "../bench/children.ts";
import { openWorkshop } from "../bench/workshop.ts";
import { places } from "../start/demo.ts";
import { seldomName, startEdges, type EdgeLocation } from "./edges.ts";
import type { Count, Placed, Repeated, Seen } from "./findings.ts";
import { drive, type Load } from "./load.ts";
import { readLine } from "./log.ts";
import { kindOf } from "./objects.ts";
import { isWellWhile, Origin } from "./origins.ts";
import type { Outage } from "./outages.ts";
import { programOf, type Fault, type Phase } from "./program.ts";
import { untilFree } from "./taken.ts";

/** @param tell gets what is going on. */
export async function run(load: Load, tell: (says: string) => void): Promise<Seen> {
  const origins = places.map((place) => new Origin(place));
  const names = places.map(({ name }) => name);
  const phases = programOf(names, load);
  const lines: { readonly text: string; readonly place: string }[] = [];
  tell("starting three origins and three edge locations");
  await Promise.all(origins.map((origin) => origin.start()));
  const workshop = await openWorkshop("");
  const edges = await startEdges(origins, workshop, (text, place) => void lines.push({ text, place }));
  await Promise.all(edges.map(warmUp));
  lines.length = 0;
  const start = Date.now();
  const [results, { counts, outages }] = await Promise.all([
    drive(load, edges),
    perform(phases, origins, { start, tell }),
  ]);
  const taken = await untilFree(edges);
  await Promise.all([...edges.map(({ child }) => stop(child)), ...origins.map(({ child }) => stop(child))]);
  workshop.close();
  const told = toldOf(lines, [...names, ...names.map(seldomName)], start);
  return { phases, results, counts, outages, taken, told, repeated: repeatedBy(origins) };
}

/** The isolate is there, and its config read. */
async function warmUp({ url }: EdgeLocation): Promise<void> {
  await (await fetch(url)).arrayBuffer();
}

interface Stage {
  /** Milliseconds since the epoch. */
  readonly start: number;
  readonly tell: (says: string) => void;
}

/** Does to the origins what the program says; resolves to how much they were asked meanwhile, and when they weren't well. */
async function perform(
  phases: readonly Phase[],
  origins: readonly Origin[],
  { start, tell }: Stage,
): Promise<Pick<Seen, "counts" | "outages">> {
  const counts: Count[] = [];
  const outages: Outage[] = [];
  const reach = async (at: number): Promise<void> => {
    await sleep(Math.max(0, start + at - Date.now()));
    const asked = Object.fromEntries(origins.map((origin) => [origin.place.name, origin.asked]));
    counts.push({ at: Date.now() - start, asked });
  };
  const originOf = (name: string): Origin => origins.find(({ place }) => place.name === name)!;
  for (const { faults, from, mended, until } of phases) {
    await reach(from);
    tell(
      `${(from / 1000).toFixed(1)} s: ${faults.map(({ origin, fault }) => `${origin} is ${fault}`).join(", ") || "all are well"}`,
    );
    const began = Date.now() - start;
    await Promise.all(faults.map(({ origin, fault }) => originOf(origin).begin(fault)));
    await reach(faults.length === 0 ? (from + until) / 2 : mended);
    const end = async ({ origin, fault }: Fault): Promise<void> => {
      await originOf(origin).end(fault);
      if (!isWellWhile(fault)) outages.push({ origin, from: began, until: Date.now() - start });
    };
    await Promise.all(faults.map(end));
  }
  await reach(phases.at(-1)!.until);
  return { counts, outages };
}

function toldOf(
  lines: readonly { readonly text: string; readonly place: string }[],
  names: readonly string[],
  start: number,
): Placed[] {
  return lines.flatMap(({ text, place }) => {
    const told = readLine(text, names);
    return told ? [{ ...told, place, began: told.began - start, time: told.time - start }] : [];
  });
}

function repeatedBy(origins: readonly Origin[]): Repeated {
  const times = new Map<string, number>();
  for (const { done } of origins)
    for (const [target, count] of done) times.set(target, (times.get(target) ?? 0) + count);
  const repeated = [...times].flatMap(([target, count]) => (count > 1 ? [kindOf(target)?.method] : []));
  const countOf = (method: string): number => repeated.filter((each) => each === method).length;
  return { POST: countOf("POST"), PUT: countOf("PUT") };
}
