/** Which experiments a visit takes part in, and which variant of each it sees. */
import type { Experiment, Variant } from "../../config/experiments.ts";
import type { Edge } from "../../edge.ts";
import { groupOf } from "../../http/ip-form.ts";
import type { Assignment, Clean, Enrolled } from "../../visit.ts";
import { isAnsweredDirectly } from "../direct.ts";
import { takeBrought } from "./brought.ts";
import { takesPart, variantFor } from "./deal.ts";
import { readForced } from "./forced.ts";
import { keep, readKept, type Kept, type Keeping } from "./keeping.ts";

/** What is seen of an experiment. */
interface Seen {
  readonly experiment: Experiment;
  readonly variant: Variant;
  readonly how: Assignment["how"];
}

/** What decides it. */
interface Dealing {
  readonly visit: Clean;
  /** Marks of what a tester wants to see. */
  readonly forced: ReadonlySet<string>;
  readonly kept: Kept | undefined;
  readonly edge: Edge;
}

/**
 * Deals the visit its variants, whose actions follow the rules that apply, in the order of the experiments; none when a rule
 * answers before that. What its client brought for it is taken from it.
 */
export async function enrol(arrived: Clean, edge: Edge): Promise<Enrolled> {
  const { experiments, redirects } = edge.config;
  const { visit, ...brought } = takeBrought(arrived, experiments);
  if (experiments.length === 0) return { ...visit, experiments: [] };
  const { marks: forced, cookie } = await readForced(visit, brought, edge);
  const testing = forced.size > 0 ? { testing: forced } : {};
  if (isAnsweredDirectly(visit, redirects)) return { ...visit, ...testing, experiments: [] };
  const open = experiments.filter((one) => isOpen(one, visit, edge.now()) && one.when(visit));
  const kept = open.some(isSticky) ? await readKept(visit, brought.kept, edge) : undefined;
  const dealing = { visit, forced, kept, edge };
  const seen = experiments.flatMap(
    (one) => forcedIn(one, dealing) ?? (open.includes(one) ? guarded(dealtIn(one, dealing), edge) : undefined) ?? [],
  );
  const keeping = kept && (await keep(visit, kept, toKeep(open, seen, dealing), edge));
  const known = kept?.until === undefined ? undefined : kept.seed;
  return { ...seeing({ ...visit, ...testing }, seen, [cookie, keeping]), known };
}

/** The visit, of which it is known what its client sees as a tester: it sees nothing by itself. */
export async function recogniseTester(arrived: Clean, edge: Edge): Promise<Clean> {
  const { visit, ...brought } = takeBrought(arrived, edge.config.experiments);
  const { marks } = await readForced(visit, brought, edge);
  return marks.size > 0 ? { ...visit, testing: marks } : visit;
}

/** The same visit at a shield, which sees what it saw at its location; undefined when something of that isn't known here. */
export function enrolAsAsked(visit: Clean, asked: readonly Assignment[], { config }: Edge): Enrolled | undefined {
  const seen: Seen[] = [];
  for (const { experiment: name, variant: called, how } of asked) {
    const experiment = config.experiments.find((one) => one.name === name);
    const variant = experiment?.variants.find((one) => one.name === called);
    if (!experiment || !variant) return undefined;
    seen.push({ experiment, variant, how });
  }
  return seeing(visit, seen, []);
}

/** Whether it goes on at that time, for clients of that kind. */
function isOpen({ paused, start, end, bots }: Experiment, { kind }: Clean, now: number): boolean {
  return !paused && start <= now && now < end && (bots || kind === "person");
}

function isSticky({ sticky }: Experiment): boolean {
  return sticky !== undefined;
}

/** Whoever the tester is, and whatever the experiment's time and weights: but only where it is for such a visit. */
function forcedIn(experiment: Experiment, { forced, visit }: Dealing): Seen | undefined {
  const variant = experiment.variants.find(({ mark }) => forced.has(mark));
  return variant && experiment.when(visit) ? { experiment, variant, how: "forced" } : undefined;
}

function dealtIn(experiment: Experiment, dealing: Dealing): Seen | undefined {
  const { kept } = dealing;
  const had = isSticky(experiment) && experiment.variants.find(({ mark }) => kept?.marks.has(mark));
  if (had) return { experiment, variant: had, how: "cookie" };
  const client = clientOf(experiment, dealing);
  if (!takesPart(client, experiment)) return undefined;
  return { experiment, variant: variantFor(client, experiment), how: "hash" };
}

/** The control instead of what the guard has rolled back, as far as is known here. */
function guarded(seen: Seen | undefined, { analytics }: Edge): Seen | undefined {
  if (!seen || !Object.hasOwn(analytics.standing(seen.experiment.name), seen.variant.name)) return seen;
  return { ...seen, variant: seen.experiment.variants[0]!, how: "guard" };
}

/** What tells the client from others. */
function clientOf({ per, sticky }: Experiment, { visit, kept, edge: { config } }: Dealing): string {
  const said = per?.(visit);
  if (said) return said;
  return sticky !== undefined && kept ? kept.seed : groupOf(visit.client.ip, config.settings.group);
}

/** What is seen now, and what the client had of experiments that it doesn't take part in with this visit. */
function toKeep(open: readonly Experiment[], seen: readonly Seen[], { kept, edge }: Dealing): Keeping {
  const dealt = new Set(seen.flatMap(({ variant, how }) => (how === "forced" || how === "guard" ? [] : [variant])));
  const keeping = edge.config.experiments.filter(isSticky).map((experiment) => ({
    experiment,
    mark: (
      experiment.variants.find((one) => dealt.has(one)) ?? experiment.variants.find(({ mark }) => kept?.marks.has(mark))
    )?.mark,
  }));
  return {
    marks: keeping.flatMap(({ mark }) => mark ?? []),
    lasts: Math.max(
      ...keeping.flatMap(({ experiment, mark }) =>
        mark !== undefined || open.includes(experiment) ? experiment.sticky! : [],
      ),
    ),
  };
}

/** The visit with what it sees. */
function seeing(visit: Clean, seen: readonly Seen[], cookies: readonly (string | undefined)[]): Enrolled {
  for (const { experiment, variant, how } of seen) {
    visit.trail.note("route", `experiment=${experiment.name}:${variant.name};by=${how}`);
  }
  return {
    ...visit,
    rules: seen.length === 0 ? visit.rules : [...visit.rules, ...seen.map(({ variant }) => variant.rule)],
    experiments: seen.map(({ experiment, variant: { name, key }, how }) => ({
      experiment: experiment.name,
      variant: name,
      how,
      key,
    })),
    setCookies: cookies.filter((line) => line !== undefined),
  };
}
