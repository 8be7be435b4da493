/** One step of the gate: something that is run and either holds or doesn't. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { root } from "../project.ts";

export interface Step {
  readonly name: string;
  readonly run: () => Promise<Outcome>;
}

/** How it went. A step that is no suite of tests counts as one. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  /** For the eye, when something failed. */
  readonly output: string;
}

interface Finished {
  readonly code: number;
  readonly output: string;
}

/** A command of the toolchain, which holds when it ends with code 0. */
export function command(name: string, ...argv: readonly string[]): Step {
  const run = async (): Promise<Outcome> => {
    const { code, output } = await execute(argv);
    return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, output };
  };
  return { name, run };
}

/** All tests; each counts. */
export function tests(name: string): Step {
  const run = async (): Promise<Outcome> => {
    const directory = mkdtempSync(join(tmpdir(), "perigee-ok-"));
    const report = join(directory, "report.json");
    try {
      const { code, output } = await execute([
        "vitest",
        "run",
        "--reporter=dot",
        "--reporter=json",
        `--outputFile=${report}`,
      ]);
      return { ...tally(code, readReport(report)), output };
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  };
  return { name, run };
}

/** What vitest's JSON report tells, as far as we ask. */
export interface TestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

/** A file that doesn't load fails though none of its tests does, and so does a run that ends badly for any other reason. */
export function tally(code: number, report: TestReport | undefined): Omit<Outcome, "output"> {
  if (!report) return { passed: 0, failed: 1 };
  const { numPassedTests: passed, numFailedTests, testResults } = report;
  const unloaded = testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  );
  const failed = numFailedTests + unloaded.length;
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed };
}

function readReport(file: string): TestReport | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as TestReport;
  } catch {
    return undefined; // vitest ended before it wrote any; its output says why
  }
}

/** Runs one of the project's own commands; resolves when it has ended, to all it wrote. */
function execute([name = "", ...args]: readonly string[]): Promise<Finished> {
  const path = [join(root, "node_modules/.bin"), process.env["PATH"]].join(delimiter);
  const child = spawn(name, args, {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, PATH: path },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  return new Promise((resolve) => {
    child.on("error", (error) => resolve({ code: 1, output: `${name} doesn't run: ${error.message}` }));
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}
