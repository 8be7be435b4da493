/** Connections to the edge that are used again, as lean as can be: those who ask share the processors with the one who answers. */
import { connect, type Socket } from "node:net";
import { readAnswer, type Answer } from "./message.ts";

/** Milliseconds after which an idle connection is closed: before the edge does, just when it is used again (5 s). */
const idle = 2_000;

/** Milliseconds after which a client gives up. */
const longest = 10_000;

/** As many are open at most; who comes then waits for one. */
const most = 500;

interface Line {
  readonly socket: Socket;
  /** What has come of the answer. */
  text: string;
  /** When it was last used: milliseconds. */
  at: number;
  asking: Waiting | undefined;
}

interface Waiting {
  readonly message: string;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

export interface Connections {
  /** Sends it on a connection of its own for that time. Rejects when no whole answer comes. */
  readonly ask: (message: string) => Promise<Answer>;
  readonly close: () => void;
}

export function openConnections(url: string): Connections {
  const { hostname, port } = new URL(url);
  const all = new Set<Line>();
  const free: Line[] = [];
  const queue: Waiting[] = [];

  const send = (line: Line, waiting: Waiting): void => {
    line.asking = waiting;
    line.text = "";
    line.at = performance.now();
    line.socket.write(waiting.message, "latin1");
  };
  const release = (line: Line): void => {
    const next = queue.shift();
    if (next) send(line, next);
    else free.push(line);
  };
  const hear = (line: Line, chunk: Buffer): void => {
    line.text += chunk.toString("latin1");
    const answer = readAnswer(line.text);
    if (!answer || !line.asking) return;
    line.asking.resolve(answer);
    line.asking = undefined;
    if (answer.isLasting) release(line);
    else line.socket.destroy();
  };
  const end = (line: Line, error: Error): void => {
    if (!all.delete(line)) return;
    line.asking?.reject(error);
    const next = queue.shift();
    if (next) send(open(), next);
  };
  const open = (): Line => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    const line: Line = { socket, text: "", at: 0, asking: undefined };
    all.add(line);
    socket.on("data", (chunk) => hear(line, chunk));
    socket.on("error", (error) => end(line, error));
    socket.on("close", () => end(line, new Error("the connection was closed")));
    return line;
  };
  const take = (): Line | undefined => {
    for (let line = free.pop(); line; line = free.pop()) if (all.has(line)) return line;
    return all.size < most ? open() : undefined;
  };
  const sweep = setInterval(() => {
    const now = performance.now();
    for (const line of all) {
      if (now - line.at > (line.asking ? longest : idle)) line.socket.destroy(new Error("no answer came in time"));
    }
  }, 500);

  return {
    ask: (message) =>
      new Promise((resolve, reject) => {
        const [waiting, line] = [{ message, resolve, reject }, take()];
        if (line) send(line, waiting);
        else queue.push(waiting);
      }),
    close: () => {
      clearInterval(sweep);
      for (const { socket } of all) socket.destroy();
    },
  };
}
