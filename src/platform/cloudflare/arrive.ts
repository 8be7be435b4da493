/** A request of the platform becomes a visit. */
import type { Edge } from "../../edge.ts";
import { visitedAddress, type VisitedAddress } from "../../http/address.ts";
import { Fields } from "../../http/fields.ts";
import { dropNamed } from "../../http/hop-by-hop.ts";
import { Trail } from "../../trail.ts";
import type { Visit } from "../../visit.ts";
import { createMemo } from "../memory/memo.ts";
import { readClient, readLocalClient } from "./client.ts";

/** What is asked for often need be parsed once: as many URLs are remembered, of as many characters. */
const [mostRemembered, longestRemembered] = [1_000, 256];

/** The visit of a request; undefined when its URL is none, because the client sent a broken Host or target. */
export function arriver(edge: Edge): (request: Request) => Visit | undefined {
  const remember = createMemo<VisitedAddress | undefined>(mostRemembered);
  const addressOf = (url: string): VisitedAddress | undefined =>
    url.length > longestRemembered ? visitedAddress(url) : remember(url, () => visitedAddress(url));
  const locate = edge.config.settings.localVisitors ? readLocalClient : readClient;
  return (request) => {
    const fields = fieldsOf(request);
    const url = addressOf(request.url);
    if (url === undefined || !isHost(fields.get("host")) || isAsterisk(url)) return undefined;
    return {
      id: fields.get("cf-ray") ?? newId(edge.random),
      method: request.method,
      url,
      fields,
      request,
      client: locate(request, fields),
      startedAt: edge.now(),
      trail: new Trail(),
    };
  };
}

/** `uri-host [":" port]` (RFC 9112 §3.2). The platform takes anything for a host, and what is after a "/" for the path. */
const host = /^(?:[\w.~!$&'()*+;=%-]+|\[[\da-f:.]+\])(?::\d*)?$/i;

function isHost(value: string | undefined): boolean {
  return value === undefined || host.test(value);
}

/** `OPTIONS *` (RFC 9112 §3.2.4), which means no resource of any site: the platform takes the asterisk for a part of the host. */
function isAsterisk({ hostname }: VisitedAddress): boolean {
  return hostname.endsWith("*");
}

/** With Accept-Encoding as the client sent it: the platform writes its own over it. Without what was for one connection. */
function fieldsOf(request: Request): Fields {
  const fields = Fields.from(request.headers);
  dropNamed(fields);
  const accepted: unknown = request.cf?.["clientAcceptEncoding"];
  return typeof accepted === "string" ? fields.set("accept-encoding", accepted) : fields;
}

/** Sixteen hexadecimal digits, as long as the platform's own ray id. */
function newId(random: () => number): string {
  const half = (): string =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, "0");
  return half() + half();
}
