/** docs/CHAOS.md: what `npm run chaos` does, and what its last run came to. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readMachine, renderMachine } from "../bench/machine.ts";
import { root } from "../project.ts";
import type { Load } from "./load.ts";

const says = `# Chaos

    npm run chaos                        # two minutes, most of a processor
    npm run chaos -- --seed 2            # another order of things
    npm run chaos -- --write             # and write this page

Three origins, in Frankfurt, Virginia and Singapore, and three edge locations beside them, each a workerd with a cache of its own. Clients come to the
locations at a steady rate. The way to a far origin takes as long as it would (15 ms there and back for each 1,000 km). First nothing happens; then each
origin is killed (SIGKILL, and started again), stalled (SIGSTOP, SIGCONT) and reset (its connections are cut, long answers in their middle), in an order that the seed
decides, and once slow, which isn't a failure: each of its answers takes one to two seconds more for a while. At the end two fail at once, so that each is once the only
one that is well, and the last of these slow, too; before and after that all are well for 4 s, longer than the slowest answer takes. The seed decides what is asked for, too, so that a run can be told again.

| visits |                                                                                               |
| -----: | --------------------------------------------------------------------------------------------- |
|   23 % | GET, 2 KB, not stored                                                                         |
|   20 % | GET, 16 KB, one of 20, stored for 2 s                                                         |
|    5 % | GET, 40 KB in 0.15 s, not stored, with a strong ETag and ranges                               |
|    3 % | GET, 24 KB in 0.1 s, one of 5, stored for 2 s, with a strong ETag and ranges                  |
|    6 % | GET, 160 KB in 0.35 s, not stored, with a strong ETag and ranges                              |
|    4 % | GET, 120 KB in 0.35 s, one of 5, stored for 2 s, with a strong ETag and ranges                |
|    5 % | GET, 6 KB, chunked: without a length, a tag and ranges; not stored                            |
|    3 % | GET, 20 KB, chunked, one of 10, stored for 2 s                                                |
|    2 % | GET, 12 KB in 0.15 s, chunked, not stored                                                     |
|    1 % | GET, 30 KB in 0.1 s, chunked, one of 5, stored for 2 s                                        |
|    1 % | GET, 2 KB, for which each origin works for 1.2 s before it answers                            |
|  0.5 % | GET, 2 KB, for which each origin works for 3 s                                                |
|    1 % | GET, 2 KB after 1.2 s, of origins that are asked for nothing else                             |
|  0.5 % | GET, 2 KB after 3 s, of these                                                                 |
|    5 % | HEAD                                                                                          |
|   10 % | PUT with 1 KB, answered by what follows from these                                            |
|   10 % | POST with 1 KB: what can't be done twice, and may fail where nobody knows whether it was done |

The load doesn't wait for answers before it sends more, and a visit's time begins when it was due: what had to wait counts (no coordinated omission). It ends with
the last byte, less the time in which the origin itself works, and paces the body. Every byte is compared with what it must be. A client gives up after 10 s.

_Origins that are asked for nothing else_ are the same three processes under other names, for a site of its own: what an edge knows of an origin it knows by its name, so these
are origins that an edge has never asked, or seldom, and whose answers all take long. For these paths and the others that take long, \`timeouts.header\` is 8 s, and 3 s for the rest.

The config is the default but for this, \`timeouts.idle = "2s"\`, and \`maxConnections = 150\` for each origin, which none reaches but where the machine is too busy; and the times of \`eject\` are a tenth, so that a minute does for a quarter of
an hour: \`{ window = "3s", base = "1s", most = "30s", slowStart = "3s" }\`. Nothing is probed: the edges know what their own visits show.

**Targets**: no visit fails that may be repeated, while one origin is well; tries beyond the first are at most 10 % of those that visits need; no POST is done twice; no
origin is ejected that is well, if slow; at the end all places at origins (\`maxConnections\`) are given back: 10 s after the last visit no edge counts a request as under way.
The command ends with 1 when one is missed.

All runs on one machine, and needs most of a processor there: where others are busy too, origins that are well look stalled. The report tells by how much visits
were sent late; above 100 ms it says more of the machine than of the edge.

A visit counts in the phase in which it was due. _failed, once only_ are POSTs; _broke off_ are chunked answers whose connection was lost in the middle, for the client to see,
while an origin wasn't well: of a length that nobody said, nobody can ask for the rest. One that looks whole, or holds other bytes, or breaks off when all are well, counts as
failed. _ejected though well_: an origin that was well when a visit began, and until that visit's trail told of its ejection; those that are merely slow are well. _ejected_ and _returned_ tell how long after the fault, or its end, that took
at the first location and the last (and at how many: who doesn't ask an origin learns nothing of it, and one that nobody needs stays on trial); _load on the
well_ is what the origins that were well, if slow, were asked during the fault, in times of what all three were asked before: above 1, the outage was multiplied.

`;

/** @param report what the run came to. */
export function writeDocument(report: string, { seed, seconds, rate }: Load): void {
  const machine = renderMachine({ ...readMachine(), programs: [] });
  const run = `## The last run\n\nSeed ${seed}, ${seconds} s, ${rate} visits/s. ${machine}.\n\n`;
  writeFileSync(join(root, "docs/CHAOS.md"), `${says}${run}${report}\n`);
}
