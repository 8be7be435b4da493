/** A request of the platform becomes a visit. */
import type { Edge } from "../../edge.ts";
import { Fields } from "../../http/fields.ts";
import { Trail } from "../../trail.ts";
import type { Visit } from "../../visit.ts";
import { readClient, readLocalClient } from "./client.ts";

export function arriver(edge: Edge): (request: Request) => Visit {
  const locate = edge.config.settings.localVisitors ? readLocalClient : readClient;
  return (request) => {
    const fields = Fields.from(request.headers);
    return {
      id: fields.get("cf-ray") ?? newId(edge.random),
      method: request.method,
      url: new URL(request.url),
      fields,
      request,
      client: locate(request),
      startedAt: edge.now(),
      trail: new Trail(),
    };
  };
}

/** Sixteen hexadecimal digits, as long as the platform's own ray id. */
function newId(random: () => number): string {
  const half = (): string =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, "0");
  return half() + half();
}
