/** Longer bodies are stored in chunks as they come. Every miss of unknown length may hold this much for a while. */
const mostGathered = 256 << 10;

/**
 * A body of unknown length, gathered so that it can be stored with its length: the platform can then cut ranges from it,
 * and other puts needn't wait for it. One that turns out to be long goes on as a stream, what was gathered first.
 */
export async function gather(body: ReadableStream<Uint8Array>): Promise<ReadableStream<Uint8Array>> {
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  for (let size = 0; size <= mostGathered;) {
    const { done, value } = await reader.read();
    if (done) return new Blob(chunks).stream();
    chunks.push(value);
    size += value.byteLength;
  }
  return continued(chunks, reader);
}

function continued(
  chunks: readonly Uint8Array[],
  reader: ReadableStreamDefaultReader<Uint8Array>,
): ReadableStream<Uint8Array> {
  const left = [...chunks];
  return new ReadableStream(
    {
      async pull(controller) {
        const next = left.shift() ?? (await reader.read()).value;
        if (next) controller.enqueue(next);
        else controller.close();
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
