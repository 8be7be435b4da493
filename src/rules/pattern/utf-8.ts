/** Characters in bytes. */

/** What is no character. */
export const noCharacter = 0x110000;

/** By lead byte from 0xC2 on: the range of the byte that follows, where it isn't the usual one (Unicode, table 3-7). */
const narrower: Readonly<Record<number, readonly [number, number]>> = {
  0xe0: [0xa0, 0xbf],
  0xed: [0x80, 0x9f],
  0xf0: [0x90, 0xbf],
  0xf4: [0x80, 0x8f],
};
const usual = [0x80, 0xbf] as const;

/**
 * The character that begins there, and its bytes: `code * 8 + length`. {@link noCharacter} of one byte for a byte that begins none;
 * -1 when there are too few bytes to know.
 */
export function characterAt(bytes: ArrayLike<number>, at: number): number {
  const lead = bytes[at]!;
  if (lead < 0x80) return lead * 8 + 1;
  const length = lead < 0xc2 || lead > 0xf4 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  let code = lead & (0x7f >> length);
  for (let index = 1; index < length; index++) {
    if (at + index >= bytes.length) return -1;
    const [first, last] = (index === 1 && narrower[lead]) || usual;
    const byte = bytes[at + index]!;
    if (byte < first || byte > last) return noCharacter * 8 + 1;
    code = (code << 6) | (byte & 0x3f);
  }
  return length === 0 ? noCharacter * 8 + 1 : code * 8 + length;
}
