/** The words that the cases are written in. */
import type { Case, Exchange, Header, Kind, Suite } from "../case.ts";

type Writing = (id: string, spec: string, name: string, ...requests: readonly Exchange[]) => Case;

const writing =
  (kind: Kind): Writing =>
  (id, spec, name, ...requests) => ({ id, kind, spec: `RFC ${spec}`, name, requests });

/** An RFC says MUST or MUST NOT, or it follows from its arithmetic. */
export const required = writing("required");
/** Allowed, and what a good cache does. */
export const optimal = writing("optimal");
/** Allowed either way; tells what this cache does. */
export const check = writing("check");

/** Without it, every case that expects nothing to be reused would pass. */
const foundation = "freshness/max-age";

/** The cases get the suite's id in front of theirs. */
export function suite(id: string, name: string, ...cases: readonly Case[]): Suite {
  const tests = cases.map((one) => {
    const own = `${id}/${one.id}`;
    return { ...one, id: own, ...(own !== foundation && { depends_on: [foundation] }) };
  });
  return { id, name, tests };
}

/** The usual lifetime: long. */
export const hour: Header = ["Cache-Control", "max-age=3600"];

export const control = (value: string): Header => ["Cache-Control", value];

/** A field whose form on the way to the client is none of the case's business. */
export const loose = (name: string, value: string | number): Header => [name, value, false];

/** The origin gives an answer that the later requests are about; a moment for the store to write it. */
export function given(headers: readonly Header[], more: Exchange = {}): Exchange {
  return { setup: true, pause_after: 0.3, response_headers: headers, ...more };
}

/** The same, and then three seconds pass. */
export function aged(headers: readonly Header[], more: Exchange = {}): Exchange {
  return given(headers, { pause_after: true, ...more });
}

/** The origin doesn't see this request. */
export const reused = (more: Exchange = {}): Exchange => ({ expected_type: "cached", ...more });

/** The origin answers this request. */
export const asked = (more: Exchange = {}): Exchange => ({ expected_type: "not_cached", ...more });

/** A request with these fields. */
export const asking = (...headers: readonly Header[]): Exchange => ({ request_headers: headers });
