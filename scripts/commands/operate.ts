/** What the commands have in common that speak to a running edge as its operator. */
import { InvalidArgumentError, type Command } from "commander";
import { CommandError, giveUp } from "../command-error.ts";

/** Milliseconds that the edge has to answer. */
const patience = 30_000;

/** Which edge, and where its token is. */
export interface Operated {
  readonly edge: URL;
  readonly tokenEnv: string;
}

export const aboutTokens = `
The token is the edge's secret ADMIN_TOKEN. It is taken from an environment variable, never from the command line:
  npx wrangler secret put ADMIN_TOKEN                     once, for the deployed edge
  export ADMIN_TOKEN=…                                    here
`;

/** With the options that say which edge. */
export function operating(command: Command): Command {
  return command
    .requiredOption("-e, --edge <url>", "where the edge answers", parseEdge)
    .option("--token-env <name>", "the environment variable that holds the token", "ADMIN_TOKEN");
}

function parseEdge(text: string): URL {
  const url = URL.parse(text);
  if (url?.protocol !== "https:" && url?.protocol !== "http:") {
    throw new InvalidArgumentError("It is no URL such as https://www.example.com.");
  }
  return url;
}

/** Why the edge did nothing, as far as is known. */
class OperateError extends CommandError {}

export interface Question {
  readonly page: string;
  /** Sent as JSON, by POST; else it is a GET. */
  readonly order?: object;
  /** Of an answer that isn't 200, where more is known than that: by status. */
  readonly explain?: Readonly<Record<number, (answer: unknown) => string>>;
}

/** What the edge answers, out of JSON. Ends the command with the reason when it doesn't. */
export async function askEdge({ edge, tokenEnv }: Operated, command: Command, question: Question): Promise<unknown> {
  const token = process.env[tokenEnv] ?? "";
  if (token === "") command.error(`error: The environment variable ${tokenEnv} holds no token.`);
  try {
    return await send(edge, token, question);
  } catch (error) {
    return giveUp(error, command);
  }
}

async function send(edge: URL, token: string, { page, order, explain }: Question): Promise<unknown> {
  const response = await fetch(new URL(`/.perigee/${page}`, edge), {
    method: order ? "POST" : "GET",
    headers: { authorization: `Bearer ${token}`, ...(order && { "content-type": "application/json" }) },
    body: order ? JSON.stringify(order) : null,
    // The token is for this edge, and for nobody it might lead to.
    redirect: "manual",
    signal: AbortSignal.timeout(patience),
  }).catch((error: Error) => {
    throw new OperateError(`${edge.origin} can't be reached: ${reasonOf(error)}.`);
  });
  const { status } = response;
  const text = await response.text();
  if (status === 200) return readJson(text, edge);
  const known = explain?.[status];
  throw new OperateError(known ? known(readJson(text, edge)) : explainUsual(status, text, { edge, page }));
}

function explainUsual(status: number, text: string, { edge, page }: { readonly edge: URL; readonly page: string }) {
  if (status === 401) return `${edge.origin} doesn't know this token.`;
  if (status === 404) return `${edge.origin} has no ${page}: it is no Perigee, or its secret ADMIN_TOKEN isn't set.`;
  return `${edge.origin} answered ${status}: ${text.trim().split("\n", 1)[0] ?? ""}`;
}

function readJson(text: string, edge: URL): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new OperateError(`${edge.origin} gave an answer that is no Perigee's.`);
  }
}

/** Node's fetch says why in the cause. */
function reasonOf({ message, cause }: Error): string {
  const said = cause instanceof Error ? cause.message || ("code" in cause ? String(cause.code) : "") : "";
  return said || message;
}
