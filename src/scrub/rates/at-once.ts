/** Limits of how many visits of one key are under way at once, in this isolate. */
import type { Answer } from "../../answer.ts";
import type { AtOnceLimit } from "../../config/rates.ts";
import type { Edge } from "../../edge.ts";
import type { Fields } from "../../http/fields.ts";
import { parseContentLength } from "../../http/range.ts";
import { limitItem, policyItem } from "../../http/rate-limit.ts";
import { ending, passage } from "../../http/stream.ts";
import type { Rates } from "../../rates.ts";
import type { Clean } from "../../visit.ts";
import { keyOf } from "./key.ts";

/** Milliseconds after which one no longer counts, should nothing have told that it is over. */
const longest = 3_600_000;

/** Milliseconds: when a place will be free isn't known. */
const soon = 1_000;

/**
 * Takes a place, which is given back when the answer's body is through, breaks off, or its client leaves; at once when
 * there is no stream to wait for, such as for a WebSocket.
 * @returns milliseconds after which the client may come again, when there is none.
 */
export function takePlace(visit: Clean, limit: AtOnceLimit, edge: Edge): number | undefined {
  const key = keyOf(limit.id, limit.per(visit));
  const places = placesOf(edge.rates.underWay, key, edge.now() - longest);
  if (places.size >= limit.most) return soon;
  const place = { since: edge.now() };
  places.add(place);
  const giveBack = (): void => {
    places.delete(place);
    if (places.size === 0 && edge.rates.underWay.get(key) === places) edge.rates.underWay.delete(key);
  };
  const free = limit.most - places.size;
  visit.request.signal.addEventListener("abort", giveBack, { once: true });
  visit.dues.push((answer) => due(answer, { limit, free, giveBack }));
  return undefined;
}

interface Taken {
  readonly limit: AtOnceLimit;
  readonly free: number;
  readonly giveBack: () => void;
}

function due(answer: Answer, { limit, free, giveBack }: Taken): Answer {
  tellPlaces(answer, limit, free);
  const { body, fields } = answer;
  if (body instanceof ReadableStream) return { ...answer, body: watched(body, fields, giveBack) };
  giveBack();
  return answer;
}

/** In script, because the platform can't pass on by itself what comes out of a transformation; with its length where it is known. */
function watched(body: ReadableStream<Uint8Array>, fields: Fields, giveBack: () => void): ReadableStream<Uint8Array> {
  const length = parseContentLength(fields.get("content-length"));
  const passed = ending(body, giveBack);
  return length === undefined ? passed : passed.pipeThrough(passage(length));
}

/** How many there are, and how many of them are free. */
export function tellPlaces({ fields }: Answer, { name, most }: AtOnceLimit, free: number): void {
  fields.append("ratelimit-policy", policyItem({ name, quota: most, unit: "concurrent-requests" }));
  fields.append("ratelimit", limitItem(name, free, 0));
}

function placesOf(underWay: Rates["underWay"], key: string, from: number) {
  const places = underWay.get(key) ?? new Set();
  underWay.set(key, places);
  for (const place of places) {
    if (place.since > from) break;
    places.delete(place);
  }
  return places;
}
