/**
 * Random stories of one URL: what the origin would answer, what clients ask, and how time passes. The edge is held to a
 * naive model of RFC 9111 (`model.ts`), and the model to a library where that is right.
 */
import fc from "fast-check";
import CachePolicy from "http-cache-semantics";
import { expect, test } from "vitest";
import { cacheStatus, createWorld, dawn } from "../harness/world.ts";
import {
  ageOf,
  mayServe,
  mayStandIn,
  mayStore,
  Model,
  opaque,
  type Answered,
  type Asked,
  type Exchange,
  type Headers as Fields,
} from "./model.ts";

/** What the origin would say if it were asked now. Dates are seconds from now. */
interface Willing {
  readonly status: number;
  readonly fields: Fields;
  readonly dates: Readonly<Record<string, number | undefined>>;
  /** It closes the connection instead. */
  readonly down: boolean;
}

type Step = { readonly wait: number } | { readonly ask: Asked; readonly willing: Willing };

const only = <T>(...values: readonly T[]) => fc.constantFrom(...values);
const fields = (model: Record<string, fc.Arbitrary<string | undefined>>): fc.Arbitrary<Fields> =>
  fc.record(model).map((all) => JSON.parse(JSON.stringify(all)) as Fields);
const list = (...directives: readonly string[]) =>
  fc.subarray([...directives], { maxLength: 3 }).map((some) => some.join(", ") || undefined);
const rarely = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 1 });

const lifetimes = ["max-age=60", "max-age=5", "max-age=0", "s-maxage=60", "max-age=x"];
const limits = ["no-store", "no-cache", "private", "must-revalidate", "proxy-revalidate", "must-understand"];
const answerControl = fc
  .tuple(
    only(...lifetimes, "max-age=60", "max-age=60", ""),
    list("public", "stale-while-revalidate=30", "stale-if-error=90"),
    rarely(only(...limits)),
  )
  .map((parts) => parts.filter(Boolean).join(", ") || undefined);

const willing: fc.Arbitrary<Willing> = fc.record({
  status: only(200, 200, 200, 200, 404, 403, 301, 299, 500, 503),
  fields: fields({
    "cache-control": answerControl,
    "cdn-cache-control": rarely(only("max-age=60", "no-store", "private")),
    age: rarely(only("0", "5", "100", "old")),
    etag: only('"a"', '"b"', 'W/"a"', undefined),
    vary: only(undefined, undefined, "x-kind", "x-kind, x-else", "*"),
    "set-cookie": rarely(only("id=1")),
  }),
  dates: fc.record({
    date: only(0, 0, -5, -100, 50),
    expires: rarely(only(0, 60, -60)),
    "last-modified": only(undefined, -1000),
  }),
  down: fc
    .boolean()
    .map((down) => down)
    .chain((down) => (down ? only(false, false, true) : only(false))),
});

const request: fc.Arbitrary<Asked> = fc.record({
  method: only("GET", "GET", "GET", "GET", "GET", "HEAD", "POST"),
  headers: fields({
    "cache-control": only(
      undefined,
      undefined,
      undefined,
      undefined,
      "no-cache",
      "no-store",
      "max-age=10",
      "max-age=0",
      "min-fresh=20",
      "max-stale",
      "max-stale=20",
      "max-age=10, max-stale=20",
      "only-if-cached",
    ),
    pragma: rarely(only("no-cache")),
    authorization: rarely(only("Basic eDp5")),
    "x-kind": only(undefined, "one", "two"),
    "x-else": rarely(only("1")),
  }),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ wait: only(1, 4, 5, 6, 20, 59, 60, 61, 90, 200) }) },
  { weight: 3, arbitrary: fc.record({ ask: request, willing }) },
);

