/**
 * What a page will need, told before it: `Link` fields (RFC 8288) of what is loaded in its head, by which browsers begin at once,
 * and of which the platform makes 103 Early Hints (RFC 8297).
 */
import type { Answer, Body } from "../../answer.ts";
import type { Edge } from "../../edge.ts";
import { readBytes } from "../../http/byte-reader.ts";
import { inTime } from "../../http/in-time.ts";
import { essence } from "../../http/media-type.ts";
import { ending, joined, resumed } from "../../http/stream.ts";
import type { Planned } from "../../visit.ts";
import { canDecode, codingsOf, undo } from "../coding.ts";
import { isFor } from "../shape.ts";
import { createFinder, type Hint } from "./head.ts";

/** Milliseconds: what was learnt of a page counts so long; then so long while it is learnt anew; which is not done more often than that. */
const [fresh, stale, again] = [600_000, 86_400_000, 10_000];

/** Bytes of a page, and milliseconds from its first one, in which its head is looked for. */
const [mostBytes, mostTime] = [64 << 10, 5_000];

/** Bytes of it in no coding. */
const mostPlain = 512 << 10;

/**
 * The answer with the hints that this isolate has learnt of its page. Where it has none, it learns them from this body as it goes
 * by: whoever comes next has them. Only of pages that others get, too, and with the same stored answer alone, so that nobody is told
 * what is in somebody else's.
 */
export function hint(visit: Planned, answer: Answer, edge: Edge): Answer {
  const { preload } = visit.finishing;
  if (!preload || !isShared(visit, answer)) return answer;
  const changing = selectorsOf(visit, answer);
  if (!changing) return answer;
  let { body } = answer;
  const known = edge.hints.known(keyOf(visit, answer), {
    ask: async () => {
      const { passed, start } = overhear(body);
      body = passed;
      const finder = createFinder(visit.url, changing);
      return { value: await learn(finder, codingsOf(answer.fields), start), fresh };
    },
    stale,
    again,
  });
  const wanted = known?.filter(({ rel }) => preload.preconnect || rel !== "preconnect").slice(0, preload.most) ?? [];
  const told = answer.fields.get("link") ?? "";
  const news = wanted.filter(({ target }) => !told.includes(`<${target}>`));
  for (const { link } of news) answer.fields.append("link", link);
  if (news.length > 0) visit.trail.note("transform", `hints:${news.length}`);
  return { ...answer, body };
}

function isShared({ method, plan, included }: Planned, answer: Answer): boolean {
  const { status, fields, body, cache, extent, generation } = answer;
  const isPage = status === 200 && essence(fields.get("content-type")) === "text/html";
  const isOurs = method === "GET" && plan.kind === "lookup" && !included;
  const isWhole = body !== null && extent === undefined;
  return isPage && isOurs && isWhole && generation !== undefined && Boolean(cache?.hit || cache?.stored);
}

/** By the stored bytes: those of another client, edition, variant or version may need other things. Their addresses may be relative to the path. */
function keyOf({ url }: Planned, { generation }: Answer): string {
  return `${url.origin}${url.pathname} ${generation}`;
}

/** Where each visit has a page of its own: the selectors of what is changed; undefined where that may be anything. */
function selectorsOf({ shapes }: Planned, { fields }: Answer): readonly string[] | undefined {
  const own = shapes.filter((each) => each.side === "after" && isFor(fields, each));
  const selectors = own.flatMap((each) => (each.kind === "html" ? each.edits.map(({ at }) => at) : [undefined]));
  return selectors.every((each) => each !== undefined) ? selectors : undefined;
}

/** The body, and its beginning once that has gone by; its end, where it ends or breaks off before. */
function overhear(body: Body): { readonly passed: Body; readonly start: Promise<Uint8Array<ArrayBuffer>> } {
  if (!(body instanceof ReadableStream)) {
    return {
      passed: body,
      start: new Response(body)
        .arrayBuffer()
        .then((bytes) => new Uint8Array(bytes, 0, Math.min(bytes.byteLength, mostBytes))),
    };
  }
  const { promise: isEnough, resolve: enough } = Promise.withResolvers<void>();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const passed = hearing(body, (chunk) => {
    if (chunk && size < mostBytes) {
      chunks.push(chunk.slice());
      size += chunk.byteLength;
    }
    if (!chunk || size >= mostBytes) enough();
  });
  return { passed, start: inTime(isEnough, mostTime).then(() => joined(chunks)) };
}

/** The same bytes. `hear` is told of each chunk, and with undefined that there are no more. */
function hearing(
  body: ReadableStream<Uint8Array>,
  hear: (chunk: Uint8Array | undefined) => void,
): ReadableStream<Uint8Array> {
  const reader = readBytes(ending(body, () => hear(undefined)));
  const read: typeof reader.read = async () => {
    const next = await reader.read();
    if (!next.done) hear(next.value);
    return next;
  };
  return resumed({ chunks: [], reader: { read, cancel: reader.cancel } });
}

/** No more of it than heads reach: in several codings, a few bytes can stand for any number. */
function beginningOf(plain: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = readBytes(plain);
  let left = mostPlain;
  const read: typeof reader.read = async () => {
    if (left <= 0) {
      await reader.cancel();
      return { done: true, value: undefined };
    }
    const next = await reader.read();
    left -= next.value?.byteLength ?? 0;
    return next;
  };
  return resumed({ chunks: [], reader: { read, cancel: reader.cancel } });
}

/** Never rejects: of a page that breaks off, what was seen of it counts. */
async function learn(
  finder: ReturnType<typeof createFinder>,
  codings: ReturnType<typeof codingsOf>,
  start: Promise<Uint8Array<ArrayBuffer>>,
): Promise<readonly Hint[]> {
  if (!canDecode(codings)) return [];
  try {
    const plain = beginningOf(undo(new Response(await start).body!, codings));
    await finder.rewriter.transform(new Response(plain)).arrayBuffer();
  } catch {
    // The beginning of a coded page ends too early, and some can't be parsed to their end.
  }
  return finder.hints();
}
