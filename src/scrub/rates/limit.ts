/** Rules that let so many visits through and no more. */
import { refuse, type Answer } from "../../answer.ts";
import type { Rule } from "../../config/model.ts";
import type { Limit } from "../../config/rates.ts";
import type { Edge } from "../../edge.ts";
import { tokenOf } from "../../trail.ts";
import type { Clean } from "../../visit.ts";
import { challenge } from "../challenge/challenge.ts";
import { takePlace, tellPlaces } from "./at-once.ts";
import { takeFromBinding } from "./binding.ts";
import type { Held } from "./delay.ts";
import { takeToken, tellRate } from "./rate.ts";

/** Counts what a rule's limit is for, and refuses what is over it. */
export function limit(visit: Clean, rule: Rule, edge: Edge): Ruling | Promise<Ruling> {
  if (!rule.limit) return undefined;
  const over = take(visit, rule.limit, edge);
  if (over === undefined) return undefined;
  const stop = (wait: Standing) => (typeof wait === "number" ? stopOver(visit, rule, { wait, edge }) : wait);
  return over instanceof Promise ? over.then(stop) : stop(over);
}

type Ruling = Answer | Held | undefined;

/** Milliseconds after which a visit that is over the limit may come again; or that it was held up. */
type Standing = number | Held | undefined;

function take(visit: Clean, limit: Limit, edge: Edge): Promise<Standing> | Standing {
  switch (limit.kind) {
    case "binding":
      return takeFromBinding(visit, limit, edge);
    case "at-once":
      return takePlace(visit, limit, edge);
    case "rate":
      return takeToken(visit, limit, edge);
  }
}

interface Over {
  readonly wait: number;
  readonly edge: Edge;
}

function stopOver(visit: Clean, { name, limit }: Rule, { wait, edge }: Over): Answer | Promise<Answer | undefined> {
  visit.trail.note("scrub", `rate-limited:${tokenOf(name)}`);
  // Whatever answers it: a challenge, or what a visit gets that it lets in.
  visit.dues.push((answer) => tell(answer, limit!, wait));
  if (limit!.action === "challenge") return challenge(visit, edge, "rate-limited");
  return refuse("rate-limited", { "retry-after": String(Math.ceil(wait / 1000)) });
}

/** What a binding's limit is, only the platform knows. */
function tell(answer: Answer, limit: Limit, wait: number): Answer {
  if (limit.kind === "rate") tellRate(answer, limit, { available: 0, wait });
  if (limit.kind === "at-once") tellPlaces(answer, limit, 0);
  return answer;
}
