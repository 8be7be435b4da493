/**
 * What stands behind the Cache API in workerd: a service that is asked over HTTP. GET is a match, PUT a put whose body
 * is the whole response as an HTTP/1.1 message, PURGE a delete. In memory, without freshness or limits: the bench puts
 * two objects and reads them.
 */

interface Entry {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
}

const entries = new Map<string, Entry>();

const methods: Readonly<Record<string, (request: Request) => Response | Promise<Response>>> = {
  GET: ({ url }) => {
    const entry = entries.get(url);
    return entry ? new Response(entry.body, { ...entry, encodeBody: "manual" }) : miss();
  },
  PUT: async (request) => {
    entries.set(request.url, parse(new Uint8Array(await request.arrayBuffer())));
    return new Response(null, { status: 204 });
  },
  PURGE: ({ url }) => new Response(null, { status: entries.delete(url) ? 200 : 404 }),
};

export default {
  fetch: (request) => methods[request.method]?.(request) ?? new Response(null, { status: 405 }),
} satisfies ExportedHandler;

/** How the runtime is told that nothing was found. */
function miss(): Response {
  return new Response(null, { status: 504, headers: { "cf-cache-status": "MISS" } });
}

function parse(message: Uint8Array<ArrayBuffer>): Entry {
  const end = endOfHead(message);
  const [statusLine, ...fieldLines] = new TextDecoder("latin1").decode(message.subarray(0, end)).split("\r\n");
  const fields = fieldLines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]);
  return {
    status: Number(statusLine!.split(" ")[1]),
    // The runtime takes an answer for a match only when it says so.
    headers: { ...Object.fromEntries(fields), "cf-cache-status": "HIT" },
    body: message.slice(end + 4),
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
