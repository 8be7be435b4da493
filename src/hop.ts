/** What passes between a location and its shield: plain data, and the body of the answer. */
import type { Answer, Body, CacheStatus } from "./answer.ts";
import type { HeaderEdits } from "./config/model.ts";
import type { Mark } from "./edge.ts";
import type { ErrorSource } from "./error.ts";
import type { Region } from "./geo/regions.ts";
import type { FieldsJSON } from "./http/fields.ts";
import type { Reason } from "./reasons.ts";
import type { TrailStep } from "./trail.ts";
import type { Assignment, Client, Who } from "./visit.ts";

/** A parent cache that all locations share: what misses at one of them, another one may have asked for. */
export interface Shield {
  /**
   * What the shield tells, also of an origin that failed.
   * @throws when it can't be reached, fails by itself, or gives no sign of life in time: with the name `TimeoutError`.
   */
  readonly ask: (at: ShieldPlace, asked: Asked) => Promise<Told>;
  /** Has it forget what it keeps under that key. Rejects when it may not have heard of it. */
  readonly forget: (at: ShieldPlace, key: string) => Promise<void>;
}

/** Which one: each site has several in every region that it uses, with a share of the keys each. */
export interface ShieldPlace {
  readonly site: string;
  /** Near which it is to be; undefined where nothing says where the origin is. */
  readonly region: Region | undefined;
  readonly shard: number;
}

/** A visit that missed at a location. Only a location can say this, so that it is believed. */
export interface Asked {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  /** As the client sent them, but for what the location's cache asks for. */
  readonly fields: FieldsJSON;
  readonly client: Client;
  readonly who: Who;
  /** For the origin that the client had before. */
  readonly tickets: readonly string[] | undefined;
  readonly experiments: readonly Assignment[];
  readonly region: Region | undefined;
  readonly purged: Mark | undefined;
}

/** What comes of it. */
export type Told =
  | ToldAnswer
  /** By the shield's config the visit would not have come so far: the location may have a newer one. */
  | { readonly kind: "declined" }
  | {
      readonly kind: "failed";
      readonly source: ErrorSource;
      readonly because: Reason;
      /** For the log: it may name origins and addresses. */
      readonly detail: string;
      readonly trail: readonly TrailStep[];
    };

/** An answer as the location's cache is to take it: prepared, uncompressed, for everybody. */
export interface ToldAnswer {
  readonly kind: "answer";
  readonly status: number;
  readonly fields: FieldsJSON;
  readonly body: Body;
  /** When the origin was asked for it: milliseconds since the epoch. */
  readonly askedAt: number;
  readonly origin: string | undefined;
  readonly cache: CacheStatus | undefined;
  readonly trail: readonly TrailStep[];
}

/** What an answer from a shield must not be, though the shield may take it to be good. */
export interface Terms {
  /** Covered by this mark, which the location knows. */
  readonly purged?: Mark;
  /** Fresh for no longer than so many milliseconds; it is stale when they are below zero. */
  readonly fresherThan?: number;
  /** What is stored may stand in: an origin that is overloaded needn't be asked. */
  readonly hasStandIn?: boolean;
  /** Nobody waits for it: who came has been served what is stored. */
  readonly isBackground?: boolean;
}

/** From where the cache gets what it doesn't have. */
export interface Upstream {
  /**
   * Asks the nearest origin that is well, or a shield before it. Rejects with an EdgeError when no origin answered.
   * @param edits the cache's own, over the client's request: a stored answer's validators in place of the client's.
   * @param terms what a shield may not answer with, and whether it has to be answered.
   */
  readonly ask: (edits: HeaderEdits, terms?: Terms) => Promise<Answer>;
  /** Makes untrue what is kept under that key further on. Rejects when that may not have arrived. */
  readonly forget: (key: string) => Promise<void>;
}
