/** The request's `Cookie` field (RFC 6265 §5.4). */

export interface Taken {
  /** Of the first cookie of that name. */
  readonly value: string;
  /** The field without any cookie of that name; "" when none is left. */
  readonly rest: string;
}

/** Takes a cookie out; undefined when it isn't there. */
export function takeCookie(field: string, name: string): Taken | undefined {
  const pairs = field.split(";").map((pair) => pair.trim());
  const isIt = (pair: string): boolean => pair.startsWith(`${name}=`);
  const found = pairs.find(isIt);
  if (found === undefined) return undefined;
  return { value: found.slice(name.length + 1), rest: pairs.filter((pair) => !isIt(pair)).join("; ") };
}
