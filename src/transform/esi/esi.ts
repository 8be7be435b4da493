/** Edge Side Includes: pages that are put together from parts, each of which is stored, or not, by itself. */
import type { EsiShape } from "../../config/shape.ts";
import { inTime } from "../../http/in-time.ts";
import { tokenOf } from "../../trail.ts";
import type { Included } from "../../visit.ts";
import type { Shaping } from "../shape.ts";
import { assemble } from "./assemble.ts";
import { addressOf, type Fragment } from "./fragment.ts";
import type { Ask } from "./parts.ts";
import { Composer } from "./pieces.ts";
import { Tokenizer } from "./tokens.ts";

/** What may hold tags. */
export function mayHoldTags(type: string): boolean {
  return (type.startsWith("text/") && type !== "text/event-stream") || /[/+]xml$/.test(type);
}

/** The page with its fragments in it. One that fails leaves nothing, or what its page has in its place. */
export function followIncludes(
  body: ReadableStream<Uint8Array>,
  shaping: Shaping<EsiShape>,
): ReadableStream<Uint8Array> {
  const { visit } = shaping;
  const note = (flaw: string): void => visit.trail.noteLate("transform", `esi:${tokenOf(flaw)}`);
  const tokenizer = new Tokenizer();
  const composer = new Composer(visit, note);
  const source = {
    push: (chunk: Uint8Array) => composer.push(tokenizer.push(chunk)),
    end: () => [...composer.push(tokenizer.end()), ...composer.end()],
  };
  return assemble(body, source, { ask: asker(shaping, note), note, patience: shaping.shape.timeout });
}

function asker({ visit, shape, include }: Shaping<EsiShape>, note: (flaw: string) => void): Ask {
  const within = visit.included ?? page(shape.fragments);
  return async (src) => {
    const fragment = fragmentAt(src, { visit, within, deepest: shape.depth });
    if (typeof fragment === "string") {
      note(`${fragment}:${src}`);
      return undefined;
    }
    const coming = include(fragment);
    const response = await inTime(coming, shape.timeout);
    if (response?.ok && response.status !== 206 && isPlain(response)) return response.body ?? new Response("").body!;
    note(`${response ? response.status : "late"}:${fragment.url.pathname}`);
    void coming.then(({ body }) => body?.cancel()).catch(() => undefined);
    return undefined;
  };
}

/** A page that the client asked for, with as many fragments as it may have, and theirs. */
function page(most: number): Included {
  let taken = 0;
  return { depth: 0, take: () => (taken < most ? ++taken : undefined) };
}

interface Naming {
  readonly visit: Shaping<EsiShape>["visit"];
  readonly within: Included;
  readonly deepest: number;
}

/** What is asked for, or why nothing is. */
function fragmentAt(src: string, { visit, within, deepest }: Naming): Fragment | "address" | "too-deep" | "too-many" {
  const url = addressOf(src, visit);
  if (!url) return "address";
  if (within.depth >= deepest) return "too-deep";
  const number = within.take();
  return number === undefined ? "too-many" : { url, number, included: { ...within, depth: within.depth + 1 } };
}

/** What isn't can't be put into a page. */
function isPlain({ headers }: Response): boolean {
  return headers.get("content-encoding") === null;
}
