/** What a client brings back that was challenged. */
import { refuse, type Answer } from "../../answer.ts";
import type { Edge } from "../../edge.ts";
import { Fields } from "../../http/fields.ts";
import { readWhole } from "../../http/stream.ts";
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
  const brought = await read(visit);
  if (!brought) return refuse("client-error");
  const to = safe(brought.get("to") ?? "/");
  const passed = await judge(brought, visit, edge);
  visit.trail.note("scrub", passed ? `passed:${passed}` : "not-passed");
  const cookie = passed && (await clearanceFor(visit, edge));
  if (!cookie) return (await ask(visit, edge, to)) ?? refuse("no-such-page");
  const fields = Fields.of({ location: to, "cache-control": "no-store", "referrer-policy": "same-origin" });
  return { status: 303, fields: fields.append("set-cookie", cookie), body: null, because: "cleared" };
}

/** The parameters of a GET, or the form of a POST; undefined when that is too long, or breaks off. */
async function read({ method, url, request }: Sited): Promise<URLSearchParams | undefined> {
  if (method !== "POST") return new URLSearchParams(url.search);
  try {
    return new URLSearchParams(
      new TextDecoder().decode(request.body ? await readWhole(request.body, longestForm) : undefined),
    );
  } catch {
    return undefined;
  }
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

/** A path of this host and nothing else: two slashes, of either kind, would lead to another. */
function safe(to: string): string {
  const isPath = to.length <= longest && /^\/(?![/\\])[!-~]*$/.test(to);
  return isPath && !to.startsWith("/.perigee/") ? to : "/";
}
