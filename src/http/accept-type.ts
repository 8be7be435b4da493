/** Accept (RFC 9110 §12.5.1): which of two media types a client would rather have. */

const quality = /^q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/i;

/** Whether a client would rather have `one` than `other` (media types in lower case); false when it doesn't care. */
export function prefers(accept: string | undefined, one: string, other: string): boolean {
  if (accept === undefined) return false;
  const ranges = accept.split(",").map(readRange);
  return qualityOf(one, ranges) > qualityOf(other, ranges);
}

interface Range {
  readonly type: string;
  readonly quality: number;
}

function readRange(text: string): Range {
  const [type = "", ...parameters] = text.split(";").map((part) => part.trim());
  const weight = parameters.map((parameter) => quality.exec(parameter)?.[1]).find((value) => value !== undefined);
  return { type: type.toLowerCase(), quality: weight === undefined ? 1 : Number(weight) };
}

/** The most specific range that matches decides; what none matches is not accepted. */
function qualityOf(type: string, ranges: readonly Range[]): number {
  for (const range of [type, `${type.split("/")[0]}/*`, "*/*"]) {
    const found = ranges.find((candidate) => candidate.type === range);
    if (found) return found.quality;
  }
  return 0;
}

/** Whether a client names the media type among those that it takes: what it takes of any kind, it may not know. */
export function takesExplicitly(accept: string | undefined, type: string): boolean {
  if (accept === undefined) return false;
  return accept
    .split(",")
    .map(readRange)
    .some((range) => range.type === type && range.quality > 0);
}
