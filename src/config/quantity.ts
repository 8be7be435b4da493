/** Numbers with a unit. */
import * as v from "valibot";

/** The units of a form like "30s": how many of the smallest each is, and what people write instead. */
type Units = Readonly<Record<string, { readonly factor: number; readonly also: readonly string[] }>>;

const durations: Units = {
  ms: { factor: 1, also: ["msec", "millis", "millisecond", "milliseconds"] },
  s: { factor: 1_000, also: ["", "sec", "secs", "second", "seconds"] },
  m: { factor: 60_000, also: ["min", "mins", "minute", "minutes"] },
  h: { factor: 3_600_000, also: ["hr", "hrs", "hour", "hours"] },
  d: { factor: 86_400_000, also: ["day", "days"] },
  w: { factor: 604_800_000, also: ["wk", "week", "weeks"] },
};

const sizes: Units = {
  B: { factor: 1, also: ["", "byte", "bytes"] },
  KB: { factor: 1024, also: ["k", "kib", "kilobyte", "kilobytes"] },
  MB: { factor: 1024 ** 2, also: ["m", "mib", "megabyte", "megabytes"] },
  GB: { factor: 1024 ** 3, also: ["g", "gib", "gigabyte", "gigabytes"] },
};

/** "250ms", "30s", "5m", "1h", "1d", "1w" → milliseconds. */
export const duration = quantity(durations, 'a duration such as "250ms", "30s", "5m", "1h", "1d" or "1w"');

/** The same, where the message has to say something else, because something else may stand there, too. */
export function durationAs(expected: string) {
  return quantity(durations, expected);
}

/** "512B", "64KB", "10MB", "1GB", each unit 1024 of the one before → bytes. */
export const size = quantity(sizes, 'a size such as "512B", "64KB", "10MB" or "1GB"');

/** So many in such a time; the time in milliseconds. */
export interface Rate {
  readonly count: number;
  readonly period: number;
}

const rateForm = 'a rate such as "100/1m": a number above zero and a duration, at most 100 a millisecond';

/** Within what times in milliseconds can tell apart, as numbers have them. */
const mostPerMillisecond = 100;

/** "100/1m" → {@link Rate}. */
export const rate = v.pipe(
  v.string(rateForm),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }): Rate => {
    const [, count, period] = /^([1-9]\d{0,6})\/(.*)$/s.exec(value) ?? [];
    const parsed = v.safeParse(duration, period);
    if (parsed.success && Number(count) <= parsed.output * mostPerMillisecond)
      return { count: Number(count), period: parsed.output };
    addIssue({ message: rateForm });
    return NEVER;
  }),
);

/** A duration as it may be written, in the largest unit that it is whole in: 90000 → "90s". */
export function written(ms: number): string {
  const isWhole = ([, { factor }]: [string, Units[string]]): boolean => ms > 0 && ms % factor === 0;
  const [unit, { factor }] = Object.entries(durations).findLast(isWhole) ?? ["s", { factor: 1 }];
  return `${ms / factor}${unit}`;
}

const sharePattern = /^(?:100|\d{1,2}(?:\.\d{1,3})?)%$/;

/** "10%", "0.5%", up to "100%" → from 0 to 1. */
export const share = v.pipe(
  v.string('a share such as "10%" or "0.5%"'),
  v.regex(sharePattern, 'a share such as "10%" or "0.5%"'),
  v.transform((text) => Number.parseFloat(text) / 100),
);

/** The same, but for none. */
export const someShare = v.pipe(share, v.minValue(Number.MIN_VALUE, 'a share above "0%"'));

function quantity(units: Units, expected: string) {
  const form = new RegExp(`^\\d{1,7}(?:${Object.keys(units).join("|")})$`);
  const message = ({ input }: v.BaseIssue<unknown>): string => expected + meant(input, units);
  return v.pipe(
    v.string(message),
    v.regex(form, message),
    v.transform((text) => {
      const number = Number.parseInt(text, 10);
      return number * units[text.slice(String(text.match(/^\d+/)).length)]!.factor;
    }),
  );
}

function meant(input: unknown, units: Units): string {
  const [, number, unit] = /^\s*(\d{1,7})\s*([a-z]*)\s*$/i.exec(String(isScalar(input) ? input : "")) ?? [];
  if (number === undefined || unit === undefined) return "";
  const word = unit.toLowerCase();
  const [right] =
    Object.entries(units).find(([name, { also }]) => name.toLowerCase() === word || also.includes(word)) ?? [];
  return right === undefined ? "" : `; did you mean "${number}${right}"?`;
}

function isScalar(input: unknown): input is string | number {
  return typeof input === "string" || typeof input === "number";
}