/** One world for all stories; each has a path of its own, and goes on where the clock stands. */
function createStage() {
  let now: Willing;
  let serial = 0;
  let heard: Exchange[] = [];
  const world = createWorld({
    vars: {
      ORIGINS: [{ name: "only", url: "http://origin.test" }],
      SITES: [{ hosts: ["*"], origins: ["only"] }],
      SETTINGS: { tries: 1 },
    },
    ports: { fetch: async (target, init) => play(new Request(target, init)) },
  });
  const seconds = (): number => world.clock.now / 1000;

  function play({ method, headers: sent }: Request): Response {
    const dates = Object.entries(now.dates).flatMap(([name, offset]) =>
      offset === undefined ? [] : [[name, new Date(world.clock.now + offset * 1000).toUTCString()] as const],
    );
    const headers: Fields = { ...now.fields, ...Object.fromEntries(dates) };
    const asked = { method, headers: Object.fromEntries(sent) };
    const isConfirmed = now.status === 200 && method !== "POST" && confirms(headers, asked.headers);
    const mark = String(++serial);
    const answered: Answered = { status: isConfirmed ? 304 : now.status, headers };
    heard.push({
      mark,
      asked,
      answered: now.down ? { status: 502, headers: {} } : answered,
      at: seconds(),
      validators: asked.headers,
    });
    if (now.down) throw new TypeError("the connection was lost");
    const isBare = isConfirmed || method === "HEAD";
    return new Response(isBare ? null : `content ${mark}`, {
      status: answered.status,
      headers: isBare ? headers : { ...headers, "x-mark": mark },
    });
  }

  return {
    world,
    seconds,
    /** One visit, and all that the origin was asked for by it, before and after it was answered. */
    async visit(path: string, ask: Asked, willing: Willing) {
      now = willing;
      heard = [];
      const response = await world.visit(path, { ...ask, ...(ask.method === "POST" && { body: "x" }) });
      const body = await response.text();
      await world.settle();
      return { response, body, heard };
    },
  };
}

function confirms(now: Fields, sent: Fields): boolean {
  const tag = sent["if-none-match"];
  if (tag !== undefined) return now["etag"] !== undefined && opaque(tag) === opaque(now["etag"]);
  return now["last-modified"] !== undefined && sent["if-modified-since"] === now["last-modified"];
}

const stage = createStage();

/** Tells the story to the edge and the model; throws what the model objects to, with the story so far. */
async function tell(steps: readonly Step[], path: string): Promise<void> {
  const model = new Model();
  const story: string[] = [];
  for (const each of steps) {
    if ("wait" in each) {
      stage.world.clock.advance(each.wait);
      story.push(`${each.wait} s pass`);
      continue;
    }
    const { ask, willing } = each;
    const before = { held: model.held, unsure: model.unsure };
    const visit = await stage.visit(path, ask, willing);
    // The model knows requests as clients make them: the edge adds fields of its own.
    const confirmed = visit.heard.flatMap((one) =>
      model.learn({ ...one, asked: { ...one.asked, headers: ask.headers } }),
    );
    story.push(told(each, visit));
    const objection = judge(ask, { ...visit, before, confirmed });
    if (objection) throw new Error(`${objection}\n  ${story.join("\n  ")}`);
  }
}

interface Scene extends Awaited<ReturnType<typeof stage.visit>> {
  readonly before: { readonly held: Model["held"]; readonly unsure: boolean };
  readonly confirmed: Model["held"];
}

/** What is wrong with an answer, or undefined. */
function judge(ask: Asked, { response, body, heard, before, confirmed }: Scene): string | undefined {
  const status = cacheStatus(response);
  const mark = response.headers.get("x-mark");
  const now = stage.seconds();
  const wouldHit = before.held.some((held) => mayServe(held, ask, now));
  if (heard.some((one) => one.mark === mark) || mark === null) {
    if (status.startsWith("hit")) return "the origin's own answer is called a hit";
    const isRefused = response.status === 504 && heard.length === 0;
    return wouldHit && !before.unsure && ask.method !== "POST" && (isRefused || heard.length > 0)
      ? "a good cache would have answered from its store"
      : undefined;
  }
  const candidates = status.startsWith("hit")
    ? before.held.filter((held) => mayServe(held, ask, now))
    : status.includes("stale-if-error")
      ? before.held.filter((held) => mayStandIn(held, ask, now) && heard.some((one) => one.answered.status >= 500))
      : confirmed;
  const own = candidates.filter((held) => held.mark === mark);
  if (own.length === 0) return "this stored answer may not be served";
  if (!own.some((held) => String(Math.floor(ageOf(held, now))) === response.headers.get("age")))
    return "its Age is wrong";
  if (ask.method === "GET" && body !== `content ${mark}`) return "it has another answer's content";
  if (!own.some((held) => opaque(held.answered.headers["etag"]) === opaque(response.headers.get("etag") ?? undefined)))
    return "it has another answer's ETag";
  return undefined;
}

