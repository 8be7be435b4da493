/** The floor: what the platform itself costs for an answer. */
import { objectFields, objectOf, sizes } from "../objects.ts";

const bodies = Object.values(sizes).map((bytes) => ({ path: `/${bytes}`, body: objectOf(bytes) }));

export default {
  fetch(request) {
    const found = bodies.find(({ path }) => request.url.endsWith(path));
    return found ? new Response(found.body, { headers: objectFields }) : new Response(null, { status: 404 });
  },
} satisfies ExportedHandler;
