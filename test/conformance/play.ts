/** Plays cases against an edge over real HTTP. */
import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as SecureAgent, request as httpsRequest } from "node:https";
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { written, type Case, type Exchange } from "./case.ts";
import { judge, type Verdict } from "./judge.ts";
import type { CaseOrigin, Script } from "./origin.ts";

/** What the client got. */
export interface Received {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  readonly interim: readonly number[];
}

/** Long enough for everything that is fresh for a second or two to become stale. */
const untilStale = 3000;
const patience = 10_000;
const sockets = { keepAlive: true, maxSockets: 50 };
const [agent, secureAgent] = [new Agent(sockets), new SecureAgent(sockets)];

export interface Stage {
  /** URL of the edge, which has `origin` behind it. */
  readonly edge: string;
  readonly origin: CaseOrigin;
  /** Cases that are played side by side. */
  readonly atOnce: number;
  /** Called with the number of cases played so far. */
  readonly progress?: (done: number) => void;
}

/** The verdict on each case, by its id. */
export async function playCases(
  cases: readonly Case[],
  { edge, origin, atOnce, progress }: Stage,
): Promise<ReadonlyMap<string, Verdict>> {
  const left = [...cases];
  const verdicts = new Map<string, Verdict>();
  const playOn = async (): Promise<void> => {
    for (let one = left.shift(); one; one = left.shift()) {
      verdicts.set(one.id, await playCase(one, edge, origin));
      progress?.(verdicts.size);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, playOn));
  return verdicts;
}

async function playCase(one: Case, edge: string, origin: CaseOrigin): Promise<Verdict> {
  const id = randomUUID();
  const script: Script = { exchanges: one.requests, url: `${edge}/${id}`, seen: [] };
  origin.scripts.set(id, script);
  try {
    for (const [index, exchange] of one.requests.entries()) {
      const received = await send(exchange, index + 1, script);
      const verdict = judge(exchange, index + 1, { received, script });
      if (verdict.kind !== "passed") return verdict;
      if (exchange.pause_after) await pause(exchange.pause_after === true ? untilStale : exchange.pause_after * 1000);
    }
    return { kind: "passed" };
  } catch (error) {
    return { kind: "failed", why: (error as Error).message };
  } finally {
    origin.scripts.delete(id);
  }
}

async function send(exchange: Exchange, number: number, script: Script): Promise<Received> {
  const url = new URL(
    `${script.url}${exchange.filename ? `/${exchange.filename}` : ""}${exchange.query_arg ? `?${exchange.query_arg}` : ""}`,
  );
  // By the clock of the last answer, so that the date can be the very one that the answer had.
  const now = (exchange.magic_ims && script.seen.at(-1)?.at) || Date.now();
  const headers = (exchange.request_headers ?? []).map((header) => written(header, now, exchange.rfc850date));
  return new Promise((resolve, reject) => {
    const interim: number[] = [];
    const isSecure = url.protocol === "https:";
    const request = (isSecure ? httpsRequest : httpRequest)(
      url.href,
      { method: exchange.request_method ?? "GET", agent: isSecure ? secureAgent : agent, timeout: patience },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode!,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
            interim,
          }),
        );
      },
    );
    for (const [name, value] of headers) request.appendHeader(name, Buffer.from(value).toString("latin1"));
    request.setHeader("req-num", String(number));
    if (exchange.request_body) request.setHeader("content-length", Buffer.byteLength(exchange.request_body));
    request.on("information", ({ statusCode }) => interim.push(statusCode));
    request.on("timeout", () => request.destroy(new Error(`no answer in ${patience / 1000} s`)));
    request.on("error", reject);
    request.end(exchange.request_body);
  });
}
