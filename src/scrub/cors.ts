/**
 * Pages of other origins (Fetch §3.3). What they may is said of this visit's answer alone, behind the store, whoever gave it: so no
 * stored answer ever names another page's origin. A preflight, which carries nothing by which anybody could be let in, is answered
 * here.
 */
import type { Answer } from "../answer.ts";
import type { Cors } from "../config/cors.ts";
import type { Rule } from "../config/model.ts";
import { Fields } from "../http/fields.ts";
import { varyBy } from "../http/vary.ts";
import { tokenOf } from "../trail.ts";
import type { Clean } from "../visit.ts";

/** The answer to a preflight; of all others, what it is to say is due. Of several rules, the first counts. */
export function allowOrigin(visit: Clean, rule: Rule): Answer | undefined {
  const { cors, name } = rule;
  const first = visit.rules.find((each) => each.cors);
  if (!cors || (first && first !== rule)) return undefined;
  const allowed = allowedOrigin(cors, visit.fields.get("origin"));
  if (isPreflight(visit)) {
    visit.trail.note("scrub", `preflight:${tokenOf(name)}`);
    return answerPreflight(visit.fields, { cors, allowed });
  }
  visit.dues.push((answer) => {
    if (!answer.webSocket) tell(answer.fields, { cors, allowed });
    return answer;
  });
  return undefined;
}

/** What may be said, and to whom; undefined: this page may not read it. */
interface Allowing {
  readonly cors: Cors;
  readonly allowed: string | undefined;
}

/** "*" is for everybody alike; any other value is for this page, so that it must be known to differ. */
function allowedOrigin({ origins }: Cors, origin: string | undefined): string | undefined {
  if (origins === "*") return "*";
  if (origin === undefined) return undefined;
  return origins.exact.has(origin) || origins.below.some((each) => isBelow(origin, each)) ? origin : undefined;
}

/** Names below, of letters, digits and dashes, and nothing else: what has another character in it is no origin that a browser sends. */
const labels = /^[a-z\d-]+(?:\.[a-z\d-]+)*$/;

function isBelow(
  origin: string,
  { scheme, suffix, port }: { readonly scheme: string; readonly suffix: string; readonly port: string },
): boolean {
  const end = suffix + port;
  return origin.startsWith(scheme) && origin.endsWith(end) && labels.test(origin.slice(scheme.length, -end.length));
}

function isPreflight({ method, fields }: Clean): boolean {
  return method === "OPTIONS" && fields.has("origin") && fields.has("access-control-request-method");
}

/** Whatever the origin said of it. */
const fieldsOfIt = [
  "access-control-allow-origin",
  "access-control-allow-credentials",
  "access-control-allow-methods",
  "access-control-allow-headers",
  "access-control-allow-private-network",
  "access-control-expose-headers",
  "access-control-max-age",
] as const;

function tell(fields: Fields, { cors, allowed }: Allowing): void {
  for (const name of fieldsOfIt) fields.delete(name);
  if (cors.origins !== "*") varyBy(fields, "Origin");
  if (allowed === undefined) return;
  fields.set("access-control-allow-origin", allowed);
  if (cors.credentials) fields.set("access-control-allow-credentials", "true");
  if (cors.expose.length > 0) fields.set("access-control-expose-headers", cors.expose.join(", "));
}

/** A list of tokens (RFC 9110 §5.6.1). */
const tokens = /^[\w!#$%&'*+.^`|~,\t -]*$/;

function answerPreflight(asked: Fields, { cors, allowed }: Allowing): Answer {
  const fields = new Fields();
  tell(fields, { cors: { ...cors, expose: [] }, allowed });
  for (const name of ["Access-Control-Request-Method", "Access-Control-Request-Headers"]) varyBy(fields, name);
  if (allowed !== undefined) {
    const wanted = asked.get("access-control-request-headers") ?? "";
    const headers = cors.headers === "*" ? wanted : cors.headers.join(", ");
    fields.set("access-control-allow-methods", cors.methods.join(", "));
    if (headers !== "" && tokens.test(headers)) fields.set("access-control-allow-headers", headers);
    if (cors.maxAge !== undefined) fields.set("access-control-max-age", String(cors.maxAge));
    const isPrivate = asked.get("access-control-request-private-network") === "true";
    if (cors.privateNetwork && isPrivate) fields.set("access-control-allow-private-network", "true");
  }
  return { status: 204, fields, body: null, because: "preflight" };
}
