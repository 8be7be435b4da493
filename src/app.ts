/** The HTTP surface: the edge's own pages under `/.perigee/`, and everything else as a visit. */
import { Hono } from "hono/tiny";
import { admin } from "./admin/admin.ts";
import { refuse, toResponse } from "./answer.ts";
import { reportExperiments, resumeExperiment, standings } from "./count/count.ts";
import type { Edge } from "./edge.ts";
import { journey, journeyToClearance, journeyToEvent } from "./journey.ts";
import { explain, observe } from "./observe/observe.ts";
import { reportOrigins } from "./origin/origin.ts";
import type { Reason } from "./reasons.ts";
import { reportRules } from "./scrub/scrub.ts";
import type { Visit } from "./visit.ts";

/**
 * Turns a request into a visit; the platform's part of it is known only to `worker.ts`. Undefined when there is no making
 * out what is asked for: the Host is none, say.
 */
export type Arrive = (request: Request) => Visit | undefined;

/** What the edge's own pages have of the rooms. */
const means = {
  report,
  clear: journeyToClearance,
  event: journeyToEvent,
  experiments: reportExperiments,
  resume: resumeExperiment,
};

/** Answers every request; never rejects. */
export interface App {
  readonly fetch: (request: Request) => Promise<Response>;
}

/** The app for one edge. Only its own pages pass a router: that costs as much as finding a stored answer. */
export function createApp(edge: Edge, arrive: Arrive): App {
  const { name } = edge.config.settings;
  const fail = (error: unknown): Response => {
    console.error(error);
    return withoutVisit("edge-error", name);
  };
  const pages = new Hono().onError(fail).all("*", async (context) => {
    const visit = arrive(context.req.raw);
    if (!visit) return withoutVisit("client-error", name);
    const answer = await admin(visit, edge, means).catch((error: unknown) => explain(visit, error, edge));
    return observe(visit, answer, edge);
  });
  const travel = async (request: Request): Promise<Response> => {
    const visit = arrive(request);
    if (!visit) return withoutVisit("client-error", name);
    return ownPage.test(visit.url.pathname) ? pages.fetch(request) : journey(visit, edge);
  };
  return { fetch: async (request) => travel(request).catch(fail) };
}

/** What the rooms tell their operator. */
async function report(visit: Visit, edge: Edge): Promise<object> {
  return { ...(await reportOrigins(visit, edge)), rules: reportRules(edge), experiments: standings(edge) };
}

/** The path of one of the edge's own pages. */
const ownPage = /^\/\.perigee(?:\/|$)/i;

/** For a request that there was no making a visit of. */
function withoutVisit(because: Reason, name: string): Response {
  return toResponse(refuse(because, { "cache-status": `${name}; detail=${because}` }));
}
