/** One line of `Set-Cookie` (RFC 6265 §4.1.1), read as browsers do (§5.2). */

/** A cookie that the edge sets for itself. */
export interface OwnCookie {
  readonly name: string;
  readonly value: string;
  /** Milliseconds that it lasts; 0 takes it away. */
  readonly lasts: number;
  /** Of the visited URL, such as "https:". */
  readonly protocol: string;
}

/** For the whole host, out of reach of scripts, and not sent along from pages of other sites unless they lead here. */
export function ownCookie({ name, value, lasts, protocol }: OwnCookie): string {
  const secure = protocol === "https:" ? "; Secure" : "";
  return `${name}=${value}; Path=/; Max-Age=${Math.floor(lasts / 1000)}; HttpOnly; SameSite=Lax${secure}`;
}

/** Maps attribute values by lower-case name; everything else stays byte for byte as it is written. */
export function mapCookieAttributes(line: string, maps: Readonly<Record<string, (value: string) => string>>): string {
  const [pair, ...attributes] = line.split(";");
  return [pair, ...attributes.map((attribute) => mapAttribute(attribute, maps))].join(";");
}

function mapAttribute(attribute: string, maps: Readonly<Record<string, (value: string) => string>>): string {
  const equals = attribute.indexOf("=");
  if (equals === -1) return attribute;
  const name = attribute.slice(0, equals).trim().toLowerCase();
  const value = attribute.slice(equals + 1).trim();
  const mapped = Object.hasOwn(maps, name) ? maps[name]!(value) : value;
  return mapped === value ? attribute : `${attribute.slice(0, equals + 1)}${mapped}`;
}

/**
 * Sets attributes, or takes them away where the value is undefined; "" is for one that has no value. Everything else stays as
 * it is written.
 */
export function setCookieAttributes(
  line: string,
  attributes: readonly (readonly [name: string, value: string | undefined])[],
): string {
  const names = new Set(attributes.map(([name]) => name.toLowerCase()));
  const [pair, ...others] = line.split(";");
  const kept = others.filter((attribute) => !names.has(attribute.split("=", 1)[0]!.trim().toLowerCase()));
  const set = attributes.flatMap(([name, value]) => {
    if (value === undefined) return [];
    return [value === "" ? ` ${name}` : ` ${name}=${value}`];
  });
  return [pair, ...kept, ...set].join(";");
}
