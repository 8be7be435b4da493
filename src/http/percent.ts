/** Percent-encoding (RFC 3986 §2.1), undone as often as anybody might undo it. */

/**
 * Decodes the escapes of ASCII until none is left, also those which decoding brings about: "%25252e" and "%25%32%65"
 * both end as ".". So do the escapes of the fullwidth forms (U+FF01 to U+FF5E), which some servers take for the ASCII they
 * look like. Each escape is decoded as soon as its last digit is there, so that the work grows with the length only,
 * however deep the nesting. Escapes never overlap, so the order in which they are decoded makes no difference.
 * @param text ASCII.
 */
export function decodeAscii(text: string): string {
  if (!decodable.test(text)) return text;
  const codes = new Uint8Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    codes[length++] = text.charCodeAt(at);
    // A character that an escape stands for may be the last of another one.
    for (let left = decodeEnd(codes, length); left !== length; left = decodeEnd(codes, length)) length = left;
  }
  return latin1.decode(codes.subarray(0, length));
}

/** An escape of ASCII, a "%" that another escape may make one of, or the beginning of a fullwidth form. */
const decodable = /%(?![89a-f][\da-f])|%ef%b[cd]/i;

/** One character for each byte: what is decoded is ASCII. */
const latin1 = new TextDecoder("latin1");

const [percent, mostAscii] = [0x25, 0x7f];

/** Decodes the escape, if any, that the first so many of the codes end with; gives back how many there are then. */
function decodeEnd(codes: Uint8Array, length: number): number {
  if (codes[length - 3] !== percent) return length;
  const byte = byteAt(codes, length - 3);
  if (byte <= mostAscii) return put(codes, length - 3, byte);
  if (byte > 0xbf || length < 9) return length;
  const code = fullwidth(byteAt(codes, length - 9), byteAt(codes, length - 6), byte);
  return code === undefined ? length : put(codes, length - 9, code);
}

function put(codes: Uint8Array, at: number, code: number): number {
  codes[at] = code;
  return at + 1;
}

/** The byte whose escape begins there; NaN where none does. */
function byteAt(codes: Uint8Array, at: number): number {
  return codes[at] === percent ? hexDigit(codes[at + 1]!) * 16 + hexDigit(codes[at + 2]!) : Number.NaN;
}

/** NaN for what is none. */
function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : Number.NaN;
}

/** How far the fullwidth forms stand from ASCII: U+FF01 is "!". */
const distance = 0xfee0;

/** The ASCII character whose fullwidth form has these bytes in UTF-8. */
function fullwidth(first: number, second: number, third: number): number | undefined {
  if (first !== 0xef || (second !== 0xbc && second !== 0xbd)) return undefined;
  const code = 0xf000 + ((second & 0x3f) << 6) + (third & 0x3f) - distance;
  return code > 0x20 && code < mostAscii ? code : undefined;
}
