import fc from "fast-check";
import { expect, test } from "vitest";
import { isPassword, readUsers, writeUser } from "../../../src/scrub/access/password.ts";

const how = { iterations: 1_000, salt: "c2FsdHNhbHRzYWx0c2Fs" };

test("a line that was written is read, and knows its password", async () => {
  const users = readUsers(
    `# staff\n\n${await writeUser("alice", "päss:word", how)}\r\n${await writeUser("bob", "", how)}`,
  );
  expect([...users.keys()]).toEqual(["alice", "bob"]);
  expect(await isPassword("päss:word", users.get("alice")!)).toBe(true);
  for (const wrong of ["", "pass:word", "päss:word ", "päss"])
    expect(await isPassword(wrong, users.get("alice")!)).toBe(false);
});

test("is what other implementations of RFC 8018 give", async () => {
  // Node's crypto.pbkdf2Sync("password", "saltsaltsaltsalt", 1, 32, "sha256").
  const line = "a:pbkdf2-sha256.1.saltsaltsaltsalt.sT1ml-mc1tF0XaCX7gPkvlATQedv6RYaeI3j1M0L4hk";
  expect(await writeUser("a", "password", { iterations: 1, salt: "saltsaltsaltsalt" })).toBe(line);
});

const hash = "A".repeat(43);

test.each([
  "alice",
  "alice:secret",
  ":pbkdf2-sha256.1000.c2FsdHNhbHRzYWx0c2Fs.AAAA",
  `:pbkdf2-sha256.1000.c2FsdHNhbHRzYWx0c2Fs.${hash}`,
  `alice:pbkdf2-sha256.0.c2FsdHNhbHRzYWx0c2Fs.${hash}`,
  `alice:pbkdf2-sha256.100001.c2FsdHNhbHRzYWx0c2Fs.${hash}`,
  `alice:pbkdf2-sha256.1000.short.${hash}`,
  `alice:pbkdf2-sha512.1000.c2FsdHNhbHRzYWx0c2Fs.${hash}`,
])("nobody is in %j", (text) => {
  expect(readUsers(text).size).toBe(0);
});

test("takes any text", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void readUsers(text)));
});
