import { describe, expect, test } from "vitest";
import { command, tally } from "../../scripts/quality/step.ts";

describe("a command", () => {
  test("that ends well is one passed", async () => {
    expect(await command("node", "node", "-e", "").run()).toEqual({ passed: 1, failed: 0, output: "" });
  });

  test("that doesn't is one failed, with all it said", async () => {
    const step = command("node", "node", "-e", "console.error('err'); process.exit(3)");
    expect(await step.run()).toEqual({ passed: 0, failed: 1, output: "err\n" });
  });

  test("that isn't there is one failed", async () => {
    expect(await command("gone", "no-such-command").run()).toMatchObject({
      failed: 1,
      output: expect.stringContaining("no-such-command"),
    });
  });
});

describe("the tally of a test run", () => {
  const loaded = { status: "passed", assertionResults: [{}] };
  const unloaded = { status: "failed", assertionResults: [] };

  test("counts tests", () => {
    expect(tally(0, { numPassedTests: 7, numFailedTests: 0, testResults: [loaded] })).toEqual({ passed: 7, failed: 0 });
    expect(tally(1, { numPassedTests: 7, numFailedTests: 2, testResults: [loaded] })).toEqual({ passed: 7, failed: 2 });
  });

  test("a file that doesn't load has failed", () => {
    const testResults = [loaded, unloaded];
    expect(tally(1, { numPassedTests: 7, numFailedTests: 0, testResults })).toEqual({ passed: 7, failed: 1 });
  });

  test("a run that ends badly has failed, whatever its tests say", () => {
    expect(tally(1, { numPassedTests: 7, numFailedTests: 0, testResults: [loaded] })).toEqual({ passed: 7, failed: 1 });
    expect(tally(1, undefined)).toEqual({ passed: 0, failed: 1 });
  });
});
