import { describe, expect, test } from "vitest";
import { FixedList, parseMember } from "../../src/lists/lists.ts";
import { compileKey, createLanguage } from "../../src/rules/rules.ts";
import { visitOf } from "./visit.ts";

const language = createLanguage(new Map([["offices", FixedList.of([parseMember("2001:db8::1")!])]]));

function keyOf(source: string, ip: string): string {
  const compiled = compileKey(source, language);
  if (compiled.kind === "mistake") throw new Error(JSON.stringify(compiled.mistake));
  return compiled.run(visitOf({ client: { ip } }));
}

describe("what is counted under", () => {
  const group = "2001:db8::/64";
  test.each([
    ["client.ip", group],
    ["client . ip", group],
    ['client["ip"]', group],
    ["(client).ip", group],
    ["[client].map(one, one.ip)[0]", group],
    ["cel.bind(it, client, it.ip)", group],
    ["${client.ip}", group],
    ["a ${client.ip} ${request.host} ${client.ip}", `a ${group} www.example.com ${group}`],
    ['"ß" + client.ip + request.path', `ß${group}/`],
    ['client.ip.contains(":") ? client.ip : "none"', group],
    ['inList(client.ip, "offices") ? "office" : client.ip', "office"],
    ['inNet(client.ip, "2001:db8::1/128") ? "one" : client.ip', "one"],
    ['client.ip == "2001:db8::1" ? "one" : client.ip', "one"],
    ["client.group", group],
    ["everybody", "everybody"],
  ])("%s", (source, key) => expect(keyOf(source, "2001:db8::1")).toBe(key));

  test.each(["client.ip", "${client.ip}", "client.ip + client.country"])("%s: an IPv4 address as it is", (source) => {
    expect(keyOf(source, "192.0.2.1")).toBe("192.0.2.1");
  });

  test("mistakes are told where they are written", () => {
    expect(compileKey("${client.ip}${client.pi}", language)).toMatchObject({ mistake: { what: "pi", at: 21 } });
  });
});
