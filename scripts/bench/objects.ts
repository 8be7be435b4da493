/** What the contestants serve. Pure, because it is used on both sides: by the origin in Node and the constant Worker. */

/** Sizes in bytes, by the name they have in the table. */
export const sizes = { "1 KB": 1024, "100 KB": 102_400, "10 MB": 10_485_760 } as const;

export type SizeName = keyof typeof sizes;

export const sizeNames = Object.keys(sizes) as readonly SizeName[];

/** Where the origin has an object of that many bytes, and whether a shared cache may keep it. */
export function pathOf(kind: "cacheable" | "uncacheable", bytes: number): string {
  return `/${kind}/${bytes}`;
}

/** The object of that size: style-sheet text, in which a shifted or repeated chunk shows. */
export function objectOf(bytes: number): string {
  const lines = Array.from({ length: Math.ceil(bytes / 32) }, (_, index) => `.rule-${index}{margin:${index}px}`);
  return lines.join("\n").padEnd(bytes, " ").slice(0, bytes);
}

/** Bytes from its middle on, as for a seek: a quarter of it, at most 64 KB. */
export function rangeOf(bytes: number): { readonly first: number; readonly last: number } {
  const first = bytes / 2;
  return { first, last: first + Math.min(bytes / 4, 65_536) - 1 };
}

/**
 * As a web server sends them with a style sheet; `Date` and `Content-Length` come with them. Without Vary, which the
 * Cache API's own contestant would have to ignore.
 */
export const objectFields = {
  "content-type": "text/css; charset=utf-8",
  etag: '"5f3a1c-400"',
  "last-modified": "Sun, 01 Mar 2026 00:00:00 GMT",
  "accept-ranges": "bytes",
  "access-control-allow-origin": "*",
} as const;

export const cacheControl = { cacheable: "public, max-age=86400", uncacheable: "private, no-store" } as const;
