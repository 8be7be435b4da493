import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../scripts/project.ts";
import { isPassword, readUsers } from "../../src/scrub/access/password.ts";

function access(
  args: readonly string[],
  { input = "", env = {} }: { input?: string; env?: Record<string, string> } = {},
) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, "scripts/perigee.ts"), "access", ...args],
    {
      input,
      encoding: "utf8",
      env: { ...process.env, ...env },
    },
  );
  return { status, stdout: stdout.trim(), stderr };
}

const film = "https://www.example.com/films/7/film.mp4?quality=hd#t=1";
const env = { URL_KEY: "a key of the story" };

test("a password comes through a pipe, and becomes a line that knows it", async () => {
  const { status, stdout } = access(["password", "alice", "--iterations", "1000"], { input: "geheim\n" });
  expect(status).toBe(0);
  expect(stdout).toMatch(/^alice:pbkdf2-sha256\.1000\.[\w-]{24}\.[\w-]{43}$/);
  expect(await isPassword("geheim", readUsers(stdout).get("alice")!)).toBe(true);
  expect(access(["password", "alice"], { input: "geheim" }).stdout).not.toBe(stdout);
});

test.each([
  [["password", "a:b"], "A name has no colon"],
  [["password", "alice", "--iterations", "0"], "a number from 1 to 100000"],
  [["password", "alice"], "There is no password."],
  [["sign", "ftp://a.example/"], "is no URL such as"],
  [["sign", film, "--expires", "soon"], "It is a duration"],
  [["sign", film, "--prefix", "/other/"], "is no path such as"],
  [["sign", film, "--address", "1.2.3"], "is no address"],
  [["sign", film, "--key-env", "NOT_THERE"], "NOT_THERE holds no key"],
])("%j is refused", (args, says) => {
  const { status, stderr } = access(args, { env });
  expect(status).toBe(1);
  expect(stderr).toContain(says);
});

test("a URL is signed, with its query and fragment, and signed anew in place of an old signature", () => {
  const { stdout } = access(["sign", film], { env });
  expect(stdout).toMatch(
    /^https:\/\/www\.example\.com\/films\/7\/film\.mp4\?quality=hd&signature=\d{10}\.u\.[\w-]{43}#t=1$/,
  );
  const again = access(["sign", stdout, "--prefix", "/films/7/", "--address", "::ffff:192.0.2.7"], { env });
  expect(again.stdout).toMatch(/\?quality=hd&signature=\d{10}\.p2a\.[\w-]{43}#t=1$/);
});
