/** Asking an origin whether it is well, and what follows from the answers. */
import { discard } from "../../answer.ts";
import type { HealthCheck, Origin } from "../../config/upstream.ts";
import type { Edge } from "../../edge.ts";
import type { Probed } from "../../origin-state.ts";
import { authorise, KeyError } from "../credentials.ts";

/** What one probe saw. */
export interface Seen {
  readonly isGood: boolean;
  /** A status, or what went wrong. A token. */
  readonly why: string;
}

/** What the check goes by, and when the probe was. */
interface Judging extends Pick<HealthCheck, "rise" | "fall"> {
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What is known after one more probe. Pure. An origin of which nothing is known counts as up until it has fallen. */
export function probed(before: Probed | undefined, { isGood, why }: Seen, { rise, fall, now }: Judging): Probed {
  const { isUp, since, contrary } = before ?? { isUp: true, since: now, contrary: 0 };
  if (isGood === isUp) return { isUp, since, at: now, contrary: 0, why };
  const isTurned = contrary + 1 >= (isUp ? fall : rise);
  return isTurned
    ? { isUp: isGood, since: now, at: now, contrary: 0, why }
    : { isUp, since, at: now, contrary: contrary + 1, why };
}

/** Asks. Never rejects. */
export async function probe(origin: Origin, check: HealthCheck, edge: Edge): Promise<Seen> {
  const url = origin.url.origin + origin.base + check.path;
  const time = new AbortController();
  const stop = edge.after(check.timeout, () => time.abort());
  try {
    const headers = await authorise(origin, { method: "GET", url, headers: fieldsOf(edge) }, edge);
    return await judge(await edge.fetch(url, { headers, signal: time.signal }, origin.via), check);
  } catch (cause) {
    const why = cause instanceof KeyError ? "no-key" : time.signal.aborted ? "timeout" : "connection";
    return { isGood: false, why };
  } finally {
    stop();
  }
}

/** By which its operator knows a probe; and if it leads back to this edge, that refuses it as a loop (RFC 8586). */
function fieldsOf({ config }: Edge): Record<string, string> {
  const { name } = config.settings;
  return { "user-agent": `${name}-health`, "cdn-loop": name, "cache-control": "no-cache", accept: "*/*" };
}

async function judge(response: Response, { statuses, body }: HealthCheck): Promise<Seen> {
  const { status } = response;
  const isExpected = statuses ? statuses.has(status) : status >= 200 && status <= 299;
  const hasText = !isExpected || body === undefined || (await begins(response.body, body));
  discard(response.body);
  return { isGood: isExpected && hasText, why: hasText ? String(status) : "body" };
}

/** Characters of a body that are looked at. */
const mostRead = 64 << 10;

/** Whether the text is in the beginning of the body. Reads no further than it must. */
async function begins(body: ReadableStream<Uint8Array> | null, text: string): Promise<boolean> {
  let read = "";
  const decoder = new TextDecoder();
  for await (const chunk of body ?? []) {
    read += decoder.decode(chunk, { stream: true });
    if (read.slice(0, mostRead).includes(text)) return true;
    if (read.length >= mostRead) return false;
  }
  return false;
}
