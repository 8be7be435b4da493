import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../scripts/project.ts";
import { markOf } from "../../src/config/experiments.ts";
import type { Edge } from "../../src/edge.ts";
import { createMac } from "../../src/platform/memory/mac.ts";
import { createSigner } from "../../src/platform/memory/signer.ts";
import { linkPurpose } from "../../src/route/experiments/forced.ts";
import { unseal } from "../../src/seal.ts";

const config = join(mkdtempSync(join(tmpdir(), "perigee-")), "config.json");
const variants = [
  { name: "control", weight: 1 },
  { name: "short", weight: 1 },
];
writeFileSync(
  config,
  JSON.stringify({
    ORIGINS: [{ name: "a", url: "https://a.example" }],
    SITES: [{ hosts: ["*"] }],
    EXPERIMENTS: ["checkout", "price"].map((name) => ({ name, variants })),
  }),
);

function link(args: readonly string[], env: Record<string, string> = { SIGNING_KEY: "key of the story" }) {
  const command = [join(root, "scripts/perigee.ts"), "experiments", "link", "--config", config, ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  return { status, stdout: stdout.trim(), stderr };
}

const page = "https://www.example.com/a?b=c#d";

test("a link holds what the edge can open with the same key, on that host and until its time is up", async () => {
  const { stdout } = link([page, "--variant", "checkout=short", "--variant", "price=control", "--expires", "1h"]);
  const [, before, value, after] = /^(.*)perigee-experiment=([\w.-]+)(.*)$/.exec(stdout)!;
  expect([before, after]).toEqual(["https://www.example.com/a?b=c&", "#d"]);
  const opened = (key: string, host: string, later = 0) => {
    const mac = createMac(createSigner((name) => (name === "SIGNING_KEY" ? key : undefined)));
    return unseal({ mac, now: () => Date.now() + later } as Edge, linkPurpose(host), value!);
  };
  const marks = markOf("checkout", "short") + markOf("price", "control");
  expect(await opened("key of the story", "www.example.com")).toMatchObject({ text: marks });
  expect(await opened("another", "www.example.com")).toBeUndefined();
  expect(await opened("key of the story", "shop.example.com")).toBeUndefined();
  expect(await opened("key of the story", "www.example.com", 3_601_000)).toBeUndefined();
  expect(await opened("key of the story", "www.example.com", 3_590_000)).toBeDefined();
});

test("a link replaces an older one, and without a variant ends what it began", () => {
  const { stdout } = link([page, "--variant", "checkout=short"]);
  const again = link([stdout, "--variant", "checkout=control"]).stdout;
  expect(again.match(/perigee-experiment=/g)).toHaveLength(1);
  expect(link([again]).stdout).toBe("https://www.example.com/a?b=c&perigee-experiment=off#d");
  expect(link(["https://www.example.com"]).stdout).toBe("https://www.example.com/?perigee-experiment=off");
});

test.each<[readonly string[], string, Record<string, string>?]>([
  [["not a url", "--variant", "checkout=short"], "not a url is no URL such as https://www.example.com/."],
  [["ftp://a.example/"], "is no URL such as"],
  [[page, "--variant", "checkout"], "It is an experiment and a variant"],
  [[page, "--variant", "checkuot=short"], "checkuot is no experiment: did you mean checkout?"],
  [[page, "--variant", "checkout=long"], "long is no variant of checkout: there is control, short."],
  [[page, "--variant", "price=short", "--variant", "price=control"], "A client sees one variant of price."],
  [[page, "--variant", "price=short", "--expires", "soon"], "It is a duration"],
  [[page, "--variant", "price=short"], "SIGNING_KEY holds no key", { SIGNING_KEY: "" }],
  [[page, "--variant", "price=short", "--config", "/nowhere.toml"], "/nowhere.toml"],
])("%j is refused", (args, says, env) => {
  const { status, stderr } = link(args, env);
  expect(status).toBe(1);
  expect(stderr).toContain(says);
  expect(stderr).not.toContain("    at ");
});
