import { describe, expect, test } from "vitest";
import { refuse, type Answer } from "../../src/answer.ts";
import { EdgeError } from "../../src/error.ts";
import { Fields } from "../../src/http/fields.ts";
import { explain, observe } from "../../src/observe/observe.ts";
import { reasons, type Reason } from "../../src/reasons.ts";
import { createStage, type Stage } from "./stage.ts";

const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

function page(fields: Record<string, string> = {}, more: Partial<Answer> = {}): Answer {
  return { status: 200, fields: Fields.of(fields), body: "hello", cache: { hit: true, ttl: 9 }, ...more };
}

function send(answer: Answer, { edge, arrive }: Stage = createStage(), init: RequestInit = {}): Response {
  return observe(arrive(init), answer, edge);
}

describe("on the wire", () => {
  test("a forwarded answer says who forwarded it, how, and when", () => {
    const { headers } = send(page());
    expect(headers.get("via")).toBe("1.1 perigee");
    expect(headers.get("cache-status")).toBe("perigee; hit; ttl=9");
    expect(headers.get("date")).toBe("Sun, 01 Mar 2026 12:00:00 GMT");
    expect(headers.get("proxy-status")).toBeNull();
    expect(headers.get("server-timing")).toBeNull();
    expect(headers.get("perigee-trail")).toBeNull();
  });

  test("what the answer already says comes first", () => {
    const { headers } = send(
      page({ date: "Sun, 01 Mar 2026 11:00:00 GMT", "cache-status": "inner; hit", via: "1.1 inner" }),
    );
    expect(headers.get("date")).toBe("Sun, 01 Mar 2026 11:00:00 GMT");
    expect(headers.get("cache-status")).toBe("inner; hit, perigee; hit; ttl=9");
    expect(headers.get("via")).toBe("1.1 inner, 1.1 perigee");
  });

  test("it takes the name from the settings", () => {
    const { headers } = send(page(), createStage({ name: "edge-7" }));
    expect(headers.get("via")).toBe("1.1 edge-7");
    expect(headers.get("cache-status")).toMatch(/^edge-7;/);
  });

  test("Server-Timing holds what was waited for, by room, and no decision", () => {
    const stage = createStage();
    const visit = stage.arrive();
    visit.trail.note("cache", "miss", 2.4);
    visit.trail.note("scrub", "pass");
    visit.trail.note("origin", "frankfurt:timeout", 3000);
    visit.trail.note("origin", "virginia:200", 41);
    const { headers } = observe(visit, page(), stage.edge);
    expect(headers.get("server-timing")).toBe("cache;dur=2, origin;dur=3000, origin;dur=41");
  });

  test("the trail is shown when the settings say so, a token a room in the order of the journey", () => {
    const stage = createStage({ trail: true });
    const visit = stage.arrive();
    visit.trail.note("site", "www");
    visit.trail.note("origin", "frankfurt:timeout", 30);
    visit.trail.note("origin", "virginia:200", 41);
    visit.trail.note("cache", "miss");
    visit.trail.note("scrub", "rule offices; only\r\nset-cookie: a=ü");
    const { headers } = observe(visit, page(), stage.edge);
    expect(headers.get("perigee-trail")).toBe(
      "site=www; scrub=rule_offices;_only__set-cookie:_a=_; cache=miss; origin=frankfurt:timeout+virginia:200",
    );
  });

  test("every reason is a valid Cache-Status detail, and every error a Proxy-Status", () => {
    for (const because of Object.keys(reasons) as Reason[]) {
      const { headers, status } = send(refuse(because));
      expect(headers.get("cache-status")).toBe(`perigee; detail=${because}`);
      expect(headers.get("via")).toBeNull();
      if (status >= 500) expect(headers.get("proxy-status")).toMatch(/^perigee; error=[a-z_]+$/);
    }
  });

  test("an answer HTTP doesn't allow becomes an error, and its stream is let go of", async () => {
    const stage = createStage();
    let cancelled = false;
    const body = new ReadableStream<Uint8Array>({ cancel: () => void (cancelled = true) });
    const response = send(page({ "x-name": "a\nb" }, { body }), stage);
    await Promise.all(stage.deferred);
    expect(response.status).toBe(500);
    expect(response.headers.get("cache-status")).toBe("perigee; detail=edge-error");
    expect(cancelled).toBe(true);
    expect(JSON.parse(stage.lines[0]!)).toMatchObject({ status: 500, because: "edge-error" });
    expect(stage.lines).toHaveLength(1);
  });
});

