/** What was counted, as an operator reads it: plain data. */
import type { Account, Counts, Standing } from "../analytics.ts";
import type { Experiment } from "../config/experiments.ts";
import type { Edge } from "../edge.ts";

/** One experiment's. */
export interface ExperimentReport {
  readonly name: string;
  /** What tells its clients apart. */
  readonly by: "cookie" | "text" | "address";
  readonly goals: readonly string[];
  readonly isReweighed: boolean;
  readonly isInterrupted: boolean;
  /** From the first that was counted to the last: ISO 8601; absent when nothing was. */
  readonly since?: string;
  readonly until?: string;
  /** In the order of the config: the first is the control. */
  readonly variants: readonly VariantReport[];
}

export interface VariantReport extends Counts {
  readonly name: string;
  readonly weight: number;
  /** Clients that were to be expected. */
  readonly expected: number;
  readonly isRolledBack: boolean;
  /** Why, and when: ISO 8601. */
  readonly why?: string;
  readonly at?: string;
}

/** Of all experiments of the config. Rejects when those who count can't be asked. */
export async function reportExperiments(edge: Edge): Promise<readonly ExperimentReport[]> {
  const { config, analytics } = edge;
  return Promise.all(config.experiments.map(async (one) => reportOf(one, await analytics.read(one.name))));
}

/** Ends what the guard did to that experiment. @returns false when there is none of that name. */
export async function resumeExperiment(name: string, { config, analytics }: Edge): Promise<boolean> {
  if (!config.experiments.some((one) => one.name === name)) return false;
  await analytics.resume(name);
  return true;
}

/** What the guards did, as far as this isolate knows: experiment → variant → why. */
export function standings({ config, analytics }: Edge): Readonly<Record<string, Standing>> {
  return Object.fromEntries(config.experiments.map(({ name }) => [name, analytics.standing(name)]));
}

function reportOf({ name, per, sticky, goals, variants }: Experiment, account: Account): ExperimentReport {
  const { since, until, isReweighed, isInterrupted } = account;
  return {
    name,
    by: per ? "text" : sticky === undefined ? "address" : "cookie",
    goals: goals.map((goal) => goal.name),
    isReweighed,
    isInterrupted,
    ...(since > 0 && { since: new Date(since).toISOString(), until: new Date(until).toISOString() }),
    variants: variants.map(({ name: called, weight }) => ({
      name: called,
      weight,
      ...(valueOf(account.variants, called) ?? none),
      expected: valueOf(account.expected, called) ?? 0,
      ...verdictOf(valueOf(account.standing, called)),
    })),
  };
}

const none: Counts = {
  visits: 0,
  clients: 0,
  goals: {},
  answers: { count: 0, failures: 0, logs: 0, squares: 0 },
};

/** Not what every object has. */
function valueOf<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function verdictOf(verdict: Standing[string] | undefined): Pick<VariantReport, "isRolledBack" | "why" | "at"> {
  if (!verdict) return { isRolledBack: false };
  return { isRolledBack: true, why: verdict.says, at: new Date(verdict.at).toISOString() };
}
