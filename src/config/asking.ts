/** How origins are asked, as a site says it → as requests need it. */
import type { Settings } from "./model.ts";
import type { AskingInput } from "./schema/asking.ts";
import type { Asking, Overload } from "./upstream.ts";

/** With the settings' defaults for what they have. */
export function toAsking(input: AskingInput, { timeout, tries }: Settings): Asking {
  const { timeouts, retry, resume, hedge } = input;
  const { header = timeout, idle, whole = Number.POSITIVE_INFINITY } = timeouts;
  const patience = retry.patience === false ? Number.POSITIVE_INFINITY : retry.patience;
  return {
    timeouts: { header, idle, whole },
    retry: { tries, ...retry, patience },
    resume,
    hedge,
    overload: toOverload(input),
  };
}

function toOverload({ overload, brownout }: AskingInput): Overload {
  const { stale, shed, refuse } = brownout ?? {};
  return {
    stale: overload[0] === "stale" || stale !== undefined,
    brownout: brownout && { stale, refuse, shed: shed && { at: shed.at, bots: new Set(shed.bots) } },
  };
}
