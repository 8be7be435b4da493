/** What is counted of one experiment, by one who hears of all of it, and what its guard makes of that. */
import type { Account, Measured, Standing, Told } from "../../analytics.ts";
import type { Edge } from "../../edge.ts";
import { merge, noCounts, sum } from "./counts.ts";
import { noGuarding, verdictsOn, watch, type Guarding } from "./guarding.ts";

/** All that is to be kept: plain data. */
export interface BookState {
  readonly account: Account;
  /** The weights that clients come by, as they were told the last time. */
  readonly weights: string;
  /** What the guards have seen since they began, or began anew; absent when an older version kept it. */
  readonly guarding?: Guarding;
}

export interface ExperimentBook {
  /** See {@link Ledger.tell}. */
  readonly hear: (told: Told) => Standing;
  readonly account: () => Account;
  readonly resume: () => void;
}

/** How a book is written. */
export interface Writing {
  readonly now: Edge["now"];
  /** Hears of what has to be known to an operator. */
  readonly warn: (line: string) => void;
  /** What was kept before. */
  readonly before?: BookState | undefined;
  readonly keep?: (state: BookState) => void;
  /** Who told how often. */
  readonly heard?: Map<string, number>;
}

/** Of an experiment of which nothing was counted. */
export const noAccount: Account = {
  variants: {},
  expected: {},
  isReweighed: false,
  isInterrupted: false,
  standing: {},
  since: 0,
  until: 0,
};

const blank: BookState = { account: noAccount, weights: "" };

export function createExperimentBook({
  now,
  warn,
  before = blank,
  keep = () => undefined,
  heard = new Map(),
}: Writing): ExperimentBook {
  let state = before;
  const change = (next: BookState): void => keep((state = next));
  return {
    hear(told) {
      if ((heard.get(told.by) ?? 0) >= told.number) return state.account.standing;
      heard.delete(told.by);
      heard.set(told.by, told.number);
      const next = entered(state, told, now());
      for (const [variant, { says }] of newIn(next.account.standing, state.account.standing)) {
        warn(`The guard has rolled back the variant ${variant} of the experiment ${told.experiment.name}: ${says}`);
      }
      change(interrupted(next));
      return next.account.standing;
    },
    account: () => state.account,
    resume: () => change({ ...state, account: { ...state.account, standing: {} }, guarding: noGuarding }),
  };
}

/** Remembers that something is rolled back, also when it no longer is. */
function interrupted(state: BookState): BookState {
  if (Object.keys(state.account.standing).length === 0) return state;
  return { ...state, account: { ...state.account, isInterrupted: true } };
}

function newIn(standing: Standing, before: Standing) {
  return Object.entries(standing).filter(([variant]) => !Object.hasOwn(before, variant));
}

/** With what was told, and the guard's verdicts on it. */
function entered(state: BookState, { experiment, counts, moments = [], expected: known }: Told, at: number): BookState {
  const { account } = state;
  const weights = JSON.stringify(experiment.variants.map(({ name, weight }) => [name, weight]));
  const isReweighed = state.weights !== "" && state.weights !== weights;
  const guarding = watch(state.guarding ?? noGuarding, moments, experiment);
  const found = verdictsOn(guarding, experiment).map(([name, verdict]) => [name, { ...verdict, at }] as const);
  const clients = Object.values(counts).reduce((all, each) => all + each.clients, 0);
  const expected = known ?? expectedOf(experiment, account.standing, clients);
  return {
    weights,
    guarding,
    account: {
      variants: merge(account.variants, counts, (known = noCounts, more) => sum(known, more)),
      expected: merge(account.expected, expected, (before = 0, more) => before + more),
      isReweighed: account.isReweighed || isReweighed,
      isInterrupted: account.isInterrupted,
      standing: { ...Object.fromEntries(found), ...account.standing },
      since: account.since || at,
      until: at,
    },
  };
}

/** Where so many clients are to be, by the weights of those that aren't rolled back. */
export function expectedOf({ variants }: Measured, standing: Standing, clients: number): Account["expected"] {
  const open = variants.filter(({ name }) => !Object.hasOwn(standing, name));
  const all = open.reduce((total, { weight }) => total + weight, 0);
  return Object.fromEntries(open.map(({ name, weight }) => [name, all > 0 ? (clients * weight) / all : 0]));
}
