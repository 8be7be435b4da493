/** How origins are asked, as a site says it → as requests need it. */
import type { Settings } from "./model.ts";
import type { AskingInput } from "./schema/asking.ts";
import type { Asking } from "./upstream.ts";

/** With the settings' defaults for what they have. */
export function toAsking({ timeouts, retry, resume, hedge }: AskingInput, { timeout, tries }: Settings): Asking {
  const { header = timeout, idle, whole = Number.POSITIVE_INFINITY } = timeouts;
  return { timeouts: { header, idle, whole }, retry: { tries, ...retry }, resume, hedge };
}
