/** The load: wrk when it is installed, else autocannon. */
import { spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { BenchError } from "./bench-error.ts";
import { start } from "./children.ts";

/** What a client asks for, again and again. */
export interface Load {
  readonly url: string;
  /** Of the request, beside what a browser sends always. */
  readonly fields?: Fields | undefined;
  /** Set when every request is to be for a URL of its own: its query holds this, and no other run's does. */
  readonly unique?: string | undefined;
  readonly connections: number;
  /** Whole seconds. */
  readonly seconds: number;
}

/** What came of it. */
export interface Yield {
  /** Answered ones. */
  readonly requests: number;
  readonly perSecond: number;
  /** Answers that weren't 2xx or 3xx, and connections that failed. */
  readonly failures: number;
}

export interface Driver {
  readonly name: string;
  readonly command: string;
  readonly arguments: (load: Load) => readonly string[];
  /** Reads what it prints. Throws when it isn't what it prints. */
  readonly parse: (output: string) => Yield;
}

export type Fields = Readonly<Record<string, string>>;

/**
 * What a browser sends, and the same to everybody. Without Accept-Encoding: some would compress and some would not, and
 * then the figures would compare different work.
 */
export const requestFields: Fields = {
  "user-agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
  accept: "text/css,*/*;q=0.1",
  "accept-language": "en-US,en;q=0.9,de;q=0.7",
  referer: "http://www.example.com/",
  "sec-fetch-dest": "style",
  "sec-fetch-mode": "no-cors",
  "sec-fetch-site": "same-origin",
};

const asLines = (fields: Fields = {}): string[] =>
  Object.entries({ ...requestFields, ...fields }).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);

export const wrk: Driver = {
  name: "wrk",
  command: "wrk",
  arguments: ({ url, fields, unique, connections, seconds }) => [
    "-t1",
    `-c${connections}`,
    `-d${seconds}s`,
    ...asLines(fields),
    ...(unique === undefined ? [url] : ["-s", join(import.meta.dirname, "unique.lua"), url, "--", unique]),
  ],
  parse: (output) => {
    const requests = /(\d+) requests in/.exec(output)?.[1];
    const perSecond = /Requests\/sec:\s+([\d.]+)/.exec(output)?.[1];
    if (requests === undefined || perSecond === undefined) throw new BenchError(`wrk printed no figures:\n${output}`);
    const unwanted = /Non-2xx or 3xx responses: (\d+)/.exec(output)?.[1] ?? "0";
    const errors = /Socket errors: (.*)/.exec(output)?.[1]?.match(/\d+/g) ?? [];
    const failures = [unwanted, ...errors].map(Number).reduce((sum, count) => sum + count, 0);
    return { requests: Number(requests), perSecond: Number(perSecond), failures };
  },
};

type AutocannonOutput = Readonly<Record<"1xx" | "4xx" | "5xx" | "errors", number>> & {
  readonly requests: { readonly total: number; readonly average: number };
};

export const autocannon: Driver = {
  name: "autocannon",
  command: process.execPath,
  arguments: ({ url, fields, unique, connections, seconds }) => [
    fileURLToPath(import.meta.resolve("autocannon")),
    "--json",
    ...["-c", String(connections)],
    ...["-d", String(seconds)],
    ...asLines(fields),
    ...(unique === undefined ? [url] : ["--idReplacement", `${url}?[<id>]-${unique}`]),
  ],
  parse: (output) => {
    const { requests, errors, ...statuses } = JSON.parse(output) as AutocannonOutput;
    const failures = statuses["1xx"] + statuses["4xx"] + statuses["5xx"] + errors;
    return { requests: requests.total, perSecond: requests.average, failures };
  },
};

/** The better of the two that this machine has. */
export function findDriver(): Driver {
  // It knows no --version, and answers -v with its usage and exit code 1: being there is what counts.
  return spawnSync("wrk", ["-v"], { stdio: "ignore" }).error ? autocannon : wrk;
}

/** Applies the load. Rejects when the driver fails or any request did. */
export async function drive(driver: Driver, load: Load): Promise<Yield> {
  const child = start(driver.command, driver.arguments(load), { stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(child, "close");
  const [output, complaints] = await Promise.all([textOf(child.stdout), textOf(child.stderr), ended]);
  if (child.exitCode !== 0) throw new BenchError(`${driver.name} ended with code ${child.exitCode}: ${complaints}`);
  const result = driver.parse(output);
  if (result.failures > 0)
    throw new BenchError(`${result.failures} of ${result.requests} requests to ${load.url} failed`);
  return result;
}

async function textOf(stream: ChildProcess["stdout"]): Promise<string> {
  let text = "";
  for await (const chunk of (stream as Readable).setEncoding("utf8")) text += chunk;
  return text;
}
