/** What clients send with a request to the edge itself, where it is short: an event, a form. */
import { refuse, type Answer } from "./answer.ts";
import type { Edge } from "./edge.ts";
import { readWhole } from "./http/stream.ts";
import type { Visit } from "./visit.ts";

export type Sent =
  | { readonly kind: "text"; readonly text: string }
  /** It is too long, breaks off, or never comes. */
  | { readonly kind: "answer"; readonly answer: Answer };

/** Milliseconds that it may take: so few bytes come with the header, or soon after. */
const patience = 10_000;

/** Reads it, as UTF-8. @param most bytes of it. */
export async function readSent({ request }: Visit, most: number, edge: Edge): Promise<Sent> {
  if (!request.body) return { kind: "text", text: "" };
  const time = new AbortController();
  const stop = edge.after(patience, () => time.abort());
  try {
    return { kind: "text", text: new TextDecoder().decode(await readWhole(request.body, most, time.signal)) };
  } catch {
    return { kind: "answer", answer: refuse(time.signal.aborted ? "request-timeout" : "client-error") };
  } finally {
    stop();
  }
}
