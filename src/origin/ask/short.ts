/** Short bodies are a part of their answer: it is a good one only when its body is here, too. */
import type { Answer } from "../../answer.ts";
import type { Site } from "../../config/model.ts";
import type { Origin } from "../../config/upstream.ts";
import { comeOf, longestShort } from "../../http/at-once.ts";
import { parseContentLength } from "../../http/range.ts";
import type { Planned } from "../../visit.ts";
import { continuable } from "./rest.ts";

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
export async function withShortBody(answer: Answer, { method, site }: Planned, from: Origin): Promise<Come> {
  const { body, fields } = answer;
  const length = parseContentLength(fields.get("content-length"));
  if (!(body instanceof ReadableStream) || !isWatched(site) || !isShort(length)) return { answer, isBroken: false };
  const canGoOn = site.asking.resume && continuable(answer, method) !== undefined;
  const isWritten = from.followed || from.via !== undefined;
  const come = await comeOf(body, length, { patience: canGoOn ? patience.continuable : patience.other, isWritten });
  if (come.kind === "whole") return { answer: { ...answer, body: come.bytes }, isBroken: false };
  return { answer: { ...answer, body: come.body }, isBroken: come.kind === "broken" };
}

/** Whether it is told of a body that it is one. */
export function isShort(length: number | undefined): length is number {
  return length !== undefined && length <= longestShort;
}

function isWatched({ asking: { resume, timeouts } }: Site): boolean {
  return resume || timeouts.idle !== undefined;
}
