/** The longest pause, in times the first one. */
const most = 10;

/**
 * Milliseconds before an origin is asked again: anywhere from none to a bound that doubles each time, so that visits that
 * failed together don't come back together.
 * @param again how often it was asked before, from 1 on.
 * @param random from 0 up to 1.
 */
export function pauseBefore(again: number, backoff: number, random: number): number {
  return random * backoff * Math.min(most, 2 ** (again - 1));
}
