/**
 * A shared cache as RFC 9111 describes it, naive and slow: it keeps whole lists where a cache keeps keys, and asks every
 * question anew. It shares no code with `src/cache/`, which is held to it. All times are in seconds.
 */

/** Header fields by lower-case name. */
export type Headers = Readonly<Record<string, string>>;

export interface Asked {
  readonly method: string;
  readonly headers: Headers;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
}

/** An answer that may have been stored. */
export interface Held {
  /** Tells its content from all others. */
  readonly mark: string;
  readonly asked: Asked;
  readonly answered: Answered;
  readonly at: number;
}

/** An exchange with the origin. */
export interface Exchange extends Held {
  /** What the cache sent to validate, when it did. */
  readonly validators: Headers;
}

/** Directives by name; "" for one without an argument. Of two of one name the first counts. */
function directives(value = ""): ReadonlyMap<string, string> {
  const all = [...value.matchAll(/([\w-]+)(?:=(?:"([^"]*)"|([^\s,]*)))?/g)];
  return new Map(all.toReversed().map(([, name, quoted, token]) => [name!.toLowerCase(), quoted ?? token ?? ""]));
}

/** What governs this cache: CDN-Cache-Control, when there is one, and then nothing else (RFC 9213 §2.2). */
function governing({ headers }: Answered): { readonly says: ReadonlyMap<string, string>; readonly targeted: boolean } {
  const targeted = headers["cdn-cache-control"] !== undefined;
  return { says: directives(headers["cdn-cache-control"] ?? headers["cache-control"]), targeted };
}

/** §5.2.1; Pragma counts where there is no Cache-Control (§5.4). */
function wishes({ headers }: Asked): ReadonlyMap<string, string> {
  return directives(headers["cache-control"] ?? headers["pragma"]);
}

/** §3: whether the answer may be stored at all. */
export function mayStore(asked: Asked, answered: Answered): boolean {
  const { says, targeted } = governing(answered);
  const { status, headers } = answered;
  const understood = says.has("must-understand") && status !== 299;
  if (asked.method !== "GET" || status < 200 || status === 304) return false;
  if (wishes(asked).has("no-store") || (says.has("no-store") && !understood)) return false;
  if (says.get("private") === "" || (headers["vary"] ?? "").includes("*")) return false;
  const shared = says.has("public") || says.has("s-maxage") || (targeted && says.has("max-age"));
  if (asked.headers["authorization"] !== undefined && !shared && !says.has("must-revalidate")) return false;
  return (
    says.has("max-age") ||
    says.has("s-maxage") ||
    says.has("public") ||
    (!targeted && headers["expires"] !== undefined) ||
    heuristic.has(status)
  );
}

/** Statuses that are cacheable by heuristics (RFC 9110 §15.1). */
const heuristic: ReadonlySet<number> = new Set([200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501]);

/** By these an origin says that it failed (RFC 5861 §4). */
const failures: ReadonlySet<number> = new Set([500, 502, 503, 504]);

/** Whether a good cache stores it: it is of use later, and sets no cookie that the origin didn't call shared. */
function isWorthStoring(asked: Asked, answered: Answered): boolean {
  const { says, targeted } = governing(answered);
  const { headers } = answered;
  const shared = says.has("public") || says.has("s-maxage") || (targeted && says.has("max-age"));
  const dated = says.has("max-age") || says.has("s-maxage") || (!targeted && headers["expires"] !== undefined);
  const validator = headers["etag"] ?? headers["last-modified"];
  if (headers["set-cookie"] !== undefined && !shared) return false;
  return mayStore(asked, answered) && (dated || validator !== undefined);
}

/** §4.2.3, with an exchange that takes no time. */
export function ageOf({ answered: { headers }, at }: Held, now: number): number {
  const stated = /^\d+$/.test(headers["age"] ?? "") ? Number(headers["age"]) : 0;
  return Math.max(at - dateOf(headers, at), stated) + (now - at);
}

/** §4.2.1; what can't be read is no time at all. */
function lifetimeOf({ answered, at }: Held): number {
  const { says, targeted } = governing(answered);
  const { headers, status } = answered;
  const said = says.get("s-maxage") ?? says.get("max-age");
  if (said !== undefined) return /^\d+$/.test(said) ? Number(said) : 0;
  if (targeted) return 0;
  const date = dateOf(headers, at);
  if (headers["expires"] !== undefined) return Math.max(0, (Date.parse(headers["expires"]) / 1000 || 0) - date);
  if (headers["last-modified"] === undefined || !(heuristic.has(status) || says.has("public"))) return 0;
  return Math.min(86_400, Math.max(0, (date - Date.parse(headers["last-modified"]) / 1000) / 10));
}

function dateOf(headers: Headers, at: number): number {
  return headers["date"] === undefined ? at : Date.parse(headers["date"]) / 1000;
}

/** §4.1. */
function selects({ asked, answered }: Held, request: Asked): boolean {
  return varyOf(answered).every((name) => asked.headers[name] === request.headers[name]);
}

function varyOf({ headers }: Answered): readonly string[] {
  return (headers["vary"] ?? "")
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .sort();
}

/** §4, §5.2.1: whether the held answer may be served without asking. */
export function mayServe(held: Held, request: Asked, now: number): boolean {
  const { says } = governing(held.answered);
  const wants = wishes(request);
  const [age, lifetime] = [ageOf(held, now), lifetimeOf(held)];
  const takesStale = (by: number): boolean =>
    wants.has("max-stale") && (wants.get("max-stale") === "" || by <= Number(wants.get("max-stale")));
  if (!selects(held, request) || says.get("no-cache") === "" || wants.has("no-cache")) return false;
  const over = age - Number(wants.get("max-age") ?? Infinity);
  if (over > 0 && !takesStale(over)) return false;
  if (wants.has("min-fresh") && lifetime - age < Number(wants.get("min-fresh"))) return false;
  if (age < lifetime) return true;
  if (forbidsStale(says)) return false;
  return age - lifetime < Number(says.get("stale-while-revalidate") ?? 0) || takesStale(age - lifetime);
}

/** RFC 5861 §4: whether it may stand in for the answer of an origin that fails. One that is fresh always may. */
export function mayStandIn(held: Held, request: Asked, now: number): boolean {
  const { says } = governing(held.answered);
  const staleFor = ageOf(held, now) - lifetimeOf(held);
  if (!selects(held, request) || says.get("no-cache") === "") return false;
  return staleFor < 0 || (!forbidsStale(says) && staleFor < Number(says.get("stale-if-error") ?? 0));
}

/** §5.2.2.2, §5.2.2.8; s-maxage says it too (§5.2.2.10), unless the origin names stale windows beside it. */
function forbidsStale(says: ReadonlyMap<string, string>): boolean {
  const windows = says.has("stale-while-revalidate") || says.has("stale-if-error");
  return says.has("must-revalidate") || says.has("proxy-revalidate") || (says.has("s-maxage") && !windows);
}

/** What may be in a cache for one URL. */
export class Model {
  held: readonly Held[] = [];
  /** Answers varied by different fields, or the last one can't be stored: a good cache may have lost the older ones. */
  unsure = false;

  /** Takes in what the origin said. Gives back the held answers that it confirmed, with their new fields. */
  learn(exchange: Exchange): readonly Held[] {
    const { asked, answered } = exchange;
    if (asked.method === "POST") return this.#invalidate(answered);
    if (answered.status === 304)
      return this.#update(exchange, (held) => matches(held, exchange.validators) && isNamedBy(answered, held));
    if (asked.method === "HEAD") return answered.status === 200 ? this.#hear(exchange) : [];
    if (isWorthStoring(asked, answered)) this.#store(exchange);
    // It may be taken for what all would get now, and then older ones are no longer looked for.
    else this.unsure = true;
    return [];
  }

  /** §4.4. */
  #invalidate({ status }: Answered): readonly Held[] {
    if (status < 400) [this.held, this.unsure] = [[], false];
    return [];
  }

  /** A failure takes no better answer's place for sure, and that may stand in for it. */
  #store(exchange: Held): void {
    if (failures.has(exchange.answered.status)) {
      [this.held, this.unsure] = [[...this.held, exchange], true];
      return;
    }
    const others = this.held.filter((held) => !selects(held, exchange.asked));
    const vary = String(varyOf(exchange.answered));
    this.unsure = others.length > 0 && (this.unsure || others.some((held) => String(varyOf(held.answered)) !== vary));
    this.held = [...others, exchange];
  }

  /**
   * §4.3.4: as if the held answer had been given now, to this request. One that may no longer be stored stays as it was, and
   * its new fields are for this request alone.
   */
  #update({ asked, answered, at }: Exchange, concerns: (held: Held) => boolean): readonly Held[] {
    const updated = this.held
      .filter((held) => selects(held, asked) && concerns(held))
      .map((held) => {
        const { age: _, ...had } = held.answered.headers;
        return { ...held, asked, at, answered: { ...held.answered, headers: { ...had, ...answered.headers } } };
      });
    const kept = updated.filter((held) => isWorthStoring({ ...asked, method: "GET" }, held.answered));
    if (kept.length !== updated.length) this.unsure = true;
    const replaced = new Set(kept.map(({ mark }) => mark));
    this.held = [...this.held.filter(({ mark }) => !replaced.has(mark)), ...kept];
    return updated;
  }

  /** §4.3.5: a HEAD freshens what has the same validators, and makes go what has others. */
  #hear(exchange: Exchange): readonly Held[] {
    const same = (held: Held): boolean =>
      ["etag", "last-modified"].every((name) =>
        [undefined, held.answered.headers[name]].includes(exchange.answered.headers[name]),
      ) && held.answered.status === 200;
    this.held = this.held.filter((held) => !selects(held, exchange.asked) || same(held));
    return this.#update(exchange, same);
  }
}

/** Whether the validators that a 304 answered are those of the held answer; tags are compared weakly (§4.3.4). */
function matches({ answered: { headers } }: Held, sent: Headers): boolean {
  const tag = sent["if-none-match"];
  if (tag !== undefined) return opaque(headers["etag"]) === opaque(tag);
  return sent["if-modified-since"] !== undefined && headers["last-modified"] === sent["if-modified-since"];
}

/** Whether a 304 that has validators has those of the held answer: with others it must not be used for it (§4.3.4). */
function isNamedBy({ headers: said }: Answered, { answered: { headers: had } }: Held): boolean {
  if (said["etag"] !== undefined) return opaque(said["etag"]) === opaque(had["etag"]);
  return [said["last-modified"], undefined].includes(had["last-modified"]) || said["last-modified"] === undefined;
}

export function opaque(tag: string | undefined): string | undefined {
  return tag?.replace(/^W\//, "");
}
