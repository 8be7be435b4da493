/**
 * What a page will need, told before it: `Link` fields (RFC 8288) of what is loaded in its head, by which browsers begin at once,
 * and of which the platform makes 103 Early Hints (RFC 8297).
 */
import type { Answer, Body } from "../../answer.ts";
import type { Edge } from "../../edge.ts";
import type { Fields } from "../../http/fields.ts";
import { inTime } from "../../http/in-time.ts";
import { essence } from "../../http/media-type.ts";
import type { Planned } from "../../visit.ts";
import { canDecode, codingOf, decode } from "../coding.ts";
import { createFinder, type Hint } from "./head.ts";

/** Milliseconds: what was learnt of a page counts so long; then so long while it is learnt anew; which is not done more often than that. */
const [fresh, stale, again] = [600_000, 86_400_000, 10_000];

/** Bytes of a page, and milliseconds, in which its head is looked for. */
const [mostBytes, mostTime] = [64 << 10, 5_000];

/**
 * The answer with the hints that this isolate has learnt of its page. Where it has none, it learns them from this body as it goes
 * by: whoever comes next has them. Only of pages that others get, too, so that nobody is told what is in somebody else's.
 */
export function hint(visit: Planned, answer: Answer, edge: Edge): Answer {
  const { preload } = visit.finishing;
  if (!preload || !isShared(visit, answer)) return answer;
  let { body } = answer;
  const known = edge.hints.known(keyOf(visit, answer.fields), {
    ask: async () => {
      const [copy, rest] = twice(body);
      body = rest;
      return { value: await learn(visit, { ...answer, body: copy, fields: answer.fields.copy() }), fresh };
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

function isShared({ method, plan, included }: Planned, { status, fields, body, cache, extent }: Answer): boolean {
  const isPage = status === 200 && essence(fields.get("content-type")) === "text/html";
  const isOurs = method === "GET" && plan.kind === "lookup" && !included;
  return isPage && isOurs && body !== null && extent === undefined && Boolean(cache?.hit || cache?.stored);
}

/** Another version of a page may need other things. */
function keyOf({ url, target }: Planned, fields: Fields): string {
  return `${url.origin}${target} ${fields.get("etag") ?? fields.get("last-modified") ?? ""}`;
}

function twice(body: Body): [Body, Body] {
  return body instanceof ReadableStream ? body.tee() : [body, body];
}

/** Never rejects: of a page that breaks off, what was seen of it counts. */
async function learn({ url }: Planned, answer: Answer): Promise<readonly Hint[]> {
  const finder = createFinder(url);
  const coding = codingOf(answer.fields);
  if (coding !== "" && !canDecode(coding)) return [];
  try {
    const { body } = coding === "" ? answer : await decode(answer);
    const reader = finder.rewriter.transform(new Response(body)).body!.getReader();
    await inTime(readHead(reader, finder.isDone), mostTime);
    // Whoever else reads the page goes on.
    void reader.cancel().catch(() => {});
  } catch {
    // The page can't be read.
  }
  return finder.hints();
}

async function readHead(reader: ReadableStreamDefaultReader<Uint8Array>, isDone: () => boolean): Promise<void> {
  let read = 0;
  while (!isDone() && read < mostBytes) {
    const { done, value } = await reader.read();
    if (done) return;
    read += value.byteLength;
  }
}
