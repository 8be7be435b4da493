/** What people write today to cache in a Worker, with the platform's automatic encoding. */
interface Bindings {
  readonly ORIGIN: string;
}

export default {
  async fetch(request, { ORIGIN }, context) {
    const cached = await caches.default.match(request);
    if (cached) return encoded(request, cached);
    const { pathname, search } = new URL(request.url);
    const response = await fetch(ORIGIN + pathname + search);
    context.waitUntil(caches.default.put(request, response.clone()));
    return encoded(request, response);
  },
} satisfies ExportedHandler<Bindings>;

/** The platform makes the coding that the field names. */
function encoded(request: Request, response: Response): Response {
  const headers = new Headers(response.headers);
  headers.set("content-encoding", /\bbr\b/.test(request.headers.get("accept-encoding") ?? "") ? "br" : "gzip");
  headers.delete("content-length");
  return new Response(response.body, { status: response.status, headers, encodeBody: "automatic" });
}
