import { createServer } from "node:http";
import type { TestProject } from "vitest/node";
export default async function (project: TestProject) {
  const server = createServer((req, res) => { res.setHeader("x-seen", JSON.stringify(req.headers)); res.end("origin " + req.url); });
  await new Promise<void>((r) => server.listen(0, "127.0.0.1", r));
  project.provide("port" as never, (server.address() as { port: number }).port as never);
  return () => server.close();
}
