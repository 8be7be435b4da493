/** Many visits that need the same answer at the same time: one asks for all (RFC 9211 §2.6 calls it collapsing). */
import type { Answer } from "../answer.ts";
import type { Edge, Flight, Landing } from "../edge.ts";
import { EdgeError } from "../error.ts";
import { asksForEvents } from "../http/accept.ts";
import type { Directives } from "../http/directives.ts";
import type { Planned } from "../visit.ts";
import { inTime } from "../http/in-time.ts";

/** Milliseconds that visits wait for another at most: longer, and they ask by themselves, and so do those who come soon after. */
const longestWait = 20_000;

/** What the visit that asks for all comes to. */
export interface Led {
  readonly answer: Answer;
  /** Resolves when the answer can be had from the store; undefined when it isn't kept. */
  readonly written?: Promise<void> | undefined;
  /** Resolves when the client reads so slowly that others had better not wait until it is written. */
  readonly heldUp?: Promise<void> | undefined;
  /** The origin failed, and why; those who wait must not all ask it again. */
  readonly error?: unknown;
}

/** A question to the origin, and the key that it has for those who would ask the same. */
export interface Question {
  readonly key: string;
  readonly ask: () => Promise<Led>;
}

/**
 * Whether the visit may take the answer to another one. Not when its own fields change what the origin says or whether
 * the answer is kept; and not when it wants to be sure, for the other one may have asked a while ago.
 */
export function mayShare({ method, fields }: Planned, request: Directives): boolean {
  if (method !== "GET" || request.has("no-store") || request.has("no-cache")) return false;
  // What comes of it has no end, and may have no header for long.
  if (asksForEvents(fields.get("accept"))) return false;
  return !unshared.some((name) => fields.has(name));
}

const unshared = ["authorization", "if-match", "if-unmodified-since"] as const;

/**
 * Waits for what another visit finds out; undefined when that is of no use to this one, or takes too long.
 * @throws EdgeError when the other one failed: then all that waited do, instead of asking an origin that is down.
 */
export async function awaitOther(flight: Flight, { request }: Planned): Promise<"stored" | undefined> {
  const leave = flight.join();
  // Nobody is to work on for one who has left.
  request.signal.addEventListener("abort", leave);
  const landing = await inTime(flight.landing, longestWait).finally(leave);
  if (landing?.kind === "failed")
    throw new EdgeError("origin", landing.because, "the visit that was waited for failed", landing);
  return landing?.kind === "stored" ? "stored" : undefined;
}

/**
 * Asks for all visits that come until the answer can be had from the store. The work goes on when the client of this
 * visit leaves, because others wait for it.
 */
export async function lead({ id }: Planned, { key, ask }: Question, edge: Edge): Promise<Answer> {
  const land = edge.flights.begin(key, id);
  const asked = ask();
  // A store that never ends writing must not make all who come later wait in vain.
  const landing = inTime(asked.then(landed, failed), longestWait);
  edge.defer(landing.then((came) => land(came ?? { kind: "unshared" })));
  return (await asked).answer;
}

async function landed({ written, heldUp, error }: Led): Promise<Landing> {
  if (!written) return failed(error);
  const landing = written.then(
    () => ({ kind: "stored" }) as const,
    () => ({ kind: "unshared" }) as const,
  );
  // They look, and find nothing; then one of them asks for the others.
  return heldUp ? Promise.race([landing, heldUp.then(() => ({ kind: "stored" }) as const)]) : landing;
}

function failed(error: unknown): Landing {
  if (!(error instanceof EdgeError)) return { kind: "unshared" };
  const { source, because, status } = error;
  if (source === "origin") return { kind: "failed", because, ...(status !== undefined && { status }) };
  // What is wrong with one client says nothing to others: they look, and one of them asks.
  return { kind: source === "client" ? "stored" : "unshared" };
}
