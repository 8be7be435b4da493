/** Short bodies are a part of their answer: it is a good one only when its body is here, too. */
import type { Answer } from "../../answer.ts";
import type { Site } from "../../config/model.ts";
import type { Origin } from "../../config/upstream.ts";
import { asksForEvents } from "../../http/accept.ts";
import { comeOf, comeOfUntold, longestShort } from "../../http/at-once.ts";
import { essence } from "../../http/media-type.ts";
import { parseContentLength } from "../../http/range.ts";
import { continuable } from "./rest.ts";
import type { Sendable } from "./sendable.ts";

/**
 * Milliseconds in which a short body may come before anything of it goes on: a moment, where it could be continued should it
 * break off later; where that couldn't be, as long as nobody notices.
 */
const patience = { continuable: 20, other: 100 } as const;

/** The answer, as far as it is here. */
export interface Come {
  readonly answer: Answer;
  /** Its body ended before its end, and nothing of it has gone on. */
  readonly isBroken: boolean;
}

/** With the bytes of its body, where that is short and comes in time. Where the site wants no watch over bodies, it is left as it is. */
export async function withShortBody(answer: Answer, sendable: Sendable, from: Origin): Promise<Come> {
  const come = await begun(answer, sendable, from);
  if (!come) return { answer, isBroken: false };
  if (come.kind !== "whole") return { answer: { ...answer, body: come.body }, isBroken: come.kind === "broken" };
  // By its length a part shows that it is whole: then that must be its origin's word.
  if (answer.status !== 206) answer.fields.set("content-length", `${come.bytes.byteLength}`);
  return { answer: { ...answer, body: come.bytes }, isBroken: false };
}

/** What comes of its body in a moment; undefined where that is not waited for. */
function begun(answer: Answer, sendable: Sendable, from: Origin): ReturnType<typeof comeOf> | undefined {
  const { body, fields } = answer;
  const { method, site } = sendable.visit;
  if (!(body instanceof ReadableStream) || !isWatched(site)) return undefined;
  const length = parseContentLength(fields.get("content-length"));
  const isWritten = from.followed || from.via !== undefined;
  if (length === undefined)
    return isHeld(answer, sendable) ? comeOfUntold(body, { most: longestShort, isWritten }) : undefined;
  if (!isShort(length)) return undefined;
  const canGoOn = site.asking.resume && continuable(answer, method) !== undefined;
  return comeOf(body, length, { patience: canGoOn ? patience.continuable : patience.other, isWritten });
}

/** Whether a body of unknown length is held for a moment: where it may be asked for anew, and nobody reads it as it comes. */
function isHeld({ fields }: Answer, { repeat, visit }: Sendable): boolean {
  const isReadAsItComes =
    asksForEvents(visit.fields.get("accept")) ||
    readAsTheyCome.has(essence(fields.get("content-type"))) ||
    fields.get("x-accel-buffering")?.trim().toLowerCase() === "no";
  return repeat === "always" && !isReadAsItComes;
}

/** Each part of them is for somebody who waits for it. */
const readAsTheyCome: ReadonlySet<string> = new Set([
  "text/event-stream",
  "multipart/x-mixed-replace",
  "application/x-ndjson",
  "application/jsonl",
  "application/json-seq",
]);

/** Whether it is told of a body that it is one. */
export function isShort(length: number | undefined): length is number {
  return length !== undefined && length <= longestShort;
}

function isWatched({ asking: { resume, timeouts } }: Site): boolean {
  return resume || timeouts.idle !== undefined;
}
