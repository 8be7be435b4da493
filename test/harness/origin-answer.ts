import "vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** Origin name → port on 127.0.0.1. `nobody` is a port on which nothing listens. */
    originPorts: Record<string, number>;
  }
}

/** What a scripted origin is told to do for one request, and what it tells of the requests it saw. */
export interface OriginAnswer {
  /** 200 unless said otherwise. */
  readonly status?: number;
  /** Repeated names as pairs; `date` is added by the server unless given. */
  readonly headers?: Readonly<Record<string, string>> | readonly (readonly [string, string])[];
  /** In one piece, or in several. */
  readonly body?: string | readonly string[];
  /** A body of these bytes instead, as base64. */
  readonly base64?: string;
  /** A body of this many bytes instead, streamed, each byte's value following from its position. */
  readonly bytes?: number;
  /** Of these bytes, only the range that the request asks for, as 206; their number is told in any case. `headers` may say otherwise. */
  readonly ranges?: boolean;
  /** Pause before the header, in milliseconds. */
  readonly delay?: number;
  /** Pause before each piece of the body, in milliseconds; the header goes ahead. */
  readonly pause?: number;
  /**
   * "before": close without an answer; "reset": with a reset; a number: close after this many bytes of the body; "end": after all
   * of them, which are sent in chunks, and before the chunk that says so.
   */
  readonly breaks?: "before" | "reset" | "end" | number;
  /** "before": take the request, and never answer; a number: send so many bytes of the body, and then nothing, for ever; "end": all, as above. */
  readonly stalls?: "before" | "end" | number;
  /** Answer 503 instead to every so-manieth request. */
  readonly failsEvery?: number;
  /** Milliseconds that each request waits longer than the one before it. */
  readonly slows?: number;
}

export interface SeenRequest {
  readonly method: string;
  /** Path and query below the script's own base. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyBytes: number;
}
