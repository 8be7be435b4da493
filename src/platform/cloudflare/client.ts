/** What the platform says of the client. */
import type { Fields } from "../../http/fields.ts";
import { plainAddress } from "../../http/ip-form.ts";
import type { Client, ClientCertificate } from "../../visit.ts";

/** From `request.cf` and `CF-Connecting-IP`, which the platform sets and a client can't. */
export function readClient(request: Request, fields: Fields): Client {
  const cf = (request.cf ?? {}) as Partial<IncomingRequestCfProperties>;
  return {
    ip: plainAddress(fields.get("cf-connecting-ip") ?? ""),
    country: cf.country || undefined,
    continent: cf.continent,
    city: cf.city,
    timezone: cf.timezone,
    asn: cf.asn,
    latitude: degrees(cf.latitude),
    longitude: degrees(cf.longitude),
    location: cf.colo,
    tls: cf.tlsVersion || undefined,
    http: cf.httpProtocol,
    connection: connectionOf(cf["tlsClientRandom"]),
    botScore: botScoreOf(cf.botManagement),
    ...(cf.tlsClientAuth?.certPresented === "1" && { certificate: certificateOf(cf.tlsClientAuth) }),
  };
}

function certificateOf({
  certVerified,
  certRevoked,
  certFingerprintSHA256,
}: Partial<IncomingRequestCfProperties["tlsClientAuth"] & object>): ClientCertificate {
  const isVerified = certVerified === "SUCCESS" && certRevoked !== "1";
  return { isVerified, fingerprint: (certFingerprintSHA256 ?? "").toLowerCase() };
}

/**
 * For local runs, where no platform says anything: the visitor headers that the platform would add, taken from the
 * client's own request. Only ever with the setting `localVisitors`, because anybody can write them.
 */
export function readLocalClient(request: Request, fields: Fields): Client {
  const client = readClient(request, fields);
  return {
    ...client,
    ip: client.ip || "127.0.0.1",
    country: fields.get("cf-ipcountry")?.toUpperCase() || client.country,
    continent: fields.get("cf-ipcontinent")?.toUpperCase() || client.continent,
    city: fields.get("cf-ipcity") || client.city,
    timezone: fields.get("cf-timezone") || client.timezone,
    asn: whole(fields.get("cf-asn")) ?? client.asn,
    latitude: degrees(fields.get("cf-iplatitude")) ?? client.latitude,
    longitude: degrees(fields.get("cf-iplongitude")) ?? client.longitude,
    // What stands in for the platform may give all the same.
    connection: undefined,
  };
}

/** The platform's types don't know of it. */
function connectionOf(drawn: unknown): string | undefined {
  return typeof drawn === "string" && drawn !== "" ? drawn : undefined;
}

/** Plans without it have no such member, or a score of 0: "not computed". */
function botScoreOf(management: Partial<IncomingRequestCfPropertiesBotManagementBase> | undefined): number | undefined {
  const score: unknown = management?.score;
  return typeof score === "number" && score >= 1 && score <= 99 ? score : undefined;
}

/** The platform gives degrees as strings, and leaves them out when it doesn't know. */
function degrees(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number.parseFloat(text);
  return Number.isFinite(value) ? value : undefined;
}

function whole(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}
