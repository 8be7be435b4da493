/** What the platform says of the client. */
import type { Client } from "../../visit.ts";

/** From `request.cf` and `CF-Connecting-IP`, which the platform sets and a client can't. */
export function readClient(request: Request): Client {
  const cf = (request.cf ?? {}) as Partial<IncomingRequestCfProperties>;
  return {
    ip: request.headers.get("cf-connecting-ip") ?? "",
    ...known({
      country: cf.country,
      continent: cf.continent,
      city: cf.city,
      timezone: cf.timezone,
      asn: cf.asn,
      latitude: degrees(cf.latitude),
      longitude: degrees(cf.longitude),
      location: cf.colo,
      tls: cf.tlsVersion,
      http: cf.httpProtocol,
    }),
  };
}

/**
 * For local runs, where no platform says anything: the visitor headers that the platform would add, taken from the
 * client's own request. Only ever with the setting `localVisitors`, because anybody can write them.
 */
export function readLocalClient(request: Request): Client {
  const said = (name: string): string | undefined => request.headers.get(name) ?? undefined;
  return {
    ...readClient(request),
    ip: said("cf-connecting-ip") ?? "127.0.0.1",
    ...known({
      country: said("cf-ipcountry")?.toUpperCase(),
      continent: said("cf-ipcontinent")?.toUpperCase(),
      city: said("cf-ipcity"),
      timezone: said("cf-timezone"),
      asn: whole(said("cf-asn")),
      latitude: degrees(said("cf-iplatitude")),
      longitude: degrees(said("cf-iplongitude")),
    }),
  };
}

/** The platform gives degrees as strings, and leaves them out when it doesn't know. */
function degrees(text: string | undefined): number | undefined {
  const value = Number.parseFloat(text ?? "");
  return Number.isFinite(value) ? value : undefined;
}

function whole(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

/** Without the members that are undefined, so that they can be spread over others. */
function known<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined && value !== "")) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
