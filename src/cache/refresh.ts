/** Bringing a stored answer up to date: by a 304, and behind the client's back. */
import { discard } from "../answer.ts";
import type { Storable } from "../edge.ts";
import type { Planned } from "../visit.ts";
import { controlOf } from "./control.ts";
import { readHead, writeHead } from "./entry.ts";
import { forward, type Forwarded, type Means } from "./forward.ts";
import { gather } from "./gather.ts";
import { bodyLength, keyFor, newGeneration, toStored, write, type Writing } from "./keep.ts";
import type { Found } from "./lookup.ts";
import { split, splitFresh } from "./split.ts";
import { whyNotStored } from "./storable.ts";
import { freshnessLeft } from "./reuse.ts";
import { askWhether, askWhole, confirms, freshened } from "./validate.ts";

interface Confirmation {
  readonly edge: Means["edge"];
  readonly forwarded: Forwarded;
}

/** The stored answer with the fields of a 304 (RFC 9111 §4.3.4): to serve, and written back when it still may be kept. */
export function confirm(visit: Planned, found: Found, { edge, forwarded }: Confirmation): Confirmed {
  const { updated, keepable } = update(visit, found, { edge, forwarded });
  if (!keepable) return { confirmed: updated, written: undefined };
  const { extent, length } = found;
  const parts = split(found.body, { length, limit: visit.caching.maxBytes, defer: edge.defer });
  const entry = { head: writeHead(updated.stored), body: parts.stored, length, given: parts.given };
  const written = extent
    ? rewrite(visit, found, { edge, forwarded })
    : putBack(visit, edge, { updated, entry }).finally(parts.abandon);
  edge.defer(written);
  return { confirmed: { ...updated, body: parts.client }, written };
}

interface Confirmed {
  readonly confirmed: Found;
  /** Resolves when the store has it with its new fields; undefined when it may no longer be kept. */
  readonly written: Promise<void> | undefined;
}

/**
 * Refreshes after the answer has left, once at a time for each key. An origin that fails, an answer that may not be kept,
 * and a body that breaks off leave the stored one as it is.
 */
export function refreshLater(visit: Planned, found: Found, means: Means): void {
  if (visit.method === "GET") means.edge.deferOnce(found.key, () => refresh(visit, apart(found), means));
}

/** With fields of its own: those of the client's answer are yet to be edited for that client. */
function apart(found: Found): Found {
  return { ...found, stored: { ...found.stored, fields: found.stored.fields.copy() } };
}

async function refresh(visit: Planned, found: Found, means: Means): Promise<void> {
  const { edge } = means;
  const { answer, exchange } = await askAnew(found, means);
  const control = controlOf(answer.fields, edge);
  if (answer.status === 304) return rewrite(visit, found, { edge, forwarded: { answer, exchange } });
  if (answer.status >= 500 || whyNotStored(visit, answer, control)) return discard(answer.body);
  const stored = toStored(visit, { answer, control, exchange });
  const entry = { ...stored, generation: newGeneration(stored, edge) };
  const length = bodyLength(answer.fields);
  const parts = await splitFresh(answer.body, { length, limit: visit.caching.maxBytes, defer: edge.defer });
  discard(parts.client);
  try {
    const body = parts.stored instanceof ReadableStream ? await gather(parts.stored) : parts.stored;
    const writing = { place: found.place, entry, body };
    await (body instanceof ReadableStream ? writeWhole(visit, found, { edge, writing }) : write(visit, edge, writing));
  } finally {
    parts.abandon();
  }
}

/** Whether the stored answer still holds; for all of the new one when a 304 speaks of another than that. */
async function askAnew({ stored }: Found, means: Means): Promise<Forwarded> {
  const terms = { fresherThan: freshnessLeft(stored, means.edge.now()), hasStandIn: true, isBackground: true };
  const forwarded = await forward(means, askWhether(stored), terms);
  const { status, fields } = forwarded.answer;
  return status !== 304 || confirms(fields, stored.fields) ? forwarded : forward(means, askWhole, terms);
}

interface Replacing {
  readonly edge: Means["edge"];
  readonly writing: Writing;
}

/** Replaces the entry when the store has all of the new body, under a key of its own: a put that fails may leave none. */
async function writeWhole(visit: Planned, found: Found, { edge, writing }: Replacing): Promise<void> {
  const waiting = `${found.key} refresh=${edge.random().toString(36).slice(2)}`;
  const length = bodyLength(writing.entry.fields);
  try {
    await edge.store.put(waiting, { head: "refresh", body: writing.body, length });
    const whole = await edge.store.match(waiting);
    if (whole) await write(visit, edge, { ...writing, body: whole.body });
  } finally {
    await edge.store.delete(waiting);
  }
}

/**
 * The stored bytes under the new head, if they still are there; the client of the visit has the first copy of them, or needs
 * none.
 */
async function rewrite(visit: Planned, found: Found, { edge, forwarded }: Confirmation): Promise<void> {
  const { updated, keepable } = update(visit, found, { edge, forwarded });
  const again = keepable ? await edge.store.match(found.key) : undefined;
  if (!again) return;
  const entry = readHead(again.head);
  if (entry?.kind !== "answer" || entry.askedAt !== found.stored.askedAt) return discard(again.body);
  await putBack(visit, edge, { updated, entry: { ...again, head: writeHead(updated.stored) } });
}

interface PuttingBack {
  readonly updated: Found;
  readonly entry: Storable;
}

/** Under the key that it has, or, when the origin now says that it varies by more, under its variant's. */
async function putBack(visit: Planned, edge: Means["edge"], { updated, entry }: PuttingBack): Promise<void> {
  const { place, stored } = updated;
  return edge.store.put(await keyFor(visit, edge, { place, stored }), entry);
}

function update(visit: Planned, found: Found, { edge, forwarded: { answer, exchange } }: Confirmation) {
  const fields = freshened(found.stored.fields, answer.fields);
  const renewed = { ...answer, status: found.stored.status, fields };
  const control = controlOf(fields, edge);
  const stored = toStored(visit, { answer: renewed, control, exchange });
  const { partial, generation } = found.stored;
  return {
    updated: { ...found, stored: { ...stored, generation, ...(partial && { partial }) } },
    keepable: whyNotStored({ ...visit, method: "GET" }, renewed, control) === undefined,
  };
}
