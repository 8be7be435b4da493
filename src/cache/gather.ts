import type { Storable } from "../edge.ts";
import { readBytes } from "../http/byte-reader.ts";
import { joined, resumed } from "../http/stream.ts";

/** Longer bodies are stored in chunks as they come. Every miss of unknown length may hold this much for a while. */
const mostGathered = 256 << 10;

/**
 * A body of unknown length, gathered so that it can be stored with its length: the platform can then tell it of hits, and
 * other puts needn't wait for it. One that turns out to be long goes on as a stream, what was gathered first.
 */
export async function gather(body: ReadableStream<Uint8Array>): Promise<NonNullable<Storable["body"]>> {
  const reader = readBytes(body);
  const chunks: Uint8Array[] = [];
  for (let size = 0; size <= mostGathered;) {
    const { done, value } = await reader.read();
    if (done) return joined(chunks);
    chunks.push(value);
    size += value.byteLength;
  }
  return resumed({ chunks, reader });
}
