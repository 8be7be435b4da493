/** Content codings (RFC 9110 §8.4.1) that an answer came in, and how they are undone on the way. */
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from "node:zlib";
import type { Answer, Body } from "../answer.ts";
import { EdgeError } from "../error.ts";
import { canonicalCoding } from "../http/accept.ts";
import type { Fields } from "../http/fields.ts";
import { inTime } from "../http/in-time.ts";
import { resumed } from "../http/stream.ts";
import { through, type Coder } from "./coder.ts";
import { markChanged } from "./representation.ts";

const decoders: Readonly<Record<string, () => Coder>> = {
  gzip: createGunzip,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
  deflate: createInflate,
};

/** The coding of an answer in lower case, "" for none. Several on top of each other are one that can't be undone. */
export function codingOf(fields: Fields): string {
  const coding = canonicalCoding(fields.get("content-encoding") ?? "");
  return coding === "identity" ? "" : coding;
}

/** Whether the edge can undo that coding. */
export function canDecode(coding: string): boolean {
  return Object.hasOwn(decoders, coding);
}

/**
 * The answer without its coding, which {@link canDecode}. Without a body, its fields are those that one would have.
 * @throws EdgeError when the body's beginning shows that it isn't in that coding: the client can still be told.
 */
export async function decode(answer: Answer): Promise<Answer> {
  const coder = decoders[codingOf(answer.fields)]!();
  answer.fields.delete("content-encoding");
  markChanged(answer.fields);
  return { ...answer, body: answer.body === null ? null : await begun(through(toStream(answer.body), coder)) };
}

/** Milliseconds to wait for the beginning of a decoded body: a page that takes longer isn't held up. */
const patience = 20;

async function begun(body: ReadableStream<Uint8Array>): Promise<ReadableStream<Uint8Array>> {
  const reader = body.getReader();
  const pending = reader.read();
  const failure = await inTime(
    pending.then(
      () => undefined,
      (cause: unknown) => ({ cause }),
    ),
    patience,
  );
  if (failure) throw new EdgeError("origin", "bad-upstream-answer", "its body can't be decoded", failure);
  return resumed({ chunks: [], reader, pending });
}

function toStream(body: Exclude<Body, null>): ReadableStream<Uint8Array> {
  return body instanceof ReadableStream ? body : new Response(body).body!;
}
