/** Bringing a stored answer up to date: by a 304, and behind the client's back. */
import { discard } from "../answer.ts";
import type { Storable } from "../edge.ts";
import type { Planned } from "../visit.ts";
import { controlOf } from "./control.ts";
import { writeHead } from "./entry.ts";
import { failureOf, forward, type Forwarded, type Means } from "./forward.ts";
import { bodyLength, keyFor, toStored, write } from "./keep.ts";
import type { Found } from "./lookup.ts";
import { split } from "./split.ts";
import { whyNotStored } from "./storable.ts";
import { askWhether, freshened } from "./validate.ts";

interface Confirmation {
  readonly edge: Means["edge"];
  readonly forwarded: Forwarded;
}

/** The stored answer with the fields of a 304 (RFC 9111 §4.3.4): to serve, and written back when it still may be kept. */
export function confirm(visit: Planned, found: Found, { edge, forwarded }: Confirmation): Confirmed {
  const { updated, keepable } = update(visit, found, forwarded);
  if (!keepable) return { confirmed: updated, written: undefined };
  const { length } = found;
  const parts = split(found.body, { length, limit: visit.caching.maxBytes, defer: edge.defer });
  const entry = { head: writeHead(updated.stored), body: parts.stored, length };
  const written = putBack(visit, edge, { updated, entry }).finally(parts.abandon);
  edge.defer(written);
  return { confirmed: { ...updated, body: parts.client }, written };
}

interface Confirmed {
  readonly confirmed: Found;
  /** Resolves when the store has it with its new fields; undefined when it may no longer be kept. */
  readonly written: Promise<void> | undefined;
}

/**
 * Refreshes after the answer has left, once at a time for each key. A failing origin, or an answer that may not be kept,
 * leaves the stored one as it is.
 */
export function refreshLater(visit: Planned, found: Found, means: Means): void {
  if (visit.method === "GET") means.edge.deferOnce(found.key, () => refresh(visit, found, means));
}

async function refresh(visit: Planned, found: Found, means: Means): Promise<void> {
  const { edge } = means;
  const { answer, exchange } = await forward(means, askWhether(found.stored));
  const control = controlOf(answer.fields);
  if (answer.status === 304) return rewrite(visit, found, { edge, forwarded: { answer, exchange } });
  if (failureOf(answer) || whyNotStored(visit, answer, control)) return discard(answer.body);
  const entry = toStored(visit, { answer, control, exchange });
  const length = bodyLength(answer.fields);
  const parts = split(answer.body, { length, limit: visit.caching.maxBytes, defer: edge.defer });
  discard(parts.client);
  await write(visit, edge, { place: found.place, entry, body: parts.stored });
}

/** The stored bytes under the new head; the client of the visit has the first copy of them. */
async function rewrite(visit: Planned, found: Found, { edge, forwarded }: Confirmation): Promise<void> {
  const { updated, keepable } = update(visit, found, forwarded);
  const again = keepable ? await edge.store.match(found.key) : undefined;
  if (!again) return;
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

function update(visit: Planned, found: Found, { answer, exchange }: Forwarded) {
  const fields = freshened(found.stored.fields, answer.fields);
  const renewed = { ...answer, status: found.stored.status, fields };
  const control = controlOf(fields);
  const stored = toStored(visit, { answer: renewed, control, exchange });
  const { partial } = found.stored;
  return {
    updated: { ...found, stored: partial ? { ...stored, partial } : stored },
    keepable: whyNotStored({ ...visit, method: "GET" }, renewed, control) === undefined,
  };
}
