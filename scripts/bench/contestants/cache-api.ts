/** What people write today to cache in a Worker. */
interface Bindings {
  readonly ORIGIN: string;
}

export default {
  async fetch(request, { ORIGIN }, context) {
    const cached = await caches.default.match(request);
    if (cached) return cached;
    const { pathname, search } = new URL(request.url);
    const response = await fetch(ORIGIN + pathname + search);
    context.waitUntil(caches.default.put(request, response.clone()));
    return response;
  },
} satisfies ExportedHandler<Bindings>;
