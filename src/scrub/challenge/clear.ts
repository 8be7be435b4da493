/** What a client brings back that was challenged. */
import { refuse, type Answer } from "../../answer.ts";
import type { Edge } from "../../edge.ts";
import { Fields } from "../../http/fields.ts";
import { readSent, type Sent } from "../../sent.ts";
import type { Sited } from "../../visit.ts";
import { ask } from "./challenge.ts";
import { clearanceFor } from "./clearance.ts";
import { isGoodToken } from "./turnstile.ts";
import { hasWaited } from "./waiting.ts";
import { isDone } from "./work.ts";

/** Bytes of a form at most. */
const longestForm = 16_384;

/** Sends on, with a clearance, who did what was asked; asks others anew. */
export async function clear(visit: Sited, edge: Edge): Promise<Answer> {
  const sent = await readForm(visit, edge);
  if (sent.kind === "answer") return sent.answer;
  const brought = new URLSearchParams(sent.text);
  const to = safe(brought.get("to") ?? "/");
  const passed = await judge(brought, visit, edge);
  visit.trail.note("scrub", passed ? `passed:${passed}` : "not-passed");
  const cookie = passed && (await clearanceFor(visit, edge));
  if (!cookie) return (await ask(visit, edge, to)) ?? refuse("no-such-page");
  const fields = Fields.of({ location: to, "cache-control": "no-store", "referrer-policy": "same-origin" });
  return { status: 303, fields: fields.append("set-cookie", cookie), body: null, because: "cleared" };
}

/** The parameters of a GET, or the form of a POST. */
async function readForm(visit: Sited, edge: Edge): Promise<Sent> {
  return visit.method === "POST" ? readSent(visit, longestForm, edge) : { kind: "text", text: visit.url.search };
}

/** By what it passed. */
async function judge(
  brought: URLSearchParams,
  visit: Sited,
  edge: Edge,
): Promise<"work" | "turnstile" | "wait" | undefined> {
  const { turnstile } = edge.config.settings.challenge;
  const [work, wait, token] = ["work", "wait", "cf-turnstile-response"].map((name) => brought.get(name));
  if (turnstile && token) return (await isGoodToken(token, visit, { edge, turnstile })) ? "turnstile" : undefined;
  if (!turnstile && work) return (await isDone(work, visit, edge)) ? "work" : undefined;
  return wait && (await hasWaited(wait, visit, edge)) ? "wait" : undefined;
}

/** Characters of a path at most. */
const longest = 4_096;

/** A path of this host and nothing else: two slashes, of either kind, would lead to another, but for the dot before them. */
function safe(to: string): string {
  const path = to.replace(/^\/(?=[/\\])/, "/./");
  const isPath = path.length <= longest && /^\/(?![/\\])[!-~]*$/.test(path);
  return isPath && !path.startsWith("/.perigee/") ? path : "/";
}
