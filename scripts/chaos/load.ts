/** The load: visits at a steady rate, whatever becomes of those before. */
import { Agent, request } from "node:http";
import { keepPace, type Due, type Pace } from "../load/pace.ts";
import type { EdgeLocation } from "./edges.ts";
import { answerOf, contentOf, pause } from "./objects.ts";
import { locationField } from "./protocol.ts";
import { visitAt, type Visit } from "./visits.ts";

/** What became of a visit. */
export interface Result extends Visit, Due, Outcome {
  /** Milliseconds to the last byte, without those in which the origin itself works, and paces the body. */
  readonly ms: number;
}

export interface Outcome {
  /** What was wrong with the answer; undefined when nothing was. */
  readonly wrong: string | undefined;
  /** Whether that is that it was right as far as it came, and its connection was lost then: the client knows that it isn't whole. */
  readonly broke: boolean;
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
    const done = ask(visit, edges[visit.edge]!, agent).catch(({ message }: Error) => ({
      wrong: message,
      broke: false,
    }));
    results.push(done.then((outcome) => ({ ...visit, ...sent, ms: now() - sent.due - paced(visit), ...outcome })));
  };
  await keepPace(pace, send, now);
  const all = await Promise.all(results);
  agent.destroy();
  return all;
}

/** Milliseconds that the origin itself takes for the answer. */
export function paced({ kind: { work, pieces } }: Visit): number {
  return work + (pieces - 1) * pause;
}

async function ask({ kind, target }: Visit, edge: EdgeLocation, agent: Agent): Promise<Outcome> {
  const content = contentOf(target, kind);
  const [latitude, longitude] = edge.place.at;
  const asking = request(edge.url + target, {
    agent,
    method: kind.method,
    signal: AbortSignal.timeout(longest),
    headers: {
      ...(kind.host !== undefined && { host: kind.host }),
      "cf-iplatitude": latitude,
      "cf-iplongitude": longitude,
      [locationField]: `${latitude},${longitude}`,
      ...(content.length > 0 && { "content-length": content.length }),
    },
  });
  const answered = new Promise<Outcome>((resolve, reject) => {
    asking.once("error", reject).once("response", (response) => {
      const expected = answerOf(target, kind, content);
      const length = kind.method === "HEAD" ? 0 : expected.length;
      let at = 0;
      let wrong = response.statusCode === 200 ? undefined : `status ${response.statusCode}`;
      response.on("data", (piece: Buffer) => {
        if (!piece.equals(expected.subarray(at, at + piece.length))) wrong ??= `other bytes from ${at} on`;
        at += piece.length;
      });
      response.once("error", ({ code }: NodeJS.ErrnoException) => {
        const broke = wrong === undefined && code === "ECONNRESET";
        resolve({ wrong: wrong ?? `${broke ? "broke off" : code} ${placeOf(at, length)}`, broke });
      });
      response.once("end", () => {
        resolve({ wrong: wrong ?? (at === length ? undefined : `${at} bytes of ${length}`), broke: false });
      });
    });
  });
  asking.end(content);
  return answered;
}

/** Where a body of that length ends too early. */
function placeOf(at: number, length: number): string {
  if (at === 0) return "before the first byte";
  return at < length ? "in the middle" : "after the last byte";
}
