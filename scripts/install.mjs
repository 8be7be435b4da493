/**
 * Installs from the lock file when what is installed is missing or out of date; otherwise ends at once. It runs before
 * `npm start`, `npm test` and the like, so it is plain JavaScript for the Node that the machine has, with nothing to import.
 */
import { spawn } from "node:child_process";
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import process from "node:process";

const root = fileURLToPath(new URL("..", import.meta.url));
const wanted = `${root}package-lock.json`;
/** npm's own record of what it installed, written last: an install that broke off leaves none. */
const installed = `${root}node_modules/.package-lock.json`;
/** Outside node_modules, which `npm ci` begins by removing. */
const lock = `${root}.perigee/installing`;

if (!isUpToDate()) await exclusively(install);

/** Whether every package of the lock file is there, in its version. Packages for other systems are optional and may be absent. */
function isUpToDate() {
  if (!existsSync(installed)) return false;
  const present = packagesOf(installed);
  return Object.entries(packagesOf(wanted)).every(([path, { version, integrity, optional, devOptional }]) => {
    if (path === "") return true;
    const found = present[path];
    return found ? found.version === version && found.integrity === integrity : optional || devOptional;
  });
}

function packagesOf(file) {
  return JSON.parse(readFileSync(file, "utf8")).packages ?? {};
}

/** Runs `work` while no other start does, and only if it is still needed by then. */
async function exclusively(work) {
  for (let waited = false; !acquire(); waited = true) {
    if (!waited) console.log("Waiting for another start to finish installing…");
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  process.on("exit", () => rmSync(lock, { force: true }));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(1));
  if (!isUpToDate()) await work();
}

/** The lock is a file that holds its owner's pid; linking makes name and content appear at once. */
function acquire() {
  mkdirSync(`${root}.perigee`, { recursive: true });
  const mine = `${lock}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    linkSync(mine, lock);
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    if (!isRunning(ownerOf(lock))) rmSync(lock, { force: true });
    return false;
  } finally {
    rmSync(mine, { force: true });
  }
}

function ownerOf(file) {
  try {
    return Number(readFileSync(file, "utf8"));
  } catch {
    return process.pid; // released in this moment: count it as held, and try again
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** The packages that run and test the edge are devDependencies, whatever NODE_ENV or `omit` say. */
async function install() {
  console.log("Installing the packages of package-lock.json (once; about half a minute)…");
  const args = [
    "ci",
    "--include=dev",
    "--include=optional",
    "--no-audit",
    "--no-fund",
    "--no-progress",
    "--loglevel=error",
  ];
  const { code, output } = await npm(args);
  if (code === 0) return;
  console.error(output);
  console.error("npm ci failed; its output is above.");
  process.exit(1);
}

/** The npm that started this script when there is one, else the one on the PATH. */
function npm(args) {
  const script = process.env["npm_execpath"];
  const options = { cwd: root, stdio: ["ignore", "pipe", "pipe"] };
  const child = script?.endsWith(".js")
    ? spawn(process.execPath, [script, ...args], options)
    : spawn("npm", args, { ...options, shell: process.platform === "win32" });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  process.on("exit", () => child.kill());
  return new Promise((resolve) => {
    child.on("error", (error) => resolve({ code: 1, output: String(error) }));
    child.on("close", (code) => resolve({ code, output }));
  });
}
