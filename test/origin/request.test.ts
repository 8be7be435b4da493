import { describe, expect, test } from "vitest";
import type { HeaderEdits } from "../../src/config/model.ts";
import { refuseLoop, requestFields } from "../../src/origin/request.ts";
import type { Planned } from "../../src/visit.ts";
import { compressing, decisions, noEdits, person, sited } from "../harness/rooms.ts";

describe("the request that an origin gets", () => {
  test("has what the client sent, and what the edge says of it", () => {
    expect(
      sent({ headers: { accept: "text/html", "user-agent": "a browser", cookie: "a=1", te: "trailers" } }),
    ).toEqual({
      accept: "text/html",
      "accept-encoding": "identity",
      "cdn-loop": "perigee",
      cookie: "a=1",
      forwarded: "for=192.0.2.1;host=www.example.com;proto=https",
      "user-agent": "a browser",
      via: "1.1 perigee",
      "x-forwarded-for": "192.0.2.1",
      "x-forwarded-host": "www.example.com",
      "x-forwarded-port": "443",
      "x-forwarded-proto": "https",
    });
  });

  test("appends itself to the intermediaries before it", () => {
    const fields = sent({ headers: { via: "1.1 other", "cdn-loop": "other.example;v=1" } }, { http: "HTTP/2" });
    expect([fields["via"], fields["cdn-loop"]]).toEqual(["1.1 other, 2 perigee", "other.example;v=1, perigee"]);
  });

  test("can't be made to drop the marks against loops, or a credential", () => {
    const headers = {
      connection: "cdn-loop, via, authorization, x-forwarded-for",
      "cdn-loop": "other",
      authorization: "a",
    };
    const fields = sent({ headers });
    expect([fields["cdn-loop"], fields["via"], fields["authorization"], fields["x-forwarded-for"]]).toEqual([
      "other, perigee",
      "1.1 perigee",
      "a",
      "192.0.2.1",
    ]);
  });

  const codings: readonly [accepted: string | undefined, sent: string][] = [
    [undefined, "identity"],
    ["gzip, deflate, br, zstd", "br, gzip"],
    ["gzip", "gzip"],
    ["br;q=0, *", "gzip"],
    ["zstd", "identity"],
    ["GZIP;q=0.001", "gzip"],
    ["gzip;q=0", "identity"],
  ];

  test.each(codings)("for a client that accepts %s accepts %s", (accepted, asked) => {
    expect(sent({ headers: accepted === undefined ? {} : { "accept-encoding": accepted } })["accept-encoding"]).toBe(
      asked,
    );
  });

  test("is no other than the cache takes it for", () => {
    const headers = { "x-original-url": "/admin", x_rewrite_url: "/admin" };
    for (const method of ["GET", "POST"]) {
      expect(sent({ method, headers })).not.toHaveProperty("x-original-url");
      expect(sent({ method, headers })).not.toHaveProperty("x_rewrite_url");
    }
  });

  test("asks for a WebSocket, but for no other protocol", () => {
    const handshake = {
      connection: "Upgrade",
      upgrade: "WebSocket",
      "sec-websocket-key": "x",
      "sec-websocket-protocol": "chat",
    };
    const fields = sent({ headers: handshake });
    expect(fields).toMatchObject({ upgrade: "websocket", "sec-websocket-protocol": "chat" });
    expect(fields).not.toHaveProperty("sec-websocket-key");
    expect(sent({ headers: { upgrade: "h2c" } })).not.toHaveProperty("upgrade");
    expect(sent({ method: "POST", headers: handshake })).not.toHaveProperty("upgrade");
  });

  test("has the rules' edits, then the cache's", () => {
    const visit = planned({ headers: { "if-none-match": '"theirs"' } });
    const rule: HeaderEdits = { ...noEdits, set: [["x-a", ({ client }) => client.ip]], remove: ["user-agent"] };
    const ours: HeaderEdits = { ...noEdits, set: [["if-none-match", () => '"ours"']] };
    const fields = requestFields({ ...visit, requestEdits: [rule] }, ours, "perigee");
    expect([fields.get("x-a"), fields.get("if-none-match")]).toEqual(["192.0.2.1", '"ours"']);
  });

  test("has no field that an edit got wrong, and the trail says so", () => {
    const visit = planned({});
    const rule: HeaderEdits = { ...noEdits, set: [["x-a", () => "1\r\nx-b: 2"]], remove: ["cdn-loop"] };
    const fields = requestFields({ ...visit, requestEdits: [rule] }, noEdits, "perigee");
    expect([fields.has("x-a"), fields.get("cdn-loop")]).toEqual([false, "perigee"]);
    expect(decisions(visit)).toEqual(["origin skipped:cdn-loop", "origin skipped:x-a"]);
  });

  test("leaves the visit's own fields as they came", () => {
    const visit = planned({ headers: { "x-real-ip": "10.0.0.1" } });
    requestFields(visit, noEdits, "perigee");
    expect(visit.fields.get("x-real-ip")).toBe("10.0.0.1");
    expect(visit.fields.has("via")).toBe(false);
  });
});

test("a request that was here before is refused", () => {
  expect(() => refuseLoop(planned({ headers: { "cdn-loop": "a, perigee;x" } }), "perigee")).toThrow(
    expect.objectContaining({ because: "loop" }),
  );
  expect(() => refuseLoop(planned({ headers: { "cdn-loop": "other" } }), "perigee")).not.toThrow();
});

function planned(init: RequestInit, client: Partial<Planned["client"]> = {}): Planned {
  const visit = sited("/", init);
  return {
    ...visit,
    client: { ip: "192.0.2.1", ...client },
    ...person,
    rules: [],
    dues: [],
    target: "/",
    pool: visit.site.origins,
    balance: visit.site.balance,
    caching: visit.site.caching,
    experiments: [],
    requestEdits: [],
    shapes: [],
    finishing: { edits: [], compress: compressing },
    plan: { kind: "lookup", key: "/" },
  };
}

function sent(init: RequestInit, client: Partial<Planned["client"]> = {}): Record<string, string> {
  return Object.fromEntries(requestFields(planned(init, client), noEdits, "perigee"));
}
