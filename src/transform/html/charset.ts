/** Whether a page is in UTF-8, where its header field doesn't say: read off its beginning. */
import { readBytes } from "../../http/byte-reader.ts";
import { prescanned, sniffCharset } from "../../http/html-charset.ts";
import { inTime } from "../../http/in-time.ts";
import { joined, resumed } from "../../http/stream.ts";

/** Milliseconds to wait for what follows a page's first bytes: one that takes longer isn't held up, and has said nothing. */
const patience = 50;

/** The page as it was, and the encoding that it says it is in, in lower case; undefined when it doesn't. */
export async function readCharset(
  body: ReadableStream<Uint8Array>,
): Promise<{ readonly body: ReadableStream<Uint8Array>; readonly charset: string | undefined }> {
  const reader = readBytes(body);
  const chunks: Uint8Array[] = [];
  let length = 0;
  let pending: ReturnType<typeof reader.read> | undefined;
  while (length < prescanned) {
    pending = reader.read();
    // One that fails does so again for whoever reads on.
    const next = await inTime(pending, patience).catch(() => undefined);
    if (!next || next.done) break;
    pending = undefined;
    chunks.push(next.value);
    length += next.value.byteLength;
  }
  const start = chunks.length === 0 ? new Uint8Array() : joined(chunks).subarray(0, prescanned);
  return { body: resumed({ chunks, reader, pending }), charset: sniffCharset(start) };
}
