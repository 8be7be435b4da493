/** One line of `Set-Cookie` (RFC 6265 §4.1.1, read as §5.2 says). */

/** The value of an attribute in lower-case `name`, as browsers read it: the last one counts. Undefined when absent. */
export function cookieAttribute(line: string, name: string): string | undefined {
  let value: string | undefined;
  mapCookieAttributes(line, {
    [name]: (found) => {
      value = found;
      return found;
    },
  });
  return value;
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
