/** Entity tags and their comparison (RFC 9110 §8.8.3). */

/** One entity tag of a list: an opaque part in quotes, weak or strong. */
const tag = /(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/y;
const separator = /[ \t]*(?:,[ \t]*)*/y;

/**
 * The tags of `If-None-Match` or `If-Match`, or "*". Tags without quotes, which some clients send, count as opaque
 * strings so that a comparison with the same broken tag still holds.
 */
export function parseETagList(value: string): "*" | readonly string[] {
  const trimmed = value.trim();
  if (trimmed === "*") return "*";
  const tags: string[] = [];
  let at = 0;
  while (at < trimmed.length) {
    tag.lastIndex = at;
    const quoted = tag.exec(trimmed)?.[0];
    const member = quoted ?? trimmed.slice(at).split(",", 1)[0]!;
    if (member.trim() !== "") tags.push(member.trim());
    separator.lastIndex = at + member.length;
    separator.exec(trimmed);
    at = Math.max(separator.lastIndex, at + member.length, at + 1);
  }
  return tags;
}

export function isWeak(etag: string): boolean {
  return etag.startsWith("W/");
}

/** The tag, marked weak: for a body that was changed on its way, such as by compression (RFC 9110 §8.8.3.1). */
export function weaken(etag: string): string {
  return isWeak(etag) ? etag : `W/${etag}`;
}

/**
 * The tag of one edition of what the tag names: seven letters and digits, by which {@link withoutEdition} knows it again. What isn't
 * in quotes can't be marked.
 */
export function withEdition(etag: string, edition: string): string {
  return etag.endsWith('"') ? `${etag.slice(0, -1)}~e${edition}"` : etag;
}

const marked = /~e([0-9a-z]{7})"$/;

/** The edition that a tag names, if any. */
export function editionIn(etag: string): string | undefined {
  return marked.exec(etag)?.[1];
}

export function withoutEdition(etag: string): string {
  return etag.replace(marked, '"');
}

/** Weak comparison: the opaque parts are the same. */
export function matchesWeakly(a: string, b: string): boolean {
  return opaque(a) === opaque(b);
}

/** Strong comparison: the same, and neither weak. */
export function matchesStrongly(a: string, b: string): boolean {
  return a === b && !isWeak(a);
}

function opaque(etag: string): string {
  return isWeak(etag) ? etag.slice(2) : etag;
}
