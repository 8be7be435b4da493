/** The fields of the variables. Each is read by code of its own, which the runtime makes faster than one that reads any. */
import { clientFields, requestFields } from "../facts.ts";
import { staticType, type CheckedNode, type Run } from "./node.ts";

type Readers<F> = { readonly [K in keyof F]: Run };

const request: Readers<typeof requestFields> = {
  method: (facts) => facts.request.method,
  url: (facts) => facts.request.url,
  scheme: (facts) => facts.request.scheme,
  host: (facts) => facts.request.host,
  path: (facts) => facts.request.path,
  query: (facts) => facts.request.query,
  headers: (facts) => facts.request.headers,
  cookies: (facts) => facts.request.cookies,
  contentLength: (facts) => facts.request.contentLength,
  included: (facts) => facts.request.included,
};

const client: Readers<typeof clientFields> = {
  ip: (facts) => facts.client.ip,
  group: (facts) => facts.client.group,
  country: (facts) => facts.client.country,
  continent: (facts) => facts.client.continent,
  eu: (facts) => facts.client.eu,
  asn: (facts) => facts.client.asn,
  city: (facts) => facts.client.city,
  latitude: (facts) => facts.client.latitude,
  longitude: (facts) => facts.client.longitude,
  timezone: (facts) => facts.client.timezone,
  bot: (facts) => facts.client.bot,
  device: (facts) => facts.client.device,
  kind: (facts) => facts.client.kind,
  score: (facts) => facts.client.score,
  tor: (facts) => facts.client.tor,
  verified: (facts) => facts.client.verified,
  impostor: (facts) => facts.client.impostor,
  tls: (facts) => facts.client.tls,
};

/** By the names of their types. */
const variables: Readonly<Record<string, { readonly types: Fields<string>; readonly readers: Fields<Run> }>> = {
  Request: { types: requestFields, readers: request },
  Client: { types: clientFields, readers: client },
};
type Fields<T> = Readonly<Record<string, T>>;

/**
 * The field's reader and CEL type; undefined where the owner is no variable, or has no such field. A loop's variable of such
 * a type is the variable of that type: there is no other value of it.
 */
export function fieldOf(owner: CheckedNode, name: string): { readonly read: Run; readonly type: string } | undefined {
  const known = variables[staticType(owner).name];
  if (owner.op !== "id" || !known || !Object.hasOwn(known.types, name)) return undefined;
  return { read: known.readers[name]!, type: known.types[name]! };
}
