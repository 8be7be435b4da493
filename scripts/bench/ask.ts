/** One request of the bench's own, sent as it is written: `fetch` would add fields that caches act on. */
import { request, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { once } from "node:events";
import { BenchError } from "./bench-error.ts";
import { requestFields, type Fields } from "./load.ts";

export interface Answered {
  readonly status: number;
  readonly cacheStatus: string | undefined;
  readonly body: string;
}

/** With what a browser sends, and these fields. Rejects with a {@link BenchError}. */
export async function ask(url: string, fields: Fields = {}): Promise<Answered> {
  const response = await begin(url, fields);
  const cacheStatus = response.headers["cache-status"]?.toString();
  return { status: response.statusCode!, cacheStatus, body: await bodyOf(response, url) };
}

/** Resolves when the header is there; until its body is read, it waits. Rejects with a {@link BenchError}. */
export async function begin(url: string, fields: Fields = {}): Promise<IncomingMessage> {
  const asked = request(url, { headers: { ...requestFields, ...fields }, agent: false });
  asked.end();
  const [response] = await once(asked, "response").catch(unanswered(url));
  return response as IncomingMessage;
}

/** All of it. Rejects with a {@link BenchError}. */
export async function bodyOf(response: IncomingMessage, url: string): Promise<string> {
  return (await buffer(response).catch(unanswered(url))).toString();
}

const unanswered =
  (url: string) =>
  (cause: Error): never => {
    throw new BenchError(`${url} gave no whole answer: ${cause.message}`, { cause });
  };
