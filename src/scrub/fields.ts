/** What is wrong with a request's header fields, whatever their number and size: it is refused, or goes without them. */
import type { Settings } from "../config/model.ts";
import { asCgiReads } from "../http/claims.ts";
import type { Reason } from "../reasons.ts";
import { tokenOf } from "../trail.ts";
import type { Visit } from "../visit.ts";

/** By these a server takes a request for one with another method. */
const methodOverrides: ReadonlySet<string> = new Set([
  "x-http-method", // Microsoft's Web API and OData
  "x-http-method-override", // Google's APIs; Rails, Symfony, Laravel, Express
  "x-method-override", // IBM's and others' APIs; Express
]);

/** As the platform shows a body whose coding it has undone; any other is still on it (RFC 9112 §6.1). */
const chunked: ReadonlySet<string | undefined> = new Set([undefined, "chunked", "Chunked", "CHUNKED"]);

/** Nearly every value is of these alone, and that is told sooner. */
const besidesPrintable = /[^\t -~]/;

/** Valid in no field's value (RFC 9110 §5.5), and refused by many servers. A tab is white space. */
// oxlint-disable-next-line no-control-regex
const control = /[\0-\x08\x0a-\x1f\x7f]/;

/**
 * A body in a coding that the platform left on, control characters, and a method besides the request's own: fields that make a server refuse, or do something else than,
 * what the URL asks for, so that its answer would be another than everybody's. A POST may have the other method where the
 * settings say so: it isn't answered from the cache, nor kept.
 */
export function fieldFlaw(
  { method, fields }: Pick<Visit, "method" | "fields">,
  settings: Pick<Settings, "methodOverrides">,
): Reason | undefined {
  if (!chunked.has(fields.get("transfer-encoding"))) return "transfer-coding";
  const mayOverride = settings.methodOverrides && method === "POST";
  for (const [name, value] of fields.asMap()) {
    if (besidesPrintable.test(value) && control.test(value)) return "bad-field";
    if (!mayOverride && name.startsWith("x") && methodOverrides.has(asCgiReads(name))) return "method-override";
  }
  return undefined;
}

/** What some servers take for a dash, or for none of a field's name (RFC 3875 §4.1.18 leaves them the choice). */
const besidesPlain = /[^a-z\d-]/;

/** As much of their names is told. */
const longestTold = 80;

/**
 * The visit without the fields that have anything but letters, digits and dashes in their names, unless the settings let
 * them pass. To many servers `x_debug` is the field `x-debug`, which a rule asks about or the edge writes itself, and to
 * some `x.debug` is, too.
 */
export function withPlainNames<V extends Visit>(visit: V, { fieldNames }: Pick<Settings, "fieldNames">): V {
  if (fieldNames === "any") return visit;
  const odd = [...visit.fields.asMap().keys()].filter((name) => besidesPlain.test(name));
  if (odd.length === 0) return visit;
  visit.trail.note("scrub", `dropped:${odd.map(tokenOf).join(",").slice(0, longestTold)}`);
  const fields = visit.fields.copy();
  for (const name of odd) fields.delete(name);
  return { ...visit, fields };
}
