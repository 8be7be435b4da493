import type { SignedUrls } from "../../config/access.ts";
import type { Edge } from "../../edge.ts";
import { parameter } from "../../http/query.ts";
import { readUrlSignature, textOfSignedUrl } from "../../http/signed-url.ts";
import { isMacOf } from "../../seal.ts";
import type { Identified } from "../../visit.ts";
import { letPass, type Shown } from "./shown.ts";

/** By a signature in the URL, good until a time: of this URL, or of all below a path; for one address, or for anybody. */
export async function showSignature(
  { key, parameter: name }: SignedUrls,
  { url, client }: Identified,
  edge: Edge,
): Promise<Shown> {
  const given = parameter(url, name);
  const signature = given === undefined ? undefined : readUrlSignature(given);
  if (!signature) return refused(given === undefined ? "none" : "unreadable");
  if (signature.expires * 1000 <= edge.now()) return refused("expired");
  const text = textOfSignedUrl(signature, { url, parameter: name, ip: client.ip });
  if (text === undefined || !(await isMacOf(edge, key, { text, mac: signature.mac }))) return refused("wrong");
  return letPass({ query: [name] });
}

function refused(flaw: string): Shown {
  return { kind: "refused", because: "not-let-in", flaw };
}
