/** The HTTP surface: the edge's own pages under `/.perigee/`, and everything else as a visit. */
import { Hono } from "hono";
import { admin } from "./admin/admin.ts";
import { refuse, toResponse } from "./answer.ts";
import type { Edge } from "./edge.ts";
import { journey } from "./journey.ts";
import { explain, observe } from "./observe/observe.ts";
import type { Reason } from "./reasons.ts";
import type { Visit } from "./visit.ts";

/**
 * Turns a request into a visit; the platform's part of it is known only to `worker.ts`. Undefined when there is no making
 * out what is asked for: the Host is none, say.
 */
export type Arrive = (request: Request) => Visit | undefined;

/** The app for one edge. */
export function createApp(edge: Edge, arrive: Arrive): Hono {
  const app = new Hono();
  const { name } = edge.config.settings;
  app.all("/.perigee/*", async (context) => {
    const visit = arrive(context.req.raw);
    if (!visit) return withoutVisit("client-error", name);
    const answer = await admin(visit, edge).catch((error: unknown) => explain(visit, error, edge));
    return observe(visit, answer, edge);
  });
  app.all("*", (context) => {
    const visit = arrive(context.req.raw);
    return visit ? journey(visit, edge) : withoutVisit("client-error", name);
  });
  app.onError((error) => {
    console.error(error);
    return withoutVisit("edge-error", name);
  });
  return app;
}

/** For a request that there was no making a visit of. */
function withoutVisit(because: Reason, name: string): Response {
  return toResponse(refuse(because, { "cache-status": `${name}; detail=${because}` }));
}
