/** Nonces in policies, and on what they let run. */
import { describe, expect, test } from "vitest";
import { Fields } from "../../../src/http/fields.ts";
import { allowNonce, createMarker } from "../../../src/transform/html/nonce.ts";
import { rewrite } from "../../../src/transform/html/rewrite.ts";
import { streamOf } from "../visit.ts";

const csp = "content-security-policy";

describe("a policy", () => {
  test.each([
    ["script-src 'self'", "script-src 'self' 'nonce-N'"],
    ["script-src 'self' ; img-src *", "script-src 'self' 'nonce-N'; img-src *"],
    ["script-src 'nonce-old' 'self'; style-src 'self'", "script-src 'nonce-N' 'self'; style-src 'self'"],
    [
      "script-src 'self'; style-src 'self'",
      "script-src 'self' 'nonce-N';style-src 'self' 'nonce-N'".replace(";s", "; s"),
    ],
    ["style-src 'self' 'unsafe-inline'", "style-src 'self' 'unsafe-inline'"],
    ["script-src 'unsafe-inline'", "script-src 'unsafe-inline' 'nonce-N'"],
    ["script-src 'none'", "script-src 'none'"],
    ["default-src 'none'", "default-src 'none'"],
    ["default-src 'self'", "default-src 'self'; script-src 'self' 'nonce-N'; style-src 'self' 'nonce-N'"],
    ["Default-Src a; Script-Src b", "Default-Src a; Script-Src b 'nonce-N'; style-src a 'nonce-N'"],
    ["default-src a 'unsafe-inline'", "default-src a 'unsafe-inline'; script-src a 'unsafe-inline' 'nonce-N'"],
    ["script-src-elem a", "script-src-elem a 'nonce-N'"],
    ["frame-ancestors 'self'", "frame-ancestors 'self'"],
    [
      "script-src a, default-src b",
      "script-src a 'nonce-N', default-src b; script-src b 'nonce-N'; style-src b 'nonce-N'",
    ],
    ["", ""],
  ])("%s", (policy, expected) => {
    for (const name of [csp, `${csp}-report-only`]) {
      const fields = Fields.of({ [name]: policy });
      allowNonce(fields, "N");
      expect(fields.get(name)).toBe(expected);
    }
  });

  test("there is none: none is made", () => {
    const fields = Fields.of({});
    allowNonce(fields, "N");
    expect([...fields]).toEqual([]);
  });
});

async function marked(page: string, policy?: string): Promise<string> {
  const mark = createMarker(Fields.of(policy === undefined ? {} : { [csp]: policy }), "N");
  const body = streamOf(new TextEncoder().encode(page));
  return new Response(rewrite(body, { arrange: mark, resume: () => "" })).text();
}

describe("a page", () => {
  test.each([
    ["<script>a</script><script src=b></script>", '<script nonce="N">a</script><script src=b nonce="N"></script>'],
    ["<style>a</style><SCRIPT nonce=old>", '<style nonce="N">a</style><SCRIPT nonce="N">'],
    [
      "<link rel='a Stylesheet'><link rel=preload><link rel=icon>",
      '<link rel=\'a Stylesheet\' nonce="N"><link rel=preload nonce="N"><link rel=icon>',
    ],
    ["<p onclick=a style=b>", "<p onclick=a style=b>"],
    [
      "<meta http-equiv=Content-Security-Policy content=\"script-src 'self'\"><script>",
      "<meta http-equiv=Content-Security-Policy content=\"script-src 'self' 'nonce-N'\"><script nonce=\"N\">",
    ],
    [
      "<meta http-equiv=Content-Security-Policy content=\"script-src 'nonce-old'\"><script nonce=old></script><script>",
      '<meta http-equiv=Content-Security-Policy content="script-src \'nonce-N\'"><script nonce="N"></script><script>',
    ],
  ])("%s", async (page, expected) => expect(await marked(page)).toBe(expected));

  test("whose origin has nonces: what bears none of them, bears none", async () => {
    const page = "<script nonce=old>a</script><script>b</script><script nonce=forged>c</script><style>";
    expect(await marked(page, "script-src 'nonce-old'")).toBe(page.replace("nonce=old", 'nonce="N"'));
  });
});
