/**
 * What stands behind the Cache API in workerd: a service that is asked over HTTP. GET is a match, PUT a put whose body
 * is the whole response as an HTTP/1.1 message, PURGE a delete. In memory and without freshness. As on the platform,
 * a match honours If-None-Match and Range.
 */

interface Entry {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
}

const entries = new Map<string, Entry>();

/** Bytes of all bodies; the oldest go when there are more. As much as the other caches of the bench may hold. */
const most = 256 * 1024 * 1024;
let held = 0;

const methods: Readonly<Record<string, (request: Request) => Response | Promise<Response>>> = {
  GET: ({ url, headers }) => {
    const entry = entries.get(url);
    return entry ? toResponse(select(entry, headers)) : miss();
  },
  PUT: async (request) => {
    const entry = parse(new Uint8Array(await request.arrayBuffer()));
    forget(request.url);
    entries.set(request.url, entry);
    held += entry.body.byteLength;
    for (const [oldest] of entries) {
      if (held <= most) break;
      forget(oldest);
    }
    return new Response(null, { status: 204 });
  },
  PURGE: ({ url }) => new Response(null, { status: forget(url) ? 200 : 404 }),
};

export default {
  fetch: (request) => methods[request.method]?.(request) ?? new Response(null, { status: 405 }),
} satisfies ExportedHandler;

/** How the runtime is told that nothing was found. */
function miss(): Response {
  return new Response(null, { status: 504, headers: { "cf-cache-status": "MISS" } });
}

function toResponse({ status, headers, body }: Entry): Response {
  return new Response(status === 304 ? null : body, { status, headers, encodeBody: "manual" });
}

/** What of the entry is asked for: all of it, nothing because the client has it, or one range. */
function select(entry: Entry, asked: Headers): Entry {
  const { headers, body } = entry;
  if (headers["etag"] !== undefined && asked.get("if-none-match") === headers["etag"]) return { ...entry, status: 304 };
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(asked.get("range") ?? "") ?? [];
  if (first === undefined) return entry;
  const range = `bytes ${first}-${last}/${body.byteLength}`;
  const part = body.subarray(Number(first), Number(last) + 1);
  const partHeaders = { ...headers, "content-range": range, "content-length": String(part.byteLength) };
  return { status: 206, headers: partHeaders, body: part };
}

/** Whether there was one. */
function forget(url: string): boolean {
  held -= entries.get(url)?.body.byteLength ?? 0;
  return entries.delete(url);
}

function parse(message: Uint8Array<ArrayBuffer>): Entry {
  const end = endOfHead(message);
  const [statusLine, ...fieldLines] = new TextDecoder("latin1").decode(message.subarray(0, end)).split("\r\n");
  const fields = fieldLines.map((line) => [
    line.slice(0, line.indexOf(":")).toLowerCase(),
    line.slice(line.indexOf(":") + 1).trim(),
  ]);
  return {
    status: Number(statusLine!.split(" ")[1]),
    // The runtime takes an answer for a match only when it says so.
    headers: { ...Object.fromEntries(fields), "cf-cache-status": "HIT" },
    body: message.subarray(end + 4),
  };
}

/** Where the empty line begins. */
function endOfHead(message: Uint8Array): number {
  const at = message.findIndex(
    (byte, index) => byte === 13 && message[index + 1] === 10 && message[index + 2] === 13 && message[index + 3] === 10,
  );
  if (at === -1) throw new Error("what was put is no HTTP message");
  return at;
}
