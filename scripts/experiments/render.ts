/** An experiment's figures for people, and in words what they mean. */
import { aligned } from "../commands/aligned.ts";
import type { Assessment, GoalAssessment, Outcome } from "./assess.ts";
import type { Interval } from "./compare.ts";

/** A level that is low enough to be taken for no chance. */
const level = 0.05;

export function render(assessments: readonly Assessment[]): string {
  if (assessments.length === 0) return "This edge has no experiments.";
  return [...assessments.map(renderOne), howToRead].join("\n\n");
}

const howToRead = [
  "Clients count once each, and so do those of them that reach a goal. Interval and p hold whenever you look, and for all goals and",
  "variants of an experiment together: look as often as you like, and stop when you like. docs/EXPERIMENTS.md tells how.",
].join("\n");

function renderOne(assessment: Assessment): string {
  const { name, since, until, goals, variants } = assessment;
  const time = since === undefined ? "nothing counted yet" : `${since} to ${until}`;
  const clients = variants.map((one) => [one.name, String(one.visits), String(one.clients), one.expected.toFixed(1)]);
  return [
    `${name}: ${time}`,
    "",
    ...aligned([["variant", "visits", "clients", "expected"], ...clients], 1),
    ...goals.flatMap((goal) => ["", ...renderGoal(goal)]),
    ...section(renderAnswers(assessment)),
    ...section(cautionsIn(assessment)),
  ].join("\n");
}

function section(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", ...lines];
}

function renderGoal({ goal, variants }: GoalAssessment): readonly string[] {
  const heads = [goal, "clients", "converted", "rate", "difference", "95 % interval", "p"];
  const rows = variants.map(({ name, of, converted, rate, against }) => [
    name,
    String(of),
    String(converted),
    rate === undefined ? "-" : `${(rate * 100).toFixed(2)} %`,
    against?.interval ? points(against.difference) : "-",
    against?.interval ? spanOf(against.interval) : "-",
    against ? pOf(against.p) : "-",
  ]);
  const [control, ...others] = variants;
  return [...aligned([heads, ...rows], 1), ...others.map((other) => wordsOn(other, control!))];
}

/** What the comparison comes to, in a sentence. */
function wordsOn(other: Outcome, control: Outcome): string {
  const { name, against } = other;
  const { p, interval, difference } = against!;
  const empty = [control, other].flatMap((one) => (one.of === 0 ? [one.name] : []));
  if (!interval) return `→ Nobody was counted for ${empty.join(" or ")}.`;
  if (p > level) return `→ ${name} can't be told from ${control.name} yet: what is between them may be chance.`;
  return `→ ${name} does ${difference > 0 ? "better" : "worse"} than ${control.name}, and that is hardly chance.`;
}

/** What a guard looks at, where there is one. */
function renderAnswers({ variants }: Assessment): readonly string[] {
  if (variants.every(({ answers, isRolledBack }) => answers.count === 0 && !isRolledBack)) return [];
  const rows = variants.map(({ name, answers: { count, failures, logs }, isRolledBack }) => [
    name,
    String(count),
    count === 0 ? "-" : `${((failures / count) * 100).toFixed(2)} %`,
    count === failures ? "-" : Math.exp(logs / (count - failures)).toFixed(0),
    isRolledBack ? "rolled back" : "on",
  ]);
  return aligned([["guard", "answers", "failed", "ms", "state"], ...rows], 1);
}

/** When not to trust the figures, and what was done by itself. */
function cautionsIn({ name, by, variants, goals, ratio, isReweighed, isInterrupted }: Assessment): readonly string[] {
  const counted = variants.map((one) => `${one.name} ${one.clients} of ${one.expected.toFixed(0)}`).join(", ");
  return [
    ...variants.flatMap((one) =>
      one.isRolledBack
        ? [
            `! ${one.name} was rolled back at ${one.at}. ${one.why}`,
            `  Its clients get ${variants[0]!.name}. When it is mended: npm run perigee -- experiments resume ${name}`,
          ]
        : [],
    ),
    ...(ratio.isMismatch
      ? [
          `! Don't trust these figures: clients didn't fall to the variants as the weights say (${counted} expected; p ${pOf(ratio.alwaysP)}).`,
          "  Something loses or adds clients of one variant: a redirect, an error, a cache between, or programs that pass for people.",
        ]
      : []),
    ...goals.flatMap(excessIn),
    ...(isReweighed
      ? [
          "! The weights were changed while it was counted: clients of different times are compared. Better begin a new one, by another name.",
        ]
      : []),
    ...(isInterrupted
      ? [
          "! A variant was rolled back for some of the time, and clients were then counted for the others alone: clients of different times are compared.",
          "  Take what was counted for a sign, and not for proof, and begin a new one, by another name, when the variant is mended.",
        ]
      : []),
    ...(by === "address"
      ? [
          "! Clients are told apart by their addresses: all behind one see the same, so that less is known than it seems. Set `sticky` or `per`.",
        ]
      : []),
  ];
}

/** More than all can't have reached the goal. */
function excessIn({ goal, variants }: GoalAssessment): readonly string[] {
  return variants.flatMap(({ name, of, excess }) =>
    excess > 0
      ? [
          `! Don't trust ${goal}: of ${of} clients of ${name}, ${of + excess} were counted to have reached it.`,
          "  A few may have been counted twice, at two places at once. If it is more than a few, somebody shows one client's cookie at many places.",
        ]
      : [],
  );
}

function points(difference: number): string {
  return `${difference < 0 ? "-" : "+"}${Math.abs(difference * 100).toFixed(2)}`;
}

function spanOf([from, to]: Interval): string {
  return `${points(from)} to ${points(to)}`;
}

function pOf(p: number): string {
  return p < 0.001 ? "< 0.001" : p.toFixed(3);
}