function told(
  { ask, willing }: Extract<Step, { ask: Asked }>,
  { response, body, heard }: Awaited<ReturnType<typeof stage.visit>>,
): string {
  const exchanges = heard.map(({ answered }) => `${answered.status} ${JSON.stringify(answered.headers)}`).join(" and ");
  return [
    `${ask.method} ${JSON.stringify(ask.headers)}`,
    `the origin ${willing.down ? "is down" : `says ${exchanges || "nothing"}`}`,
    `the client gets ${response.status} "${body.trim()}" [${cacheStatus(response)}] Age ${response.headers.get("age")}`,
  ].join("; ");
}

test(
  "ten thousand stories: nothing is served that RFC 9111 forbids, and all that a good cache would serve is",
  { timeout: 180_000 },
  async () => {
    let told = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 5 }), (steps) => tell(steps, `/story/${told++}`)),
      { numRuns: 10_000 },
    );
    expect(told).toBeGreaterThanOrEqual(10_000);
  },
);

/** Where the library differs from RFC 9111, and the model is right. */
const libraryErrs = (ask: Asked, { status, headers }: Answered): boolean =>
  // It stores no status that it doesn't know, whatever the origin says of it (§3).
  [403, 299, 500, 503].includes(status) ||
  // It never reuses an answer with must-revalidate or proxy-revalidate, though a fresh one may be (§5.2.2.2, §5.2.2.8).
  /must-revalidate|proxy-revalidate/.test(headers["cache-control"] ?? "") ||
  // It knows neither CDN-Cache-Control nor must-understand.
  headers["cdn-cache-control"] !== undefined ||
  /must-understand/.test(headers["cache-control"] ?? "") ||
  // It heeds Pragma beside Cache-Control (§5.4), and max-age alone where max-stale widens it (§5.2.1.2).
  (ask.headers["pragma"] !== undefined && ask.headers["cache-control"] !== undefined) ||
  /max-age=.*max-stale/.test(ask.headers["cache-control"] ?? "") ||
  // It takes max-stale and stale-while-revalidate also beside s-maxage (§5.2.2.10).
  /s-maxage/.test(headers["cache-control"] ?? "") ||
  // It never reuses an answer with Set-Cookie unless it is public: careful, but no rule of RFC 9111's.
  headers["set-cookie"] !== undefined;

test("the model says what http-cache-semantics says, where that is right", { timeout: 60_000 }, () => {
  const at = dawn / 1000;
  const answer = fc.record({ first: request, second: request, willing, later: only(0, 1, 4, 5, 6, 59, 61, 100) });
  let compared = 0;
  fc.assert(
    fc.property(answer, ({ first, second, willing, later }) => {
      // It counts a Date in the past for nothing (§4.2.3), so here every answer is of now.
      const dates = Object.entries({ ...willing.dates, date: 0 }).filter(([, offset]) => offset !== undefined);
      const headers = {
        ...willing.fields,
        ...Object.fromEntries(dates.map(([name, offset]) => [name, new Date(dawn + offset * 1000).toUTCString()])),
      };
      const asked = { ...first, method: "GET" };
      const answered = { status: willing.status, headers };
      fc.pre(!libraryErrs(second, answered));
      compared++;
      let clock = dawn;
      class Policy extends CachePolicy {
        override now(): number {
          return clock;
        }
      }
      const policy = new Policy(asked, answered, { shared: true });
      const held = { mark: "", asked, answered, at };
      const stored = mayStore(asked, answered);
      clock += later * 1000;
      const reused = { ...second, method: "GET" };
      const model = stored && mayServe(held, reused, at + later);
      expect([policy.storable() && policy.evaluateRequest(reused).response !== undefined, answered, reused]).toEqual([
        model,
        answered,
        reused,
      ]);
    }),
    { numRuns: 10_000 },
  );
  expect(compared).toBeGreaterThanOrEqual(10_000);
});
