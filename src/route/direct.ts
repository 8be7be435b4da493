/** What answers by itself: rules with `redirect` or `respond`, and redirects in bulk. */
import type { Answer } from "../answer.ts";
import type { Respond, Rule } from "../config/model.ts";
import type { Redirects } from "../config/redirects.ts";
import type { Address } from "../http/address.ts";
import { editFields } from "../http/edit.ts";
import { Fields } from "../http/fields.ts";
import { tokenOf } from "../trail.ts";
import type { Clean } from "../visit.ts";

/** The answer of the first matching rule that has one, else of the redirects in bulk; undefined when the visit goes on. */
export function answerDirectly(visit: Clean, redirects?: Redirects): Answer | undefined {
  for (const rule of visit.rules) {
    const answer = redirectByRule(visit, rule) ?? respond(visit, rule);
    if (answer) return answer;
  }
  const moved = redirects?.find(visit.url);
  return moved && redirect(visit, { ...moved, because: "redirected-by-table", called: moved.from });
}

function redirectByRule(visit: Clean, { name, redirect: to }: Rule): Answer | undefined {
  return to && redirect(visit, { to: to.to(visit), status: to.status, because: "redirected-by-rule", called: name });
}

/** Where a visit is to go, and who says so. */
interface Going {
  readonly to: string;
  readonly status: number;
  readonly because: "redirected-by-rule" | "redirected-by-table";
  readonly called: string;
}

/** Whether there is such an answer. The trail doesn't hear of it. */
export function isAnsweredDirectly(visit: Clean, redirects?: Redirects): boolean {
  const isUsable = (to: string): boolean => typeof locationOf(to, visit.url) === "string";
  const byRule = visit.rules.some(
    ({ redirect: to, respond: answer }) => answer !== undefined || (to !== undefined && isUsable(to.to(visit))),
  );
  const moved = byRule ? undefined : redirects?.find(visit.url);
  return byRule || (moved !== undefined && isUsable(moved.to));
}

/** No redirect is better than a broken one or a loop: then the visit goes on, and the trail says why. */
function redirect({ url, trail }: Clean, { to, status, because, called }: Going): Answer | undefined {
  const location = locationOf(to, url);
  if (typeof location === "object") {
    trail.note("route", `redirect-${location.flaw}:${tokenOf(called)}`);
    return undefined;
  }
  trail.note("route", `${because}:${tokenOf(called)}`);
  return { status, fields: Fields.of({ location }), body: null, because };
}

/** Visible ASCII: what a field value may hold as it is (RFC 9110 §5.5), and no URL needs more (RFC 3986 §2). */
const plain = /^[!-~]+$/;

/** A line's end would begin a field of the attacker's own; no other control character belongs in a URL either. */
const control = /\p{Cc}/u;

/**
 * The value of Location (RFC 9110 §10.2.2), which stays relative when it is written so. Two slashes at its beginning
 * would lead to another host; a path taken from the request may begin so too ("//evil.example"), and to tell them apart
 * is impossible here. They count as a path: who means another host writes its scheme.
 */
function locationOf(text: string, visited: Address): string | { readonly flaw: "unusable" | "to-itself" } {
  const reference = text.trim().replace(/^[/\\]{2,}/, "/");
  if (reference === "" || control.test(text)) return { flaw: "unusable" };
  const target = URL.parse(reference, visited.href);
  if (!target) return { flaw: "unusable" };
  if (withoutFragment(target) === withoutFragment(visited)) return { flaw: "to-itself" };
  return plain.test(reference) ? reference : target.href;
}

function withoutFragment({ href }: Address): string {
  const hash = href.indexOf("#");
  return hash === -1 ? href : href.slice(0, hash);
}

function respond(visit: Clean, { name, respond: answer }: Rule): Answer | undefined {
  if (!answer) return undefined;
  visit.trail.note("route", `answered-by-rule:${tokenOf(name)}`);
  return { status: answer.status, ...content(visit, answer), because: "answered-by-rule" };
}

const nothing: ReadonlySet<string> = new Set();

function content(visit: Clean, { body, headers }: Respond): Pick<Answer, "fields" | "body"> {
  const fields = new Fields();
  editFields(fields, { remove: [], set: headers, add: [] }, { subject: visit, reserved: nothing });
  const text = body(visit);
  if (text === "") return { fields, body: null };
  if (!fields.has("content-type")) fields.set("content-type", "text/plain;charset=utf-8");
  return { fields, body: text };
}
