/** CDN-Loop: which CDNs a request has passed (RFC 8586). */

/**
 * Whether the CDN of that name is among those the request has passed. A comma separates members even within quotes: a
 * client that opens a quoted string and never closes it must not hide the members that are appended after it.
 */
export function hasPassed(cdnLoop: string | undefined, name: string): boolean {
  if (cdnLoop === undefined) return false;
  const id = name.toLowerCase();
  return cdnLoop.split(",").some((member) => member.split(";", 1)[0]!.trim().toLowerCase() === id);
}
