/** One experiment, as it is written → as visits need it. */
import { markOf, mostMarks, type Experiment } from "./experiments.ts";
import { toGoal, toMeasured } from "./measuring.ts";
import type { Rule } from "./model.ts";
import type { Problem } from "./problem.ts";
import { conditionOf, toRule } from "./rule.ts";
import type { ExperimentInput, VariantInput } from "./schema/experiment.ts";
import type { Origin } from "./upstream.ts";
import { versionOf } from "./version.ts";

/** What is written, and where it stands. */
interface Written {
  readonly at: string;
  readonly value: ExperimentInput;
  /** As nobody has read it yet. */
  readonly written: unknown;
}

export function toExperiment({ at, value, written }: Written, origins: ReadonlyMap<string, Origin>): Experiment {
  const { name, when, sites, per, sticky, start, end, header, variants, goals, guard: _usual, ...rest } = value;
  const isStored = header !== undefined || variants.some(changesStored);
  return {
    ...rest,
    name,
    when: conditionOf(when, sites),
    per,
    sticky,
    header,
    start: start ?? Number.NEGATIVE_INFINITY,
    end: end ?? Number.POSITIVE_INFINITY,
    // A variant's name has no space in it, so that none has this mark, and no goal's begins so.
    leftOut: markOf(name, "left out"),
    goals: goals.map((goal) => toGoal(name, goal)),
    measured: toMeasured(value),
    variants: variants.map(({ name: called, weight, guard: _guard, ...does }, index) => ({
      name: called,
      weight,
      mark: markOf(name, called),
      key: isStored ? `${called}-${versionOf([header ?? "", deedsIn(written, index)])}` : undefined,
      rule: telling(header, `${name}=${called}`, toRule({ ...does, name: `${name}:${called}` }, at, origins)),
    })),
  };
}

/** As many can have a mark each in one cookie, which isn't to be large. */
const mostSticky = 64;

/** Experiments that are too many for clients to remember what they see and do in them. */
export function findCrowded(experiments: readonly Omit<Written, "written">[]): Problem[] {
  const sticky = experiments.filter(({ value }) => value.sticky !== undefined);
  const says = `It is one too many: clients keep what they see of at most ${mostSticky} experiments.`;
  return [...sticky.slice(mostSticky).map(({ at }) => ({ at: `${at}.sticky`, says })), ...findUncountable(experiments)];
}

/** Of those of one site, which have a cookie together: the ones that don't fit into it any more. */
function findUncountable(experiments: readonly Omit<Written, "written">[]): Problem[] {
  const places = new Map<string, number>();
  for (const site of new Set(experiments.flatMap(({ value: { sites = [""] } }) => sites))) {
    let marks = 0;
    for (const { at, value } of experiments) {
      if (value.sites && !value.sites.includes(site)) continue;
      marks += 1 + value.goals.length;
      if (marks > mostMarks) places.set(value.goals.length > 0 ? `${at}.goals` : at, marks);
    }
  }
  return [...places].map(([at, marks]) => ({
    at,
    says: `With them, the experiments and goals of a site are ${marks}: clients remember what they were counted for of at most ${mostMarks} together.`,
  }));
}

/** What leaves the stored answer as it is: it acts on the answer of each visit, or no origin is asked. */
const afterStore: ReadonlySet<string> = new Set([
  "name",
  "weight",
  "guard",
  "redirect",
  "respond",
  "security",
  "compress",
]);

function changesStored({ headers, ...others }: VariantInput): boolean {
  return headers?.request !== undefined || Object.keys(others).some((member) => !afterStore.has(member));
}

/** What a variant is written to do, which with another weight is the same. */
function deedsIn(written: unknown, index: number): unknown {
  const { variants } = written as { readonly variants: readonly Readonly<Record<string, unknown>>[] };
  const { name: _name, weight: _weight, guard: _guard, ...deeds } = variants[index]!;
  return deeds;
}

/** The same rule, by which the origin gets to know what the visit sees. */
function telling(header: string | undefined, text: string, rule: Rule): Rule {
  if (header === undefined) return rule;
  const { request = none, response = none } = rule.headers ?? {};
  return { ...rule, headers: { request: { ...request, add: [...request.add, [header, () => text]] }, response } };
}

const none = { remove: [], set: [], add: [] };
