/** Learning the length of a short body whose origin didn't say it. */
import type { Answer } from "../answer.ts";
import { atOnce } from "../http/at-once.ts";

/**
 * The answer with its body held whole and its length known, when it is of at most `most` bytes and all there already.
 * Many origins write short answers in chunks; without its length such an answer would be compressed to more bytes than it
 * has, and no range could be cut from it. Otherwise the answer as it was: what is slow or long is not held up.
 */
export async function measure(
  answer: Answer & { readonly body: ReadableStream<Uint8Array> },
  most: number,
): Promise<Answer> {
  const body = await atOnce(answer.body, most);
  if (body instanceof Uint8Array) answer.fields.set("content-length", String(body.byteLength));
  return { ...answer, body };
}
