/** Names as the config has them, of parameters, cookies and media types. */

/** Whether it is one of those; a trailing "*" matches the rest of a name. */
export function isNamed(names: readonly string[], name: string): boolean {
  return names.some((each) => (each.endsWith("*") ? name.startsWith(each.slice(0, -1)) : each === name));
}
