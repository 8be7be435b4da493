/** Learning the length of a short body whose origin didn't say it. */
import type { Answer } from "../answer.ts";
import { inTime } from "../http/in-time.ts";
import { joined, resumed, type Begun } from "../http/stream.ts";

/** Milliseconds to wait for more of a body before its header goes out without its length. */
const patience = 20;

/**
 * The answer with its body held whole and its length known, when it is shorter than `most` bytes and all there already.
 * Many origins write short answers in chunks; without its length such an answer would be compressed to more bytes than it
 * has, and no range could be cut from it. Otherwise the answer as it was: what is slow or long is not held up.
 */
export async function measure(
  answer: Answer & { readonly body: ReadableStream<Uint8Array> },
  most: number,
): Promise<Answer> {
  const begun = await readAhead(answer.body, most);
  if (!begun.isWhole) return { ...answer, body: resumed(begun) };
  const whole = joined(begun.chunks);
  answer.fields.set("content-length", String(whole.byteLength));
  return { ...answer, body: whole };
}

async function readAhead(
  body: ReadableStream<Uint8Array>,
  most: number,
): Promise<Begun & { readonly isWhole: boolean }> {
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  for (let size = 0; size < most;) {
    const pending = reader.read();
    // A read that fails does so for whoever reads on.
    const next = await inTime(
      pending.catch(() => undefined),
      patience,
    );
    if (next === undefined) return { chunks, reader, pending, isWhole: false };
    if (next.done) return { chunks, reader, isWhole: true };
    chunks.push(next.value);
    size += next.value.byteLength;
  }
  return { chunks, reader, isWhole: false };
}
