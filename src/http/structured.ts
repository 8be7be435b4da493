/** The parts of structured fields that the edge writes itself (RFC 9651 §4.1). */

const token = /^[A-Za-z*][\w!#$%&'*+\-.^`|~:/]*$/;
const notInString = /[^\x20-\x7e]/g;

/** As a Token when its characters allow, else as a String. */
export function tokenOrString(value: string): string {
  return token.test(value) ? value : quotedString(value);
}

/** A String in its quotes. What ASCII can't print becomes "?": a String has no way to say it (§3.3.3). */
export function quotedString(value: string): string {
  return `"${value.replace(notInString, "?").replace(/["\\]/g, "\\$&")}"`;
}

/** An Integer: the fraction is cut off, and what is outside ±999,999,999,999,999 is brought inside (§3.3.1). */
export function integer(value: number): string {
  const limit = 999_999_999_999_999;
  return String(Math.trunc(Math.min(Math.max(value, -limit), limit)));
}
