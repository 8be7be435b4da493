/** The load: visits at a steady rate, whatever becomes of those before. */
import { Agent, request } from "node:http";
import { keepPace, type Due, type Pace } from "../load/pace.ts";
import type { EdgeLocation } from "./edges.ts";
import { answerOf, contentOf, pause } from "./objects.ts";
import { locationField } from "./protocol.ts";
import { visitAt, type Visit } from "./visits.ts";

/** What became of a visit. */
export interface Result extends Visit, Due {
  /** Milliseconds to the last byte, without those in which the origin paces the body. */
  readonly ms: number;
  /** What was wrong with the answer; undefined when nothing was. */
  readonly wrong: string | undefined;
}

export interface Load extends Pace {
  readonly seed: number;
}

/** Milliseconds after which an idle connection is closed: before the edge does, just when it is used again (5 s). */
const idle = 2_000;

/** Milliseconds after which a client gives up. */
const longest = 10_000;

/** Resolves when the last visit is over. */
export async function drive({ seed, ...pace }: Load, edges: readonly EdgeLocation[]): Promise<readonly Result[]> {
  const agent = new Agent({ keepAlive: true, timeout: idle });
  const start = performance.now();
  const results: Promise<Result>[] = [];
  const now = (): number => performance.now() - start;
  const send = (number: number, sent: Due): void => {
    const visit = visitAt(number, seed, edges.length);
    const done = ask(visit, edges[visit.edge]!, agent).catch((error: Error) => error.message);
    results.push(done.then((wrong) => ({ ...visit, ...sent, ms: now() - sent.due - paced(visit), wrong })));
  };
  await keepPace(pace, send, now);
  const all = await Promise.all(results);
  agent.destroy();
  return all;
}

function paced({ kind: { pieces } }: Visit): number {
  return (pieces - 1) * pause;
}

/** Resolves to what was wrong with the answer. */
async function ask({ kind, target }: Visit, edge: EdgeLocation, agent: Agent): Promise<string | undefined> {
  const content = contentOf(target, kind);
  const [latitude, longitude] = edge.place.at;
  const asking = request(edge.url + target, {
    agent,
    method: kind.method,
    signal: AbortSignal.timeout(longest),
    headers: {
      "cf-iplatitude": latitude,
      "cf-iplongitude": longitude,
      [locationField]: `${latitude},${longitude}`,
      ...(content.length > 0 && { "content-length": content.length }),
    },
  });
  const answered = new Promise<string | undefined>((resolve, reject) => {
    asking.once("error", reject).once("response", (response) => {
      const expected = answerOf(target, kind, content);
      let at = 0;
      let wrong = response.statusCode === 200 ? undefined : `status ${response.statusCode}`;
      response.on("data", (piece: Buffer) => {
        if (!piece.equals(expected.subarray(at, at + piece.length))) wrong ??= `other bytes from ${at} on`;
        at += piece.length;
      });
      response.once("error", reject).once("end", () => {
        const length = kind.method === "HEAD" ? 0 : expected.length;
        resolve(wrong ?? (at === length ? undefined : `${at} bytes of ${length}`));
      });
    });
  });
  asking.end(content);
  return answered;
}
