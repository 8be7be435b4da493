/** What the counts of an experiment say, and how far they are to be trusted. */
import type { ExperimentReport, VariantReport } from "../../src/count/report.ts";
import { compare, newcombe, rateOf, type Comparison, type Interval, type Rate } from "./compare.ts";
import { checkRatio, type RatioCheck } from "./ratio.ts";

export interface Assessment extends Omit<ExperimentReport, "goals"> {
  readonly ratio: RatioCheck;
  /** By goal, in the order of the config. */
  readonly goals: readonly GoalAssessment[];
}

export interface GoalAssessment {
  readonly goal: string;
  /** In the order of the config: the first is the control. */
  readonly variants: readonly Outcome[];
}

/** Of one variant. */
export interface Outcome extends Rate {
  readonly name: string;
  /** As many more were counted to reach the goal than there are clients: they are left out. */
  readonly excess: number;
  /** From 0 to 1; undefined as long as nobody was counted. */
  readonly rate: number | undefined;
  /** With the control; undefined for itself. */
  readonly against: Against | undefined;
}

export interface Against extends Comparison {
  /** 95 %, for who looks once, when a number of clients fixed before is reached; and at this comparison alone. */
  readonly once: Interval | undefined;
}

export function assess({ goals, ...experiment }: ExperimentReport): Assessment {
  const { variants } = experiment;
  const together = Math.max(1, (variants.length - 1) * goals.length);
  return {
    ...experiment,
    ratio: checkRatio(variants),
    goals: goals.map((goal) => ({ goal, variants: outcomesOf(goal, variants, together) })),
  };
}

function outcomesOf(goal: string, variants: readonly VariantReport[], together: number): readonly Outcome[] {
  const [control, ...others] = variants.map((variant) => ({ name: variant.name, ...rateIn(variant, goal) }));
  return [
    { ...control!, ...shown(control!), against: undefined },
    ...others.map((other) => ({ ...other, ...shown(other), against: against(control!, other, together) })),
  ];
}

/** Two requests of one client that cross at different places may both count: no more convert than there are. */
function rateIn({ clients, goals }: VariantReport, goal: string): Rate & Pick<Outcome, "excess"> {
  const reached = Object.hasOwn(goals, goal) ? goals[goal]! : 0;
  const converted = Math.min(clients, reached);
  return { of: clients, converted, excess: reached - converted };
}

function shown(rate: Rate): Pick<Outcome, "rate"> {
  return { rate: rate.of > 0 ? rateOf(rate) : undefined };
}

function against(control: Rate, other: Rate, together: number): Against {
  const isEmpty = control.of === 0 || other.of === 0;
  return { ...compare(control, other, together), once: isEmpty ? undefined : newcombe(control, other) };
}
