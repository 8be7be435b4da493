/** Comparing secrets. */

/** In a time that tells nothing of either text: digests are compared, whole, and nobody can choose what theirs begins with. */
export async function isSameSecret(one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all([one, other].map(digestOf));
  return isSameMac(first!, second!);
}

/**
 * In a time that tells nothing but whether they are of one length: for what is always of the same, as MACs and digests are. A look at a MAC is on the way of
 * many a visit, and a digest costs as much as the MAC.
 */
export function isSameMac(one: string, other: string): boolean {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (let at = 0; at < one.length; at++) difference |= one.charCodeAt(at) ^ other.charCodeAt(at);
  return difference === 0;
}

async function digestOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return String.fromCharCode(...new Uint8Array(digest));
}
