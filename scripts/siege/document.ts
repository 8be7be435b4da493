/** docs/SIEGE.md: what `npm run siege` does, and what its last run came to. */
import { writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { readMachine, renderMachine } from "../bench/machine.ts";
import { root } from "../project.ts";
import type { Scale } from "./run.ts";

const says = `# Siege

    npm run siege                                          # a minute and a half
    npm run siege -- --people 100 --attackers 900          # where this machine can't do more
    npm run siege -- --write                               # and write this page

One edge, a workerd with all of the scrub room on, and one origin. First people come alone, then among nine times as many visits of attackers, then alone again. For six seconds before that, which don't count, people
and a tenth of the attackers come, so that caches fill and code is compiled.
Crowds, edge and origin are processes of their own, on loopback. Neither crowd waits for answers before it sends more, and a visit's time begins when it was due:
what had to wait counts (no coordinated omission). A client gives up after 10 s. The seed decides who asks for what.

The config has a list of 10,000 banned prefixes, lists of countries, AS numbers and bots, rules against methods, probes and impostors, two limits, a password, signed
URLs, tokens, hotlink protection, a challenge, and 80 further rules that apply to nobody. Two things are there for the sake of the run: \`trail = true\`, by which clients see why they were
refused, and \`localVisitors = true\`, by which they tell where they are. The limits count in the isolate.

**People** come from their own addresses, and send what a browser does. Half of their visits are for pages that are stored; others are for stored images, pages that are
not stored, logins, signed films, calls with a token, what is for members with a password, and what is behind a challenge that they passed before.

**Attackers** look like people but for what the table names. A visit counts as refused when the edge refused it for the reason that was meant. Login attempts are
_within a limit_ as often as the limit lets each of five addresses in: 10 a minute. The origin counts what it sees, by kind.

**Targets**: no visit of people is refused or fails; no visit of attackers is let through, and the origin sees none of them but those within the limit; the p99 of people in the siege is
at most twice that before. The command ends with 1 when one is missed. _Unanswered_ are attackers who gave up: where they wait for the machine, that is no fault.

All runs on one machine, and needs most of two processors there. Where others are busy, the p99 is theirs: the report tells by how much visits were sent late, for what part of the
time the edge _ran_, and for what part it _waited_ for a processor that others had. A visit that comes meanwhile waits, too, and so do those behind it. What a refused visit took is the CPU that the
edge used in the siege, less what people's visits used before it, and covers all that goes with a visit, from the socket on.

`;

/** @param report what the run came to. */
export function writeDocument(report: string, { seed, seconds, people, attackers }: Scale): void {
  const machine = renderMachine({ ...readMachine(), programs: [] });
  const load = `load average ${loadavg()[0]!.toFixed(0)}`;
  const run = `## The last run\n\nSeed ${seed}, ${seconds} s a phase, ${people} and ${attackers} visits/s. ${machine}, ${load}.\n\n`;
  writeFileSync(join(root, "docs/SIEGE.md"), `${says}${run}${report}\n`);
}
