import { expect, test } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import { bindingsWith, problemsOf } from "./load.ts";

const rule = (access: unknown) => ({ RULES: [{ access }] });

test.each<[unknown, string]>([
  [
    {},
    "RULES[0].access: An empty table is not a table with basic, jwt, signed, hotlink, certificate, or several of them.",
  ],
  [{ basci: "A" }, 'RULES[0].access.basci: There is no such field; did you mean "basic"?'],
  [{ basic: "no name" }, "RULES[0].access.basic"],
  [{ basic: { users: "A", realm: '"' } }, "RULES[0].access.basic.realm"],
  [{ jwt: {} }, "is not a table with either keys or secret."],
  [{ jwt: { keys: "https://a.example/k", secret: "A" } }, "RULES[0].access.jwt"],
  [
    { jwt: { keys: "http://a.example/k" } },
    'RULES[0].access.jwt.keys: "http://a.example/k" is not a URL such as "https://login.example.com/jwks.json".',
  ],
  [{ jwt: { keys: "https://a.example/k", algorithms: ["none"] } }, 'RULES[0].access.jwt.algorithms[0]: "none" is not'],
  [{ jwt: { keys: "https://a.example/k", algorithms: ["RS256", "HS256"] } }, "RULES[0].access.jwt"],
  [{ jwt: { secret: "A", algorithms: ["RS256"] } }, "RULES[0].access.jwt"],
  [{ jwt: { secret: "A", skew: "1h" } }, 'RULES[0].access.jwt.skew: "1h" is not at most "10m".'],
  [{ basic: "A", jwt: { secret: "B" } }, "RULES[0].access"],
  [{ signed: { key: "A", parameter: "a b" } }, "RULES[0].access.signed.parameter"],
  [{ hotlink: ["https://a.example"] }, "RULES[0].access.hotlink[0]"],
  [
    { certificate: { fingerprints: ["ab"] } },
    'RULES[0].access.certificate.fingerprints[0]: "ab" is not a SHA-256 fingerprint in hexadecimal.',
  ],
])("%j is no access", (access, says) => {
  const problems = problemsOf(bindingsWith(rule(access)));
  expect(problems.map(({ at, says: what }) => `${at}: ${what}`).join("\n")).toContain(says);
});

test("a secret that isn't set is a problem, where secrets are known", () => {
  const loaded = loadConfig(bindingsWith(rule({ basic: "STAFF" })), { secrets: ["STAF"] });
  expect(loaded).toMatchObject({
    problems: [{ at: "RULES[0].access.basic", says: expect.stringContaining('did you mean "STAF"?') }],
  });
});
