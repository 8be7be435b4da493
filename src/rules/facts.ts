/**
 * What rules can ask about a visit. Each fact is worked out when a rule first asks for it, and once a visit.
 *
 * What isn't known is "" for texts, 0 for the AS number, -1 for the content length, and for degrees a NaN, with which no
 * comparison holds.
 */
import type { Answer } from "../answer.ts";
import { isInEuropeanUnion } from "../geo/european-union.ts";
import { cookiesOf } from "../http/cookie.ts";
import { deviceOf } from "../http/device.ts";
import { groupOf } from "../http/ip-form.ts";
import { normalPath } from "../http/path.ts";
import type { Identified } from "../visit.ts";

/** `request.*` and their CEL types. */
export const requestFields = {
  /** As sent: "GET". */
  method: "string",
  /** The whole URL, normalised. */
  url: "string",
  /** "http" or "https". */
  scheme: "string",
  /** In lower case, without a port. */
  host: "string",
  /** Beginning with "/"; in normal form: percent-encoded but for letters, digits and `-._~`. */
  path: "string",
  /** What follows the "?", percent-encoded as the path is; "" when there is nothing. */
  query: "string",
  /** Field name in lower case → value, several lines joined by ", ". */
  headers: "map<string, string>",
  /** Cookie name → value as sent (RFC 6265 §5.4). Of two with one name, the first. */
  cookies: "map<string, string>",
  /** Bytes, -1 when the request doesn't say. */
  contentLength: "int",
  /** Asked for by the edge, to be put into a page: see `esi`. */
  included: "bool",
} as const;

/** `client.*` and their CEL types. */
export const clientFields = {
  /** IPv6 in the form of RFC 5952, IPv4-mapped ones as IPv4. */
  ip: "string",
  /** What it is counted with: its IPv4 address, or its IPv6 network, such as "2001:db8:0:1::/64". */
  group: "string",
  /** ISO 3166-1 alpha-2 in upper case, or "T1" for Tor. */
  country: "string",
  /** AF, AN, AS, EU, NA, OC, SA. */
  continent: "string",
  /** Whether the country is in the European Union. */
  eu: "bool",
  asn: "int",
  city: "string",
  latitude: "double",
  longitude: "double",
  /** IANA name. */
  timezone: "string",
  /** Name of the bot the client says it is; "" for what looks like a person. */
  bot: "string",
  /** What the bot is for, such as "ai-training"; "person" for what looks like one. */
  kind: "string",
  /** From 0 to 100: how much speaks for a program that nobody asked in. */
  score: "int",
  /** It has proved who it is. */
  verified: "bool",
  /** It says that it is somebody who it isn't. */
  impostor: "bool",
  /** It comes through Tor. */
  tor: "bool",
  /** "phone", "tablet", "tv" or "desktop". */
  device: "string",
  /** Such as "TLSv1.3"; "" on a plain connection. */
  tls: "string",
} as const;

/** `response.*` and their CEL types, for what is asked when there is an answer. */
export const responseFields = {
  status: "int",
  /** Field name in lower case → value, without `Set-Cookie`. */
  headers: "map<string, string>",
} as const;

/** A class whose getters answer exactly those fields. */
type Facts<F extends Readonly<Record<string, string>>> = { readonly [K in keyof F]: FactOf<F[K]> };
type FactOf<T> = T extends "string"
  ? string
  : T extends "int"
    ? bigint
    : T extends "double"
      ? number
      : T extends "bool"
        ? boolean
        : ReadonlyMap<string, string>;

export class RequestFacts implements Facts<typeof requestFields> {
  readonly #visit: Identified;
  #query: string | undefined;
  #host: string | undefined;
  #cookies: ReadonlyMap<string, string> | undefined;
  #contentLength: bigint | undefined;

  constructor(visit: Identified) {
    this.#visit = visit;
  }

  get method(): string {
    return this.#visit.method;
  }

  get url(): string {
    return this.#visit.url.href;
  }

  get scheme(): string {
    return this.#visit.url.protocol.slice(0, -1);
  }

  get host(): string {
    return (this.#host ??= this.#visit.url.hostname);
  }

  get path(): string {
    return this.#visit.url.pathname;
  }

  get query(): string {
    return (this.#query ??= normalPath(this.#visit.url.search.slice(1)));
  }

  get headers(): ReadonlyMap<string, string> {
    return this.#visit.fields.asMap();
  }

  get cookies(): ReadonlyMap<string, string> {
    return (this.#cookies ??= cookiesOf(this.#visit.fields.get("cookie") ?? ""));
  }

  get contentLength(): bigint {
    return (this.#contentLength ??= parseLength(this.#visit.fields.get("content-length") ?? ""));
  }

  get included(): boolean {
    return this.#visit.included !== undefined;
  }
}

export class ClientFacts implements Facts<typeof clientFields> {
  readonly #visit: Identified;
  readonly #groupLength: number;
  #group: string | undefined;
  #asn: bigint | undefined;
  #device: string | undefined;

  /** @param groupLength bits of an IPv6 address that make its group. */
  constructor(visit: Identified, groupLength: number) {
    this.#visit = visit;
    this.#groupLength = groupLength;
  }

  get ip(): string {
    return this.#visit.client.ip;
  }

  get group(): string {
    return (this.#group ??= groupOf(this.#visit.client.ip, this.#groupLength));
  }

  get country(): string {
    return this.#visit.client.country ?? "";
  }

  get continent(): string {
    return this.#visit.client.continent ?? "";
  }

  get eu(): boolean {
    return isInEuropeanUnion(this.country);
  }

  get asn(): bigint {
    return (this.#asn ??= BigInt(this.#visit.client.asn ?? 0));
  }

  get city(): string {
    return this.#visit.client.city ?? "";
  }

  get latitude(): number {
    return this.#visit.client.latitude ?? Number.NaN;
  }

  get longitude(): number {
    return this.#visit.client.longitude ?? Number.NaN;
  }

  get timezone(): string {
    return this.#visit.client.timezone ?? "";
  }

  get bot(): string {
    return this.#visit.bot;
  }

  get kind(): string {
    return this.#visit.kind;
  }

  get score(): bigint {
    return BigInt(this.#visit.score.total(this.#visit.proof));
  }

  get verified(): boolean {
    return this.#visit.proof === "verified";
  }

  get impostor(): boolean {
    return this.#visit.proof === "impostor";
  }

  get tor(): boolean {
    return this.#visit.client.country === "T1";
  }

  get device(): string {
    return (this.#device ??= deviceOf(this.#visit.fields));
  }

  get tls(): string {
    return this.#visit.client.tls ?? "";
  }
}

export class ResponseFacts implements Facts<typeof responseFields> {
  readonly #answer: Pick<Answer, "status" | "fields">;

  constructor(answer: Pick<Answer, "status" | "fields">) {
    this.#answer = answer;
  }

  get status(): bigint {
    return BigInt(this.#answer.status);
  }

  get headers(): ReadonlyMap<string, string> {
    return this.#answer.fields.asMap();
  }
}

function parseLength(text: string): bigint {
  return /^\d{1,15}$/.test(text) ? BigInt(text) : -1n;
}
