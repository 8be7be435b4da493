/** Pages with Edge Side Includes, put together without a platform: from bytes in whatever pieces. */
import { Fields } from "../../../src/http/fields.ts";
import { visitedAddress } from "../../../src/http/address.ts";
import { assemble } from "../../../src/transform/esi/assemble.ts";
import type { Ask } from "../../../src/transform/esi/parts.ts";
import { Composer } from "../../../src/transform/esi/pieces.ts";
import { Tokenizer } from "../../../src/transform/esi/tokens.ts";
import type { Asked } from "../../../src/transform/esi/variables.ts";

export function asked(url = "https://www.example.com/page?a=1&b=%3Cx%3E", headers: Record<string, string> = {}): Asked {
  return { method: "GET", url: visitedAddress(url)!, fields: Fields.of(headers) };
}

export const ann = asked(undefined, {
  cookie: "name=Ann; group=gold; html=<b>",
  "accept-language": "de-CH, en;q=0.5",
  "user-agent": "Test/1",
});

/** Answers every fragment with its own address in brackets, but what begins with "/no". */
export const answering: Ask = async (src) => (src.startsWith("/no") ? undefined : new Response(`[${src}]`).body!);

export interface Page {
  readonly text: string;
  readonly flaws: readonly string[];
}

/** @param cuts where the bytes are cut. */
export async function put(
  html: string,
  { visit = ann, ask = answering, cuts = [] as readonly number[] } = {},
): Promise<Page> {
  const bytes = new TextEncoder().encode(html);
  const ends = [...new Set([...cuts, bytes.byteLength])]
    .filter((cut) => cut <= bytes.byteLength)
    .toSorted((a, b) => a - b);
  const chunks = ends.map((end, index) => bytes.slice(ends[index - 1] ?? 0, end));
  const flaws: string[] = [];
  const note = (flaw: string): void => void flaws.push(flaw);
  const tokenizer = new Tokenizer();
  const composer = new Composer(visit, note);
  const source = {
    push: (chunk: Uint8Array) => composer.push(tokenizer.push(chunk)),
    end: () => [...composer.push(tokenizer.end()), ...composer.end()],
  };
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const next = chunks.shift();
      if (next) controller.enqueue(next);
      else controller.close();
    },
  });
  return { text: await new Response(assemble(body, source, { ask, note, patience: 5_000 })).text(), flaws };
}
