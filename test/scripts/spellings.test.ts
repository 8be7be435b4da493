/** Every spelling of a path in the table, over the edge's own socket: what its client, its log, its cache and its origin see. */
import { createServer, type Server } from "node:http";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { spellings, type Spelling } from "../http/spellings.ts";
import { waitFor } from "./cli.ts";
import { startBefore } from "./started-edge.ts";

/** Targets that reached the origin, in order. */
const reached: string[] = [];
const origin: Server = createServer(({ url = "" }, response) => {
  reached.push(url);
  response.writeHead(200, { "cache-control": "max-age=600" }).end("page");
});

/** How the paths begin that a rule keeps closed; some hold what servers read differently. */
const guarded = ["/admin", "/@acme%2Fsecret", "/files/a;b", "/rest/a;v=2", "/dl/a+b%2Fc"];

const edge = startBefore(
  origin,
  `
    SITES = [{ name = "open", hosts = ["*.open.example"] }, { name = "guarded", hosts = ["*.guarded.example"] }]
    [[vars.RULES]]
    sites = ["guarded"]
    when = """${guarded.map((path) => `request.path.startsWith("${path}")`).join(" || ")}"""
    block = 403
    `,
  "--log",
);

interface Got {
  readonly status: number;
  readonly body: string;
  readonly cache: string;
  /** Targets that reached the origin meanwhile. */
  readonly asked: readonly string[];
}

/** Sends that target as it is; the connection is closed after the answer. */
async function send(host: string, target: string): Promise<Got> {
  const before = reached.length;
  const { hostname, port } = new URL(edge().url);
  const text = await new Promise<string>((resolve, reject) => {
    let received = "";
    const socket = connect(Number(port), hostname);
    socket.setEncoding("latin1").on("data", (more) => (received += more));
    socket.on("close", () => resolve(received)).on("error", reject);
    socket.write(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`, "latin1");
  });
  const [head = "", body = ""] = text.split("\r\n\r\n");
  const cache = /^cache-status: (.*)$/im.exec(head)?.[1] ?? "";
  return { status: Number(head.split(" ")[1]), body, cache, asked: reached.slice(before) };
}

/** The log's lines of that host, when there are as many. */
async function linesOf(host: string, many: number): Promise<readonly Record<string, unknown>[]> {
  const lines = (): string[] =>
    edge()
      .output()
      .split("\n")
      .filter((line) => line.includes(`"host":"${host}"`));
  await waitFor(() => lines().length >= many, edge().output);
  return lines().map((line) => JSON.parse(line.slice(line.indexOf("{"))) as Record<string, unknown>);
}

/** What the client of a refused one reads, and which reason the log has. */
const refusals: Readonly<Record<string, RegExp>> = {
  "bad-path": /The path is not one this server accepts\./,
  "client-error": /The request can't be understood\./,
};

const all = Object.entries(spellings).flatMap(([kind, rows]) => rows.map((row) => [kind, row] as const));
const withFlaw = all.filter(([, [, outcome]]) => /^!(?!platform|client-error)/.test(outcome));
const unmade = all.filter(([, [, outcome]]) => /^!(?:platform|client-error)/.test(outcome));
const passed = all.filter(([, [, outcome]]) => !outcome.startsWith("!"));
const hostOf = (index: number): string => `n${index}.open.example`;

test("the table has all outcomes", () => {
  expect([withFlaw.length > 50, unmade.length > 10, passed.length > 150]).toEqual([true, true, true]);
});

test.for(withFlaw.map(([kind, row], index) => [kind, row, index] as const))(
  "%s: %j is refused, and the origin hears nothing of it",
  async ([, [written, outcome], index]) => {
    const got = await send(`flawed-${hostOf(index)}`, written);
    expect(got).toMatchObject({ status: 400, asked: [], cache: "perigee; detail=bad-path" });
    expect(got.body).toMatch(refusals["bad-path"]!);
    expect(got.body.length).toBeLessThan(200);
    const [line] = await linesOf(`flawed-${hostOf(index)}`, 1);
    expect(line).toMatchObject({ status: 400, because: "bad-path" });
    expect(line!["trail"]).toContain(`scrub=bad-path:${outcome.slice(1)}`);
  },
);

test.for(unmade)("%s: %j makes no visit", async ([, [written, outcome]]) => {
  const got = await send("unmade.open.example", written);
  expect(got).toMatchObject({ status: 400, asked: [] });
  if (outcome !== "!platform") expect(got.body).toMatch(refusals[outcome.slice(1)]!);
});

test.for(passed.map(([kind, row], index) => [kind, row, index] as const))(
  "%s: %j is passed; log, cache and origin agree on its normal form, and a rule sees through it",
  async ([, row, index]) => {
    const [written, target] = row;
    const host = `passed-${hostOf(index)}`;
    const first = await send(host, written);
    expect(first).toMatchObject({ status: 200, body: expect.stringContaining("page") as string, asked: [target] });
    const again = await send(host, written);
    const normal = await send(host, target);
    expect([again, normal]).toMatchObject([
      { cache: expect.stringContaining("; hit") as string, asked: [] },
      { cache: expect.stringContaining("; hit") as string, asked: [] },
    ]);
    const lines = await linesOf(host, 3);
    expect(lines.map(({ status, path }) => [status, path])).toEqual([0, 1, 2].map(() => [200, pathOf(target)]));

    const guarded = await send(`n${index}.guarded.example`, written);
    expect([guarded.status, guarded.asked.length === 0 || guarded.asked]).toEqual(
      isGuarded(row) ? [403, true] : [200, [target]],
    );
  },
);

function pathOf(target: string): string {
  return target.split("?", 1)[0]!;
}

/** Whether one of the readings that the table names begins as the guarded paths do. */
function isGuarded([, target, ...readings]: Spelling): boolean {
  return [pathOf(target), ...readings].some((path) => guarded.some((start) => path.startsWith(start)));
}
