/** The HTTP surface: the edge's own pages under `/.perigee/`, and everything else as a visit. */
import { Hono } from "hono";
import { admin } from "./admin/admin.ts";
import type { Edge } from "./edge.ts";
import { journey } from "./journey.ts";
import { observe } from "./observe/observe.ts";
import type { Visit } from "./visit.ts";

/** Turns a request into a visit; the platform's part of it is known only to `worker.ts`. */
export type Arrive = (request: Request) => Visit;

/** The app for one edge. */
export function createApp(edge: Edge, arrive: Arrive): Hono {
  const app = new Hono();
  app.all("/.perigee/*", (context) => {
    const visit = arrive(context.req.raw);
    return observe(visit, admin(visit, edge), edge);
  });
  app.all("*", (context) => journey(arrive(context.req.raw), edge));
  return app;
}
