/**
 * Scrubs in workerd, where what signs and verifies takes what it takes on the platform; in Node that has threads of its own.
 * `/prepare/<steps>/<visits>` makes that many visits with so many steps on, other ones each time; a third number is of the steps for
 * which they show something, if not for all. `/scrub` scrubs them.
 */
import type { Edge } from "../../src/edge.ts";
import { scrub } from "../../src/scrub/scrub.ts";
import type { Sited } from "../../src/visit.ts";
import { steps } from "./scrub-steps.ts";
import { edgeWith, visitsTo } from "./scrub-visits.ts";

/** What is prepared. */
let edge: Edge | undefined;
let on = 0;
let visits: readonly Sited[] = [];
let next = 0;

export default {
  async fetch({ url }: Request): Promise<Response> {
    const [what, ...numbers] = new URL(url).pathname.split("/").slice(1);
    const [count = 0, size = 0, shown = count] = numbers.map(Number);
    if (what === "prepare") await prepare(count, size, shown);
    else await scrubAll();
    return new Response("done\n");
  },
};

async function prepare(count: number, size: number, shown: number): Promise<void> {
  if (!edge || on !== count) edge = edgeWith(steps.slice(0, count));
  on = count;
  const numbers = Array.from({ length: size }, () => next++);
  visits = await visitsTo(edge.config.sites.any!, steps.slice(0, shown), numbers);
}

async function scrubAll(): Promise<void> {
  for (const visit of visits) {
    const { kind } = await scrub(visit, edge!);
    if (kind !== "go") throw new Error(`an ordinary visit was refused: ${JSON.stringify(visit.trail.steps)}`);
  }
}
