/** Writes answers to the store, while their bytes go to the client. */
import type { Answer, CacheStatus } from "../answer.ts";
import type { Edge, Storable } from "../edge.ts";
import { deltaSeconds } from "../http/directives.ts";
import type { Fields } from "../http/fields.ts";
import { parseContentLength } from "../http/range.ts";
import type { Planned } from "../visit.ts";
import { controlOf, type Control } from "./control.ts";
import { writeHead, type StoredAnswer, type Variants } from "./entry.ts";
import type { Forwarded } from "./forward.ts";
import { gather } from "./gather.ts";
import { bornAt, lifetimeOf, type Exchange } from "./freshness.ts";
import { withoutQuery } from "./key.ts";
import { tagsOf } from "./labels.ts";
import { variantsAt, type Place } from "./lookup.ts";
import { splitFresh } from "./split.ts";
import { whyNotStored, withheld } from "./storable.ts";
import { ttlOf } from "./ttl.ts";
import { isNoted, noting, ownPart, searchOf, variantsKey, varyOf, widened } from "./vary.ts";

/** A storable answer, with what its freshness follows from. */
export interface Fresh {
  readonly answer: Answer;
  readonly control: Control;
  readonly exchange: Exchange;
}

/** What the cache will keep of an answer. */
export function toStored(visit: Planned, { answer, control, exchange }: Fresh): StoredAnswer {
  const { caching } = visit;
  const { directives } = control;
  const { maxStale } = caching;
  const born = bornAt(answer.fields, exchange);
  const basis = { control, policy: caching, answeredAt: exchange.answeredAt };
  const lifetime = lifetimeOf(answer.status, answer.fields, basis);
  // A rule's ttl counts from the answer's arrival, however old the answer was by then.
  // A shield had it before: then it arrived there.
  const arrivedAt = answer.askedAt ?? exchange.answeredAt;
  const ageOnArrival = ttlOf(caching, answer.status) === undefined ? 0 : arrivedAt - born;
  const fields = answer.fields.copy();
  for (const name of withheld(control)) fields.delete(name);
  const tags = tagsOf(fields);
  return {
    kind: "answer",
    status: answer.status,
    fields: fields.delete("age"),
    askedAt: answer.askedAt ?? exchange.askedAt,
    took: exchange.answeredAt - exchange.askedAt,
    bornAt: born,
    lifetime: lifetime + ageOnArrival,
    staleWhileRevalidate: window(directives, "stale-while-revalidate", maxStale) ?? caching.staleWhileRevalidate,
    staleIfError: window(directives, "stale-if-error", maxStale) ?? caching.staleIfError,
    validate: validation(directives),
    // Here once, and not at every look-up.
    ...(tags !== undefined && { tags }),
  };
}

/** A name for the bytes that are about to be stored, which no others under their key have. */
export function newGeneration({ askedAt }: StoredAnswer, { random }: Edge): string {
  return `${askedAt.toString(36)}-${random().toString(36).slice(2)}`;
}

/** What was decided, for Cache-Status. */
export interface Kept {
  readonly answer: Answer;
  readonly status: Pick<CacheStatus, "stored" | "detail">;
  /** Resolves when it can be had from the store; undefined when it isn't kept. */
  readonly written: Promise<void> | undefined;
  /** Resolves when the client reads too slowly for others to wait for that. */
  readonly heldUp?: Promise<void>;
}

/**
 * Keeps the answer when HTTP and the rules allow it, and gives it back with a body for the client. Storing goes on when
 * the client leaves, and the client is served when storing fails.
 */
export async function keepIfStorable(visit: Planned, place: Place, { edge, forwarded }: Keeping): Promise<Kept> {
  const { answer, exchange } = forwarded;
  const control = controlOf(answer.fields, edge);
  const why = whyNotStored(visit, answer, control);
  if (why) {
    visit.trail.note("cache", `not-stored:${why}`);
    return { answer, status: { detail: why }, written: undefined };
  }
  const stored = toStored(visit, { answer, control, exchange });
  const entry = { ...stored, generation: newGeneration(stored, edge) };
  const length = bodyLength(answer.fields);
  const isAwaited = (): boolean => edge.flights.isAwaited(visit.id);
  const options = { length, limit: visit.caching.maxBytes, isAwaited, defer: edge.defer };
  const parts = await splitFresh(answer.body, options);
  const written = write(visit, edge, { place, entry, body: parts.stored, given: parts.given }).finally(parts.abandon);
  edge.defer(written);
  const client = { ...answer, body: parts.client, generation: entry.generation };
  return { answer: client, status: { stored: true }, written, heldUp: parts.heldUp };
}

