/** Visits as they come to the transform room, and answers as the rooms before it hand them over. */
import { defaultBots } from "../../src/config/identities.ts";
import type { Answer, Body } from "../../src/answer.ts";
import type { HeaderEdits, Settings } from "../../src/config/model.ts";
import type { Origin } from "../../src/config/upstream.ts";
import type { Edge } from "../../src/edge.ts";
import { Fields } from "../../src/http/fields.ts";
import { arriver } from "../../src/platform/cloudflare/arrive.ts";
import { createEdge } from "../../src/platform/cloudflare/ports.ts";
import type { Planned } from "../../src/visit.ts";
import { compressing, compression, person, plainOrigin, site } from "../harness/rooms.ts";

export const noon = Date.parse("2026-03-01T12:00:00Z");

const settings: Settings = {
  name: "perigee",
  trail: false,
  localVisitors: false,
  log: "none",
  limits: { url: 16_384, fields: 80, field: 8192, fieldBytes: 32_768 },
  group: 64,
  fieldNames: "plain",
  methodOverrides: false,
  challenge: { clearance: 3_600_000, work: 1_000, wait: 5_000, spare: [] },
  verify: { signatures: true, ranges: false, identities: new Map() },
  timeout: 30_000,
  tries: 3,
  eject: undefined,
  subrequests: 50,
  memory: 0,
  targets: ["cdn-cache-control"],
  compress: { ...compression, minimum: 100 },
  purge: { refresh: 10_000, showTags: false },
};

/** An edge at noon. */
export const edge: Edge = {
  ...createEdge(
    {
      version: "test",
      settings,
      sites: { exact: new Map(), wildcard: new Map(), any: undefined },
      origins: [],
      rules: [],
      experiments: [],
      bots: defaultBots,
    },
    {},
  ),
  now: () => noon,
};

export function origin(name: string, url: string): Origin {
  const { origin: root, pathname } = new URL(url);
  return { ...plainOrigin, name, url: new URL(root), base: pathname.replace(/\/$/, "") };
}

export interface VisitOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly origins?: readonly Origin[];
  readonly plan?: Planned["plan"];
  readonly finishing?: Partial<Planned["finishing"]>;
}

/** A visit to a path of www.example.com, or to a URL, whose answer the cache may hold. */
export function visitTo(target: string, options: VisitOptions = {}): Planned {
  const { method = "GET", headers = {}, origins = [origin("fra", "https://fra.example")], finishing } = options;
  const url = new URL(target, "https://www.example.com");
  const arrived = arriver(edge)(new Request(url, { method, headers }))!;
  const of = { ...site("www", url.hostname), origins };
  return {
    ...arrived,
    site: of,
    ...person,
    rules: [],
    dues: [],
    target: url.pathname + url.search,
    pool: origins,
    balance: of.balance,
    caching: of.caching,
    experiments: [],
    requestEdits: [],
    plan: options.plan ?? { kind: "lookup", key: url.href },
    shapes: [],
    finishing: { edits: [], compress: compressing, ...finishing },
  };
}

export function answer(fields: Readonly<Record<string, string>>, body: Body = null, status = 200): Answer {
  return { status, fields: Fields.of(fields), body, origin: "fra" };
}

/** The same, with its length known, as most origins tell it. */
export function sized(fields: Readonly<Record<string, string>>, text: string): Answer {
  const bytes = new TextEncoder().encode(text);
  return answer({ "content-length": String(bytes.byteLength), ...fields }, streamOf(bytes));
}

/** A body in pieces of that size. */
export function streamOf(bytes: Uint8Array, piece = 7): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.byteLength) return controller.close();
      controller.enqueue(bytes.slice(at, (at += piece)));
    },
  });
}

export async function bytesOf({ body }: Answer): Promise<Uint8Array> {
  return new Uint8Array(await new Response(body).arrayBuffer());
}

export async function textOf({ body }: Answer): Promise<string> {
  return new Response(body).text();
}

/** Edits of fixed values. */
export function edits(parts: {
  remove?: readonly string[];
  set?: Readonly<Record<string, string>>;
  add?: Readonly<Record<string, string>>;
}): HeaderEdits {
  const texts = (values: Readonly<Record<string, string>> = {}) =>
    Object.entries(values).map(([name, value]) => [name, () => value] as const);
  return { remove: parts.remove ?? [], set: texts(parts.set), add: texts(parts.add) };
}
