/** How an image is to come for this client. */
import { formats, type ImageFormat, type ImageOptions } from "../config/image.ts";
import type { Rule } from "../config/model.ts";
import { takesExplicitly } from "../http/accept-type.ts";
import type { Clean, Routed } from "../visit.ts";

/** What of the formats is negotiated: who takes none is nobody that the others could be sent to by mistake. */
const negotiated = formats.filter((format) => format !== "jpeg");

/**
 * By the last of the rules that says so, for GET and HEAD. Not for the platform itself, which may come by to fetch what it is to
 * resize (by which it would come by for ever).
 */
export function imageOf({ method, fields }: Clean, rules: readonly Rule[]): Routed["image"] {
  const rule = rules.findLast(({ image }) => image)?.image;
  if (!rule || (method !== "GET" && method !== "HEAD") || /\bimage-resizing\b/.test(fields.get("via") ?? ""))
    return undefined;
  const { format: wanted, ...options } = rule;
  const format = formatFor(wanted, fields.get("accept"));
  return { options: { ...options, ...(format && { format }) } satisfies ImageOptions, isNegotiated: wanted === "auto" };
}

function formatFor(wanted: ImageFormat | "auto" | "original", accept: string | undefined): ImageFormat | undefined {
  if (wanted === "original") return undefined;
  return wanted === "auto" ? negotiated.find((format) => takesExplicitly(accept, `image/${format}`)) : wanted;
}
