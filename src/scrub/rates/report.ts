/** What isolates tell those who count for all of them, and hear: in the background, with no visit that waits. */
import type { Edge } from "../../edge.ts";
import { takenLately, type Quota } from "../../gcra.ts";
import { hashOf } from "../../http/hash.ts";
import { mostSpendings, shards, type Counters, type Reporting, type Spending, type Tally } from "../../rates.ts";

/** As many keys wait to be told of to one shard; of more, the newest are told of when they come again. */
const mostPending = 1_000;

/** Milliseconds for which a shard that said nothing is left alone: visits are counted here meanwhile. */
const rest = 10_000;

/** Milliseconds after which one who asks is given up: who asked for a visit can end with it. */
const longestQuestion = 3_000;

/** Milliseconds after which how a key stands is asked for anew. */
const usual = 5_000;

/** A key, and what is known of it here. */
export interface Told {
  readonly key: string;
  readonly tally: Tally;
  readonly quota: Quota;
  /** When as many are spent here, they are told. */
  readonly tellAfter: number;
}

/** Whether the shard of the key answers, as far as is known. */
export function isHeard({ key }: Told, { rates }: Edge): boolean {
  return reportingOf(key, rates.reports).restsUntil === undefined;
}

/** Tells the shard of the key, when there is enough to tell, or what was heard of it is old. */
export function report(told: Told, edge: Edge): void {
  const { key, tally, quota, tellAfter } = told;
  if (!edge.counters || !(tally.spent >= tellAfter || edge.now() - tally.heardAt >= usual)) return;
  const reporting = reportingOf(key, edge.rates.reports);
  const { pending } = reporting;
  if (pending.size < mostPending || pending.has(key)) pending.set(key, { tally, quota });
  if (mayAsk(reporting, edge.now()))
    edge.defer(ask(shardOf(key), reporting, { counters: edge.counters, now: edge.now }));
}

function mayAsk({ askedAt, restsUntil }: Reporting, now: number): boolean {
  return (restsUntil ?? now) <= now && (askedAt === undefined || now - askedAt > longestQuestion);
}

interface Asking {
  readonly counters: Counters;
  readonly now: Edge["now"];
}

async function ask(shard: number, reporting: Reporting, { counters, now }: Asking): Promise<void> {
  const askedAt = now();
  reporting.askedAt = askedAt;
  const told = [...reporting.pending].slice(0, mostSpendings);
  const spendings = told.map(([key, asked]): Spending => {
    reporting.pending.delete(key);
    send(asked);
    return { key, quota: asked.quota, spent: asked.tally.sent, ahead: Math.max(asked.tally.sentTat - askedAt, 0) };
  });
  try {
    const counted = await counters.count(shard, spendings);
    reporting.restsUntil = undefined;
    told.forEach(([, { tally, quota }], index) => hear(tally, counted[index] ?? 0, { quota, now: now() }));
  } catch (error) {
    reporting.restsUntil = now() + rest;
    for (const [, asked] of told) takeBack(asked);
    console.error("Those who count for all locations can't be reached:", error);
  }
  // Another may have been begun, when this one was given up.
  if (reporting.askedAt === askedAt) reporting.askedAt = undefined;
}

/** What is still on its way never came back: it is told again rather than forgotten. */
function send({ tally, quota }: Pick<Told, "tally" | "quota">): void {
  Object.assign(tally, { sent: tally.sent + tally.spent, sentTat: untoldTat(tally, quota), spent: 0, spentTat: 0 });
}

function hear(tally: Tally, ahead: number, { quota, now }: { readonly quota: Quota; readonly now: number }): void {
  tally.tat = takenLately(now + ahead, tally.spentTat, quota, tally.spent);
  Object.assign(tally, { sent: 0, sentTat: 0, heardAt: now });
}

function takeBack({ tally, quota }: Pick<Told, "tally" | "quota">): void {
  Object.assign(tally, { spent: tally.spent + tally.sent, spentTat: untoldTat(tally, quota), sent: 0, sentTat: 0 });
}

/** The TAT if all that was spent were what is untold yet, also what is on its way. */
function untoldTat({ spent, spentTat, sentTat }: Tally, quota: Quota): number {
  return takenLately(sentTat, spentTat, quota, spent);
}

function shardOf(key: string): number {
  return hashOf(key) % shards;
}

function reportingOf(key: string, reports: readonly Reporting[]): Reporting {
  return reports[shardOf(key)]!;
}
