import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { checkFile } from "../../scripts/check/check.ts";
import { DocumentError } from "../../scripts/check/document.ts";
import { render } from "../../scripts/commands/check.ts";
import { root } from "../../scripts/project.ts";

const folder = mkdtempSync(join(tmpdir(), "perigee-check-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const origins = `
[[vars.ORIGINS]]
name = "frankfurt"
url = "https://fra.origin.example.com"

[[vars.SITES]]
hosts = ["www.example.com", "*.example.com"]
`;

const limit = `
[[vars.RULES]]
when = 'request.path == "/login"'
limit = { by = "LOGIN_LIMIT" }
`;

describe("right", () => {
  const right = { kind: "right", origins: 1, sites: 1, rules: 0 };

  test("the shipped wrangler.toml", () => {
    expect(checkFile(join(root, "wrangler.toml"))).toMatchObject({ kind: "right", origins: 3, sites: 1 });
  });

  test("a small wrangler.toml", () => {
    expect(checkFile(file("small.toml", origins))).toEqual(right);
  });

  test("limits and bans for all locations that nobody counts there are noted", () => {
    const text = `${origins}
[[vars.RULES]]
limit = { rate = "1/1s" }

[vars.SETTINGS]
bans = {}
`;
    const report = checkFile(file("uncounted.toml", text));
    expect(report).toMatchObject({ kind: "right", notes: [{ at: "RATES" }, { at: "BANS" }] });
    expect(render("uncounted.toml", report)).toContain('scope "global" hold in each isolate by itself');
    const bound = ["RATES", "BANS"].map((name) => `[[durable_objects.bindings]]\nname = "${name}"\nclass_name = "X"\n`);
    expect(checkFile(file("counted.toml", text + bound.join("")))).toEqual({ ...right, rules: 1 });
    expect(
      checkFile(file("own.toml", text.replace('"1/1s"', '"1/1s", scope = "isolate"').replace("bans = {}", ""))),
    ).toEqual({ ...right, rules: 1 });
  });

  test("experiments are numbered where there are some, and noted when nobody counts for all locations what comes of them", () => {
    const variants = "variants = [{ name = 'a', weight = 1 }, { name = 'b', weight = 1 }]";
    const text = `${origins}[[vars.EXPERIMENTS]]\nname = "checkout"\n${variants}\n`;
    const report = checkFile(file("tried.toml", text));
    expect(report).toEqual({
      ...right,
      experiments: 1,
      notes: [{ at: "ANALYTICS", says: expect.stringContaining("and forgets: no Durable Object is bound") }],
    });
    expect(render("tried.toml", report)).toContain("tried.toml: 1 origin, 1 site, 0 rules, 1 experiment.");
    const bound = '[[durable_objects.bindings]]\nname = "ANALYTICS"\nclass_name = "Experiments"\n';
    expect(checkFile(file("counted.toml", text + bound))).toEqual({ ...right, experiments: 1 });
  });

  test("JSON with comments, trailing commas, and what looks like either in its texts", () => {
    const text = `{
      // the site
      "vars": {
        "ORIGINS": [{ "name": "a", "url": "https://a.example" /* here */ }, ],
        "SITES": [{ "hosts": ["*"], "name": "a // b, /* c */ ,]" }, /* last */
        ],
      },
    }`;
    expect(checkFile(file("wrangler.jsonc", text))).toEqual(right);
  });

  test("a config document, as KV holds it", () => {
    const document = {
      ORIGINS: [{ name: "a", url: "https://a.example" }],
      SITES: [{ hosts: ["*"] }],
      RULES: [{ limit: { by: "ANY" } }],
    };
    expect(checkFile(file("config.json", JSON.stringify(document)))).toEqual({ ...right, rules: 1 });
  });

  test.each([
    [
      "[[ratelimits]]",
      '[[ratelimits]]\nname = "LOGIN_LIMIT"\nnamespace_id = "1"\nsimple = { limit = 1, period = 10 }\n',
    ],
    ["[[unsafe.bindings]]", '[[unsafe.bindings]]\nname = "LOGIN_LIMIT"\ntype = "ratelimit"\nnamespace_id = "1"\n'],
  ])("a rule's rate limit that stands under %s", (_where, binding) => {
    expect(checkFile(file("limit.toml", origins + limit + binding))).toEqual({ ...right, rules: 1 });
  });

  test.each(["mtls_certificates", "services", "vpc_networks", "vpc_services"])(
    "an origin that is asked by a binding under [[%s]]; secrets are in no file",
    (kind) => {
      const by = 'via = "PRIVATE"\nsign = { key = "ORIGIN_KEY" }\n[[vars.SITES]]';
      const text = origins.replace("[[vars.SITES]]", by) + `[[${kind}]]\nbinding = "PRIVATE"\n`;
      expect(checkFile(file("via.toml", text))).toEqual(right);
      expect(checkFile(file("via.toml", text.replace("PRIVATE", "PUBLIC")))).toMatchObject({
        problems: [{ at: "ORIGINS[0].via", says: '"PUBLIC" is not the name of a fetcher binding.' }],
      });
    },
  );

  test("one environment of several", () => {
    const text = origins.replaceAll("[[vars.", "[[env.production.vars.");
    expect(checkFile(file("env.toml", text), "production")).toEqual(right);
  });
});

describe("wrong", () => {
  test("every problem, with its place", () => {
    const text = `${origins}orgins = ["frankfurt"]\n${limit}\n[vars.SETTINGS]\ntimeout = 30\n`;
    expect(checkFile(file("wrong.toml", text))).toEqual({
      kind: "wrong",
      problems: [
        {
          at: "SETTINGS.timeout",
          says: expect.stringMatching(/^30 is not a duration .*; did you mean "30s"\?$/) as string,
        },
        { at: "SITES[0].orgins", says: 'There is no such field; did you mean "origins"?' },
        { at: "RULES[0].limit.by", says: '"LOGIN_LIMIT" is not the name of a rate-limit binding.' },
      ],
    });
  });

  test("a variable that the platform would refuse", () => {
    const members = Array.from({ length: 1000 }, (_, index) => `"word${index}"`);
    const report = checkFile(file("large.toml", `${origins}\n[vars.LISTS]\nmany = [${members.join()}]`));
    expect(report).toMatchObject({
      kind: "wrong",
      problems: [{ at: "LISTS", says: expect.stringContaining("the platform allows 5 KB") as string }],
    });
  });
});

describe("a file that can't be checked", () => {
  const messageOf = (path: string, environment?: string): string => {
    try {
      return JSON.stringify(checkFile(path, environment));
    } catch (error) {
      if (error instanceof DocumentError) return error.message.replace(folder, "");
      throw error;
    }
  };

  test.each([
    ["/none.toml", undefined, "/none.toml can't be read. There is no such file."],
    ["", undefined, " can't be read. It is a directory."],
    ["bad.toml", '[vars]\na = 1\nb = "x\n', "/bad.toml:3:"],
    ["bad.json", '{\n  "vars": { "a": 1 2 }\n}', "/bad.json:2:20 is not JSON: Expected"],
    ["comment.jsonc", '{\n  /* one\n two */ "vars": oops }', "/comment.jsonc:3:17 is not JSON: Unexpected"],
    ["end.json", '{ "vars": {', "/end.json:1:12 is not JSON:"],
    ["list.json", "[1]", "/list.json holds no table, but [1]."],
    ["empty.toml", "", "/empty.toml has no [vars], where the config stands."],
  ])("%s", (name, text, expected) => {
    expect(messageOf(text === undefined ? folder + name : file(name, text))).toContain(expected);
  });

  test("an environment that isn't there", () => {
    const path = file("envs.toml", "[env.staging.vars]\n[env.production.vars]\n");
    expect(messageOf(path, "prod")).toBe('/envs.toml has no environment "prod": it has staging, production.');
  });
});

test("a report is plain text where nobody looks at colours", () => {
  expect(render("a.toml", { kind: "right", origins: 2, sites: 1, rules: 0 })).toBe(
    "✓ a.toml: 2 origins, 1 site, 0 rules.",
  );
  expect(render("a.toml", { kind: "wrong", problems: [{ at: "RULES[0]", says: "No." }] })).toBe(
    "✗ a.toml has 1 problem.\n\nRULES[0]\n  No.",
  );
});

test("the command ends with 0, or with 1 for problems and for files that can't be read", () => {
  const run = (...args: string[]) => {
    const script = `const { checkCommand } = await import("./scripts/commands/check.ts"); await checkCommand().parseAsync(process.argv.slice(1), { from: "user" });`;
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script, ...args], {
      cwd: root,
      encoding: "utf8",
    });
    return { status, stdout, stderr };
  };
  expect(run()).toEqual({
    status: 0,
    stdout: expect.stringMatching(/^✓ wrangler\.toml: 3 origins, 1 site, \d+ rules\.\n$/),
    stderr: "",
  });
  expect(run(file("none.toml", "[vars]"))).toMatchObject({
    status: 1,
    stdout: expect.stringContaining("has 2 problems."),
  });
  expect(run("/none.toml")).toMatchObject({ status: 1, stdout: "", stderr: expect.stringContaining("can't be read") });
});
