/** What of a wrangler file binds something to the Worker. */
import { isTable, type Table } from "./document.ts";

/** Where wrangler has the bindings that can be fetched from. */
const fetchers = ["mtls_certificates", "services", "vpc_networks", "vpc_services"];

/** The names of what an origin can be asked by (`via`). */
export function fetchersIn(scope: Table): string[] {
  return fetchers.flatMap((kind) => bindingsOf(scope[kind]));
}

/** The names of Durable Objects. */
export function objectsIn({ durable_objects: objects }: Table): string[] {
  return isTable(objects) ? tables(objects["bindings"]).map(({ name }) => String(name)) : [];
}

/** The names that such entries are bound to. */
export function bindingsOf(value: unknown): string[] {
  return tables(value).map(({ binding }) => String(binding));
}

/** `[[…]]`; what is something else has none. */
export function tables(value: unknown): Table[] {
  return Array.isArray(value) ? value.filter(isTable) : [];
}
