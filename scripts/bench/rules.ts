/** What asking rules takes, by how many there are: compiled, and by the evaluator of the CEL library. In this process. */
import { compileWhen, createLanguage } from "../../src/rules/rules.ts";
import type { Identified } from "../../src/visit.ts";
import { timeBatches } from "./batches.ts";
import { BenchError } from "./bench-error.ts";
import { judge, spreadOf, type Spread, type Verdict } from "./figures.ts";
import { align, renderVerdict } from "./report.ts";
import { conditionsOf, lists, visitsTo } from "./rule-mix.ts";
import type { Section } from "./section.ts";

/** Microseconds to ask all rules about a visit. */
export interface Asked {
  readonly rules: number;
  readonly compiled: Spread;
  readonly evaluated: Spread;
  /** How many times as long the evaluator takes, by rounds. */
  readonly ratio: Spread;
  readonly verdict?: Verdict;
}

/** Whether a rule applies. */
export type When = (visit: Identified) => boolean;

const counts = [10, 100, 1_000];
const titleOf = (count: number): string => `rules: ${count.toLocaleString("en-US")}`;

/** Of the median. */
const targets: Readonly<Record<number, number>> = { 100: 15 };

export const rules: Section = {
  titles: counts.map(titleOf),
  run: async (isWanted, { rounds, progress }) => {
    const rows: Asked[] = [];
    for (const count of counts.filter((each) => isWanted(titleOf(each)))) {
      progress(titleOf(count));
      rows.push(timeRules(count, rounds));
    }
    return { tables: [renderRules(rows)], failures: [], figures: { rules: rows } };
  },
};

/** As visits ask them. */
export function compileRules(sources: readonly string[]): readonly When[] {
  const language = createLanguage(lists);
  return sources.map((source) => {
    const compiled = compileWhen(source, language);
    if (compiled.kind === "mistake") throw new BenchError(`${source}: ${compiled.mistake.what}`);
    return compiled.run;
  });
}

/** By the library alone, which throws where a rule fails. */
export function evaluateRules(sources: readonly string[]): readonly When[] {
  const language = createLanguage(lists);
  return sources.map((source) => {
    const expression = language.environment.parse(source);
    const { error } = expression.check();
    if (error) throw new BenchError(`${source}: ${error.message}`);
    return (visit) => {
      try {
        return expression(language.contextOf(visit)) === true;
      } catch {
        return false;
      }
    };
  });
}

/** Visits of a round that only let the code be compiled, those that are timed, and those that are timed together. */
const [warming, timed, batch] = [400, 400, 20];

function timeRules(count: number, rounds: number): Asked {
  const sources = conditionsOf(count);
  const [compiled, evaluated] = [compileRules(sources), evaluateRules(sources)];
  const times = Array.from({ length: rounds }, () => [timeEach(compiled), timeEach(evaluated)] as const);
  return toAsked(count, times);
}

/** @param times of each round: compiled, and evaluated. */
export function toAsked(count: number, times: readonly (readonly [compiled: number, evaluated: number])[]): Asked {
  const compiled = spreadOf(times.map(([one]) => one));
  return {
    rules: count,
    compiled,
    evaluated: spreadOf(times.map(([, other]) => other)),
    ratio: spreadOf(times.map(([one, other]) => other / one)),
    ...(targets[count] !== undefined && { verdict: judge(compiled.middle, targets[count]) }),
  };
}

/** Microseconds a visit. Of each visit, what rules ask is found out anew. */
function timeEach(whens: readonly When[]): number {
  const ask = (visit: Identified): boolean => countOf(whens, visit) > 0;
  timeBatches(visitsTo(warming), batch, ask);
  const { each, yes } = timeBatches(visitsTo(timed), batch, ask);
  if (yes === 0) throw new BenchError("no rule applied to any visit");
  return each / 1000;
}

/** How many apply. */
export function countOf(whens: readonly When[], visit: Identified): number {
  let count = 0;
  for (const when of whens) if (when(visit)) count += 1;
  return count;
}

/** One table. */
export function renderRules(rows: readonly Asked[]): string {
  const headings = [
    "rules",
    "compiled",
    "lowest–highest",
    "cel-js",
    "lowest–highest",
    "ratio",
    "lowest–highest",
    "target",
  ];
  return `µs to ask all rules about a visit\n${align([headings, ...rows.map(toCells)])}`;
}

function toCells({ rules: count, compiled, evaluated, ratio, verdict }: Asked): readonly string[] {
  return [
    count.toLocaleString("en-US"),
    ...[compiled, evaluated, ratio].flatMap(({ middle, lowest, highest }) => [
      middle.toFixed(1),
      `${lowest.toFixed(1)}–${highest.toFixed(1)}`,
    ]),
    verdict ? renderVerdict(verdict, `${verdict.atMost} µs`) : "",
  ];
}
