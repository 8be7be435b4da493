/**
 * A crowd: `node crowd.ts <order as JSON>`, a process of its own, so that those who attack keep no visit of people waiting but
 * at the edge. Over its IPC channel it tells what became of its visits, and ends.
 */
import { keepPace } from "../load/pace.ts";
import { attackers } from "./attackers.ts";
import { openConnections } from "./connections.ts";
import { chooserOf } from "./kind.ts";
import { write, type Answer, type Asked } from "./message.ts";
import { createPasses } from "./passes.ts";
import { people } from "./people.ts";
import { kindField, pageField, type Order, type Outcome, type Result } from "./protocol.ts";

const { crowd, url, seed, start, ...pace } = JSON.parse(process.argv[2]!) as Order;

/** So many people at least, and two for each of their visits a second: no limit is for those who come so rarely. */
const fewest = 400;

process.on("disconnect", () => process.exit(0));
process.on("SIGINT", () => undefined); // Ctrl-C reaches the whole group; the channel says when to end

const choose = chooserOf({ people, attackers }[crowd], await createPasses(Math.max(fewest, 2 * pace.rate)), seed);
const connections = openConnections(url);
const now = (): number => performance.timeOrigin + performance.now() - start;
const results: Promise<Result>[] = [];

await keepPace(
  pace,
  (_, sent) => {
    const { kind, asked } = choose();
    const message = write({ ...asked, fields: { ...asked.fields, [kindField]: kind.name } });
    const outcome = connections.ask(message).then(
      (answer) => outcomeOf(asked, answer),
      ({ message: because }: Error): Outcome => ({ is: "failed", because }),
    );
    results.push(outcome.then((each) => ({ kind: kind.name, ...sent, ms: now() - sent.due, outcome: each })));
  },
  now,
);
const all = await Promise.all(results);
connections.close();
process.send!(all, () => process.exit(0));

function outcomeOf({ target }: Asked, { status, field }: Answer): Outcome {
  if (status === 200) {
    const page = field(pageField);
    return page === target.split("?")[0] ? { is: "served" } : { is: "failed", because: `the page of ${page}` };
  }
  const decided = /\bscrub=([^; ]+)/.exec(field("perigee-trail") ?? "")?.[1];
  const isRefused = status >= 400 && decided !== undefined && !decided.startsWith("clean");
  return isRefused ? { is: "refused", because: decided } : { is: "failed", because: `status ${status}` };
}
