/**
 * Replaces texts in workerd, as the edge does it. PUT `/text` leaves a text; POST `/edits` says by the `text` of a rule what to
 * replace; GET `/run/<times>` does it so often, and answers with the bytes that came out each time.
 */
import { loadConfig } from "../../src/config/config.ts";
import type { TextShape } from "../../src/config/shape.ts";
import { replaceText } from "../../src/transform/text/text.ts";
import type { Planned } from "../../src/visit.ts";

/** As large as those in which the edge reads what comes fast. */
const piece = 64 << 10;

let text: readonly Uint8Array[] = [];
let shape: TextShape | undefined;

export default {
  async fetch(request: Request): Promise<Response> {
    const [what, times] = new URL(request.url).pathname.split("/").slice(1);
    if (what === "text") text = cut(new Uint8Array(await request.arrayBuffer()));
    else if (what === "edits") shape = shapeOf(await request.json());
    else return Response.json(await run(Number(times)));
    return new Response("done\n");
  },
};

function cut(whole: Uint8Array): readonly Uint8Array[] {
  return Array.from({ length: Math.ceil(whole.byteLength / piece) }, (_, index) =>
    whole.slice(index * piece, (index + 1) * piece),
  );
}

function shapeOf(edits: unknown): TextShape {
  const origins = [{ name: "origin", url: "https://origin.example" }];
  const loaded = loadConfig({ ORIGINS: origins, SITES: [{ hosts: ["*"] }], RULES: [{ text: edits }] });
  if (loaded.kind === "problems") throw new Error(JSON.stringify(loaded.problems));
  return loaded.config.rules[0]!.shapes![0] as TextShape;
}

async function run(times: number): Promise<number> {
  let bytes = 0;
  for (let round = 0; round < times; round++) {
    bytes = 0;
    for await (const { byteLength } of replaced()) bytes += byteLength;
  }
  return bytes;
}

function replaced(): ReadableStream<Uint8Array> {
  const left = [...text];
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const next = left.shift();
      if (next) controller.enqueue(next);
      else controller.close();
    },
  });
  // Of the visit only texts that are made for it need anything.
  const visit = {} as Planned;
  const include = async (): Promise<Response> => new Response(null);
  return replaceText(body, { shape: shape!, type: "text/html", say: String, visit, include });
}
