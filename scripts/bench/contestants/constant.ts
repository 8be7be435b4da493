/** The floor: what the platform itself costs for an answer. */
import { objectFields, objectOf } from "../objects.ts";

/** Made when first asked for: it starts as fast as a Worker can. */
const bodies = new Map<string, Uint8Array>();

function bodyOf(size: string): Uint8Array {
  const body = bodies.get(size) ?? new TextEncoder().encode(objectOf(Number(size)));
  bodies.set(size, body);
  return body;
}

export default {
  fetch({ url }) {
    const size = /\/(\d+)$/.exec(url)?.[1];
    return size === undefined
      ? new Response(null, { status: 404 })
      : new Response(bodyOf(size), { headers: objectFields });
  },
} satisfies ExportedHandler;
