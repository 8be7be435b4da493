/** One line of `Set-Cookie` (RFC 6265 §4.1.1), read as browsers do (§5.2). */

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
