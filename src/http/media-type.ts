/** Media types (RFC 9110 §8.3.1). */
import { isNamed } from "./named.ts";

/** Whether it is one of those, all in lower case: "text/*" stands for all that begin so, "*+json" for all that end so (RFC 6838 §4.2.8). */
export function isOfType(types: readonly string[], type: string): boolean {
  return isNamed(types, type) || types.some((each) => each.startsWith("*+") && type.endsWith(each.slice(1)));
}

/** `type/subtype` of a Content-Type in lower case, without parameters; "" when there is none. */
export function essence(contentType: string | undefined): string {
  if (contentType === undefined) return "";
  const end = contentType.indexOf(";");
  return (end === -1 ? contentType : contentType.slice(0, end)).trim().toLowerCase();
}

const parameters = /;[ \t]*(?:([!#$%&'*+\-.^_`|~\w]+)=(?:"((?:[^"\\]|\\.)*)"?|([^\s;"]*)))?/g;

/** A parameter's value without its quotes, as written; undefined when absent. The first of repeated ones counts. */
export function parameter(contentType: string | undefined, name: string): string | undefined {
  for (const [, key, quoted, token] of (contentType ?? "").matchAll(parameters)) {
    if (key?.toLowerCase() === name) return quoted?.replace(/\\(.)/g, "$1") ?? token;
  }
  return undefined;
}