interface Keeping {
  readonly edge: Edge;
  readonly forwarded: Forwarded;
}

/** One entry to write. */
export interface Writing {
  readonly place: Place;
  readonly entry: StoredAnswer;
  readonly body: Storable["body"];
  readonly given?: Storable["given"];
}

/** Puts the entry under its key, or, when it varies, under its variant's beside the mark that leads there. */
export async function write(visit: Planned, edge: Edge, { place, entry, body, given }: Writing): Promise<void> {
  const isUnsized = body instanceof ReadableStream && bodyLength(entry.fields) === undefined;
  const gathered = isUnsized ? await gather(body) : body;
  // Told with the entry, it also tells whether all of it is still there.
  if (isUnsized && gathered instanceof Uint8Array) entry.fields.set("content-length", String(gathered.byteLength));
  const put = { head: writeHead(entry), body: gathered, length: bodyLength(entry.fields) };
  const key = await keyFor(visit, edge, { place, stored: entry });
  await edge.store.put(key, gathered === body ? { ...put, given } : put);
}

/** Where the answer belongs: the primary key, or, when it varies, a key that a mark leads to. */
export async function keyFor(visit: Planned, edge: Edge, { place, stored }: Placing): Promise<string> {
  const { key, variants, isTaken } = place;
  const vary = varyOf(stored.fields);
  const search = searchOf(stored);
  if (vary === "*" || (vary.length === 0 && !search)) return key;
  // The look-up may not have looked for a mark that queries share; one that is there leads to what others have stored.
  const there = variants ?? (search && (await variantsAt(withoutQuery(key), edge)));
  const known = widened(there, { vary, search }, () => edge.random().toString(36).slice(2));
  const mark = variantsKey(key, known);
  const own = ownPart(known, visit);
  if (known !== there || !isNoted(known, own)) await note(own, mark, { known, edge });
  // It would be found first, for ever.
  if (isTaken && mark !== key) await edge.store.delete(key);
  return mark + own;
}

/** Notes a new variant in the mark, beside those that others have noted since it was read. */
async function note(own: string, mark: string, { known, edge }: Noting): Promise<void> {
  const current = await variantsAt(mark, edge);
  const { variants, dropped } = noting(current?.generation === known.generation ? current : known, own);
  await edge.store.put(mark, { head: writeHead(variants), body: null });
  await Promise.all(dropped.map((each) => edge.store.delete(mark + each)));
}

interface Noting {
  readonly known: Variants;
  readonly edge: Edge;
}

interface Placing {
  readonly place: Place;
  readonly stored: StoredAnswer;
}

/** The length of the body that the fields go with, when they say it. */
export function bodyLength(fields: Fields): number | undefined {
  return parseContentLength(fields.get("content-length"));
}

/** A stale window that the origin names, in milliseconds, as far as the rules let it go; an unreadable one is none. */
function window(directives: Control["directives"], name: string, most: number): number | undefined {
  const seconds = deltaSeconds(directives, name);
  return seconds === undefined ? undefined : Math.min((seconds || 0) * 1000, most);
}

function validation(directives: Control["directives"]): StoredAnswer["validate"] {
  if (directives.get("no-cache") === "") return "always";
  const bound = directives.has("must-revalidate") || directives.has("proxy-revalidate");
  // s-maxage means proxy-revalidate (RFC 9111 §5.2.2.10), unless the origin names stale windows of its own.
  const windows = directives.has("stale-while-revalidate") || directives.has("stale-if-error");
  return bound || (directives.has("s-maxage") && !windows) ? "stale" : "whenever";
}
