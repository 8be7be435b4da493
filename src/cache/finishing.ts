/** How far a body is fetched for the store when its client has left. Squid's `quick_abort` decides by the same. */

/** Bytes. So much is fetched in any case, for those who ask next. */
const least = 1 << 20;

/**
 * Whether to go on when so many bytes have come, asked again and again from the moment on when the client has left: while others
 * wait; else as far as no more was to come then than had come, or than is little.
 * @param length the body's, where it is known: then what would be given up on its way isn't begun.
 */
export function finishing(length: number | undefined, isAwaited: () => boolean): (at: number) => boolean {
  let until: number | undefined;
  return (at) => {
    until ??= at + Math.max(least, at);
    return (length ?? at) <= until || isAwaited();
  };
}
