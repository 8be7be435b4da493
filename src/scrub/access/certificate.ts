import type { Certificates } from "../../config/access.ts";
import type { Identified } from "../../visit.ts";
import { letPass, type Shown } from "./shown.ts";

/** By the client's certificate, as the platform verified it. */
export function showCertificate({ fingerprints }: Certificates, { client }: Identified): Shown {
  const { certificate } = client;
  const flaw = certificate === undefined ? "none" : certificate.isVerified ? "unknown" : "unverified";
  const isIt = certificate?.isVerified && (fingerprints.length === 0 || fingerprints.includes(certificate.fingerprint));
  return isIt ? letPass() : { kind: "refused", because: "not-let-in", flaw };
}
