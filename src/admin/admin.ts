/** Door of the admin room: the edge's own pages, under `/.perigee/` on every host. */
import { refuse, type Answer } from "../answer.ts";
import type { Edge } from "../edge.ts";
import type { Visit } from "../visit.ts";
import { experiments, resume } from "./experiments.ts";
import { json } from "./json.ts";
import type { Means } from "./means.ts";
import { purge } from "./purge.ts";
import { status } from "./status.ts";

type Page = (visit: Visit, edge: Edge, means: Means) => Answer | Promise<Answer>;

/** Path → method → what it shows. HEAD is served wherever GET is. */
const pages: Readonly<Record<string, Readonly<Record<string, Page>>>> = {
  "/.perigee/clearance": { GET: clear, POST: clear },
  "/.perigee/event": { POST: tellEvent },
  "/.perigee/experiments": { GET: experiments, POST: resume },
  "/.perigee/health": { GET: health },
  "/.perigee/purge": { POST: purge },
  "/.perigee/status": { GET: status },
};

/**
 * The page the visit asks for: 404 where there is none, 405 for a method it doesn't have (RFC 9110 §15.5.6).
 */
export async function admin(visit: Visit, edge: Edge, means: Means): Promise<Answer> {
  const { pathname } = visit.url;
  const methods = Object.hasOwn(pages, pathname) ? pages[pathname]! : undefined;
  if (!methods) return refuse("no-such-page");

  const method = visit.method === "HEAD" ? "GET" : visit.method;
  const page = Object.hasOwn(methods, method) ? methods[method]! : undefined;
  return page ? page(visit, edge, means) : refuse("method-not-allowed", { allow: allowed(Object.keys(methods)) });
}

/** That the edge is up and which config it runs. Anybody may ask, so it says nothing of sites and origins. */
function health(_visit: Visit, { config }: Edge): Answer {
  return json(200, { status: "ok", version: config.version });
}

/** The site's, as the challenge is. */
function clear(visit: Visit, edge: Edge, means: Means): Promise<Answer> {
  return means.clear(visit, edge);
}

/** Likewise. */
function tellEvent(visit: Visit, edge: Edge, means: Means): Promise<Answer> {
  return means.event(visit, edge);
}

function allowed(methods: readonly string[]): string {
  return methods.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method])).join(", ");
}