describe("bodies", () => {
  test.each([204, 205, 304])("%d has none", async (status) => {
    const response = send(page({}, { status }));
    expect(response.status).toBe(status);
    expect(response.body).toBeNull();
  });

  test("HEAD has none, and for what the edge wrote the length GET would have", async () => {
    const stage = createStage();
    const headers = { accept: browser };
    const got = send(refuse("bad-path"), stage, { headers });
    const head = send(refuse("bad-path"), stage, { method: "HEAD", headers });
    expect(head.body).toBeNull();
    expect(head.headers.get("content-type")).toBe("text/html;charset=utf-8");
    const length = (await got.arrayBuffer()).byteLength;
    // Both ids have the same length, so the pages have too.
    expect(head.headers.get("content-length")).toBe(String(length));
  });

  test("a WebSocket passes untouched, and is logged", () => {
    const stage = createStage();
    const { 0: client } = new WebSocketPair();
    const response = send({ status: 101, fields: new Fields(), body: null, webSocket: client }, stage);
    expect(response.status).toBe(101);
    expect(response.webSocket).not.toBeNull();
    expect([...response.headers]).toEqual([]);
    expect(JSON.parse(stage.lines[0]!)).toMatchObject({ status: 101 });
  });
});

describe("error pages", () => {
  test("people get a page, with the id that leads to the log line", async () => {
    const stage = createStage();
    const response = send(refuse("no-origin-answered"), stage, { headers: { accept: browser } });
    const html = await response.text();
    expect(response.status).toBe(502);
    expect(response.headers.get("content-type")).toBe("text/html;charset=utf-8");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(html).toContain("<h1>The service did not answer.</h1>");
    const { id } = JSON.parse(stage.lines[0]!) as { id: string };
    expect(id).not.toBe("");
    expect(html).toContain(id);
  });

  test.each(["*/*", "text/plain, text/html;q=0.9", "application/json", undefined])(
    "programs that accept %s get a line of text",
    async (accept) => {
      const response = send(refuse("rate-limited"), createStage(), { headers: accept ? { accept } : {} });
      expect(response.headers.get("content-type")).toBe("text/plain;charset=utf-8");
      expect(await response.text()).toMatch(/^Too many requests\. Please try again later\.\nVisit [\da-f]{16}\n$/);
    },
  );

  test("words that a rule wrote stay as they are", async () => {
    const written = { ...refuse("blocked-by-rule"), body: "members only" };
    const response = send(written, createStage(), { headers: { accept: browser } });
    expect(await response.text()).toBe("members only");
  });

  test("an id that a client made up can't become markup", async () => {
    const response = send(refuse("bad-path"), createStage(), {
      headers: { accept: browser, "cf-ray": "<script>alert(1)</script>" },
    });
    expect(await response.text()).toContain("<code>&lt;script&gt;alert(1)&lt;/script&gt;</code>");
  });
});

describe("what went wrong", () => {
  const detail = "frankfurt at 10.1.2.3: connection refused";

  test("is told to the log and not to the client, not even with the trail", async () => {
    const stage = createStage({ trail: true });
    const visit = stage.arrive({ headers: { accept: browser } });
    const error = new EdgeError("origin", "origin-timeout", detail, { cause: new TypeError("socket 10.1.2.3") });
    const response = observe(visit, explain(visit, error, stage.edge), stage.edge);
    const seen = (await response.text()) + JSON.stringify([...response.headers]);
    expect(response.status).toBe(504);
    expect(response.headers.get("proxy-status")).toBe("perigee; error=http_response_timeout");
    expect(seen).not.toMatch(/10\.1\.2\.3|frankfurt|refused|TypeError/);
    const line = JSON.parse(stage.lines[0]!);
    expect(line).toMatchObject({
      because: "origin-timeout",
      error: `EdgeError: ${detail} < TypeError: socket 10.1.2.3`,
    });
    expect(line).not.toHaveProperty("stack");
  });

  test("has its stack in the log when it is a bug", () => {
    const stage = createStage();
    const visit = stage.arrive();
    observe(visit, explain(visit, new TypeError("undefined is not a function"), stage.edge), stage.edge);
    const line = JSON.parse(stage.lines[0]!);
    expect(line).toMatchObject({ status: 500, because: "edge-error", error: "TypeError: undefined is not a function" });
    expect(line.stack).toContain("observe.test");
  });

  const round = new Error("round");
  round.cause = round;

  test.each([
    ["undefined", undefined],
    ["a string", "oops"],
    ["null", null],
    ["an error that is its own cause", round],
    [
      "an error that can't be read",
      {
        toString: () => {
          throw new Error("no");
        },
      },
    ],
  ])("may be %s", (_what, thrown) => {
    const stage = createStage();
    const visit = stage.arrive();
    const response = observe(visit, explain(visit, thrown, stage.edge), stage.edge);
    expect(response.status).toBe(500);
    expect(JSON.parse(stage.lines[0]!)).toMatchObject({ id: visit.id, status: 500, because: "edge-error" });
  });
});
