import { expect, test } from "vitest";
import { createWorld } from "../harness/world.ts";

/** Nothing in the answer may say any of this. */
const secrets = /frankfurt|127\.0\.0\.1|nginx|php|varnish|fra-web/i;

test("the origin's name, address and software stay behind the edge", async () => {
  const world = createWorld();
  await world.origin("frankfurt").answers("/page", {
    headers: {
      server: "nginx/1.27.1 (fra-web-03)",
      "x-powered-by": "PHP/8.4",
      via: "1.1 fra-varnish (Varnish/7.6)",
      "x-varnish": "32770 3",
      "x-served-by": "fra-web-03",
      "alt-svc": 'h3="fra-web-03.example:443"',
      "content-type": "text/plain",
    },
    body: "hello",
  });

  const response = await world.visit("/page");
  expect(await response.text()).toBe("hello");
  expect(JSON.stringify([...response.headers])).not.toMatch(secrets);
});

test("an origin that fails says nothing of itself either", async () => {
  const world = createWorld();
  await world.origin("frankfurt").answers("/page", {
    status: 404,
    headers: { server: "nginx", "x-powered-by": "PHP/8.4" },
    body: "not here",
  });
  const response = await world.visit("/page");
  expect(response.status).toBe(404);
  expect(JSON.stringify([...response.headers])).not.toMatch(secrets);
});

test("what the origin says of its content is passed on as it is", async () => {
  const world = createWorld();
  const headers = {
    "content-type": "image/svg+xml",
    "cache-control": "max-age=60",
    "content-language": "en",
    etag: '"v1"',
    "x-robots-tag": "noindex",
    "x-request-id": "12345",
  };
  await world
    .origin("frankfurt")
    .answers("/a.bin", { headers: { ...headers, "content-type": "image/png" }, body: "x" });
  const response = await world.visit("/a.bin");
  expect(Object.fromEntries(response.headers)).toMatchObject({ ...headers, "content-type": "image/png" });
});

test("a part of a page can't be mapped, so the whole is asked for, and the part cut from that", async () => {
  const world = createWorld();
  const origin = world.origin("frankfurt");
  const html = `<p>${"text ".repeat(20)}</p><a href="${origin.url}/next">next</a>`;
  const type = { "content-type": "text/html", "cache-control": "max-age=60" };
  const part = { status: 206, headers: { ...type, "content-range": "bytes 100-199/200" }, body: html.slice(100) };
  await origin.answers("/page", part, { headers: type, body: html });

  const response = await world.visit("/page", { headers: { range: "bytes=100-" } });
  const text = await response.text();
  expect(text).toContain('href="https://www.example.com/next"');
  expect(text).not.toContain("127.0.0.1");
  expect((await origin.seen()).map(({ headers }) => headers["range"])).toEqual(["bytes=0-1048575", undefined]);
});

test("a field of whatever form that names the origin names the visited host instead", async () => {
  const world = createWorld();
  const origin = world.origin("frankfurt");
  const { host } = new URL(origin.url);
  const headers = {
    "report-to": `{"group":"a","endpoints":[{"url":"${origin.url}/reports"}]}`,
    "reporting-endpoints": `default="${origin.url}/reports"`,
    "www-authenticate": `Bearer realm="${origin.url}/login", error="x"`,
    "x-backend-url": host,
    "x-other": `not${host}`,
  };
  await origin.answers("/a", { headers });
  const response = await world.visit("/a");
  expect(response.headers.get("report-to")).toBe(
    '{"group":"a","endpoints":[{"url":"https://www.example.com/reports"}]}',
  );
  expect(response.headers.get("reporting-endpoints")).toBe('default="https://www.example.com/reports"');
  expect(response.headers.get("www-authenticate")).toBe('Bearer realm="https://www.example.com/login", error="x"');
  expect(response.headers.get("x-backend-url")).toBe("www.example.com");
  expect(response.headers.get("x-other")).toBe(`not${host}`);
});
