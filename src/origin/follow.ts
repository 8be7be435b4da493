/** Knowing when a body has come to its end, without touching its bytes. */
import type { Answer } from "../answer.ts";
import type { Edge } from "../edge.ts";
import { parseContentLength } from "../http/range.ts";
import { passage } from "../http/stream.ts";

/**
 * The answer with the same bytes, passed on by the platform itself (0.3 ms of CPU a MB; in script it would be twice to three times
 * that). Calls `end` once: when all are through, or they break off, or the body is let go of. Of one that is cancelled the platform
 * hears when the next bytes come, which may be never: then it is for `letGo` to end it.
 */
export function follow(answer: Answer, defer: Edge["defer"], end: () => void): Answer {
  const { body, fields } = answer;
  if (!(body instanceof ReadableStream)) {
    end();
    return answer;
  }
  const through = passage(parseContentLength(fields.get("content-length")));
  const gone = new AbortController();
  // What goes wrong is told by the body that is passed on.
  defer(body.pipeTo(through.writable, { signal: gone.signal }).then(end, end));
  return { ...answer, body: through.readable, letGo: () => gone.abort() };
}
