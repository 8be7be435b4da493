/** What shows an origin that a request comes from the edge, so that it can refuse whoever goes around it. */
import type { Origin, Signing } from "../config/upstream.ts";
import type { Edge } from "../edge.ts";
import { parseAddress } from "../http/address.ts";
import { Fields } from "../http/fields.ts";
import {
  addSignature,
  derivedComponents,
  signatureBase,
  toSignatureInput,
  type SignatureInput,
  type SignedRequest,
} from "../http/message-signature.ts";

/** A secret is missing, or is no key: the request must not leave without what it was to make. */
export class KeyError extends Error {
  override readonly name = "KeyError";
}

/** What our signature is called beside others that the request may have. */
const label = "edge";

/**
 * The request's fields, with the credentials of that origin and a signature made now.
 * @throws KeyError
 */
export async function authorise(origin: Origin, request: Unsigned, edge: Edge): Promise<Unsigned["headers"]> {
  const { header, sign } = origin;
  const headers = header ? { ...request.headers, [header.name]: secretOf(header.secret, edge) } : request.headers;
  return sign ? signed({ ...request, headers }, sign, edge) : headers;
}

interface Unsigned {
  readonly method: string;
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Record<string, string>;
}

function secretOf(name: string, edge: Edge): string {
  const value = edge.secret(name);
  if (value === undefined) throw new KeyError(`there is no secret ${name}`);
  return value;
}

async function signed({ method, url, headers }: Unsigned, sign: Signing, edge: Edge): Promise<Unsigned["headers"]> {
  const request: SignedRequest = { method, url: parseAddress(url)!, field: (name) => headers[name] };
  const input = inputFor(request, sign, edge);
  const signature = await edge
    .sign({ secret: sign.key, algorithm: sign.algorithm }, signatureBase(input, request)!)
    .catch((cause: unknown) => Promise.reject(new KeyError(`${sign.key} is no ${sign.algorithm} key`, { cause })));
  if (!signature) throw new KeyError(`there is no secret ${sign.key}`);
  const fields = Fields.of(headers);
  addSignature(fields, label, { input, signature });
  return Object.fromEntries(fields.asMap());
}

/** Fields that the request doesn't have can't be covered: that they are has the origin to insist on. */
function inputFor(
  { field }: SignedRequest,
  { components, keyid, expires, nonce }: Signing,
  edge: Edge,
): SignatureInput {
  const isThere = (name: string): boolean => derived.has(name) || field(name) !== undefined;
  const created = Math.floor(edge.now() / 1000);
  return toSignatureInput(components.filter(isThere), {
    created,
    expires: created + Math.ceil(expires / 1000),
    keyid,
    nonce: nonce ? newNonce(edge.random) : undefined,
  });
}

const derived: ReadonlySet<string> = new Set(derivedComponents);

/** Not to be met again soon; it need not be hard to guess. */
function newNonce(random: Edge["random"]): string {
  return (random().toString(36) + random().toString(36)).replaceAll("0.", "");
}
