/** `npm run ok`: the gate. Runs every step even when one before it failed, and prints the output of those only. */
import { command, tests, type Step } from "./step.ts";

const steps: readonly Step[] = [
  command("types of the Worker and its tests", "tsc", "-p", "."),
  command("types of the scripts and their tests", "tsc", "-p", "scripts"),
  command("lint", "oxlint", "--type-aware", "--deny-warnings"),
  command("format", "oxfmt", "--check", "."),
  command("layout of src", "node", "scripts/quality/imports.ts"),
  command("dead code", "knip", "--no-progress"),
  tests("tests"),
];

const total = { passed: 0, failed: 0 };
for (const { name, run } of steps) {
  const start = performance.now();
  const { passed, failed, output } = await run();
  total.passed += passed;
  total.failed += failed;
  const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(6);
  const counts = passed + failed > 1 ? ` (${passed} passed, ${failed} failed)` : "";
  console.log(`${failed === 0 ? "✓" : "✗"} ${seconds} s  ${name}${counts}`);
  if (failed > 0) console.log(`\n${output.trimEnd()}\n`);
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
