/** Comparing secrets. */

/** In a time that tells nothing of either text: digests are compared, whole, and nobody can choose what theirs begins with. */
export async function isSameSecret(one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all([one, other].map(digestOf));
  return first!.reduce((difference, byte, at) => difference | (byte ^ second![at]!), 0) === 0;
}

async function digestOf(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}
