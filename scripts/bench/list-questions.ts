/** Lists of any size, and addresses to ask them about: other ones each time, and yet the same on every machine. */
import { formatAddress } from "../../src/http/ip-form.ts";
import { networkOf, type Address, type Prefix } from "../../src/http/ip.ts";

/** Unsigned numbers of 32 bits that look like chance (mulberry32). */
type Chance = () => number;

export function chanceFrom(seed: number): Chance {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    const once = Math.imul(state ^ (state >>> 15), state | 1);
    const twice = once ^ (once + Math.imul(once ^ (once >>> 7), once | 61));
    return (twice ^ (twice >>> 14)) >>> 0;
  };
}

const anyIPv4 = (chance: Chance): Address => [chance()];
/** Within 2000::/3, which is all that is in use. */
const anyIPv6 = (chance: Chance): Address => [0x20000000 + (chance() >>> 3), chance(), chance(), chance()];

/** Of ten, six are IPv4 prefixes of 24 to 32 bits, the others of IPv6: three of 32 to 64 bits, one longer. */
export function* prefixes(count: number, chance: Chance): Iterable<Prefix> {
  for (let index = 0; index < count; index++) {
    const kind = index % 10;
    const address = kind < 6 ? anyIPv4(chance) : anyIPv6(chance);
    const [least, most] = kind < 6 ? [24, 32] : kind < 9 ? [32, 64] : [65, 128];
    const length = least + (chance() % (most - least + 1));
    yield { address: networkOf(address, length), length };
  }
}

/** Of each family as many as that, as a platform writes them; every other one lies in one of the prefixes. */
export function questions(count: number, among: readonly Prefix[], chance: Chance) {
  const ask = (width: number, any: (chance: Chance) => Address): string[] => {
    const known = among.filter(({ address }) => address.length === width);
    const texts = Array.from({ length: count }, (_, index) =>
      formatAddress(index % 2 === 0 ? any(chance) : known[chance() % known.length]!.address),
    );
    // A text that was just put together is still in parts, which the first to read it would have to pay for.
    return JSON.parse(JSON.stringify(texts)) as string[];
  };
  return { v4: ask(1, anyIPv4), v6: ask(4, anyIPv6) };
}
