/** One request of the bench's own, sent as it is written: `fetch` would add fields that caches act on. */
import { request, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { once } from "node:events";
import { requestFields, type Fields } from "./load.ts";

export interface Answered {
  readonly status: number;
  readonly cacheStatus: string | undefined;
  readonly body: string;
}

/** With what a browser sends, and these fields. */
export async function ask(url: string, fields: Fields = {}): Promise<Answered> {
  const response = await begin(url, fields);
  const cacheStatus = response.headers["cache-status"];
  return {
    status: response.statusCode!,
    cacheStatus: cacheStatus?.toString(),
    body: (await buffer(response)).toString(),
  };
}

/** Resolves when the header is there; until its body is read, it waits. */
export async function begin(url: string, fields: Fields = {}): Promise<IncomingMessage> {
  const asked = request(url, { headers: { ...requestFields, ...fields }, agent: false });
  asked.end();
  const [response] = await once(asked, "response");
  return response as IncomingMessage;
}
