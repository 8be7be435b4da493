import { Agent, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliCompressSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findAssets, type Asset } from "../../scripts/bench/assets.ts";
import { askCoded } from "../../scripts/bench/coded.ts";
import { render } from "../../scripts/bench/compressing.ts";
import { judge } from "../../scripts/bench/figures.ts";

test("there are twenty pages and bundles, each at a path of its own", () => {
  const missing: string[] = [];
  const assets = findAssets((says) => missing.push(says));
  expect(missing).toEqual([]);
  expect(new Set(assets.map(({ path }) => path)).size).toBe(20);
  expect(assets.filter(({ body, type }) => body.byteLength < 1024 || !type)).toEqual([]);
});

const asset: Asset = { path: "/a.css", name: "a.css", type: "text/css", body: Buffer.from("a {}\n".repeat(100)) };
const agent = new Agent({ keepAlive: true });
const server = createServer((request, response) => {
  response.setHeader("content-encoding", "br");
  response.end(brotliCompressSync(request.url === asset.path ? asset.body : "b {}"));
});
let url = "";
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  agent.destroy();
  server.close();
});

test("an answer counts by its coded bytes", async () => {
  const { byteLength: bytes } = brotliCompressSync(asset.body);
  expect(await askCoded(url, asset, agent)).toEqual({ bytes, coding: "br" });
});

test("an answer that decodes to something else is no figure", async () => {
  await expect(askCoded(url, { ...asset, path: "/b.css" }, agent)).rejects.toThrow("something else");
});

test("the table tells parts of the first one's, and judges where there is a target", () => {
  const base = { name: "nginx", bytes: 10_240, ofBytes: 1, cpu: 1_000, ofCpu: 1 };
  const verdicts = { bytes: judge(0.8, 0.85), cpu: judge(0.2, 0.1) };
  const other = { name: "Perigee", bytes: 9_216, ofBytes: 0.8, cpu: 200, ofCpu: 0.2, verdicts };
  const [title, , first, second] = render([base, other], [asset]).split("\n");
  expect(title).toContain("1 pages and bundles, 0.5 KB on average; parts are of nginx");
  expect(first).toMatch(/^nginx +10\.0 +100\.0 % +100\.0 % +1000 +100\.0 %$/);
  expect(second).toMatch(/^Perigee +9\.0 +90\.0 % +80\.0 % +≤ 85\.0 %: met +200 +20\.0 % +≤ 10\.0 %: NOT met$/);
});
