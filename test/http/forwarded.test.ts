import { describe, expect, test } from "vitest";
import { Fields } from "../../src/http/fields.ts";
import { setForwarded } from "../../src/http/forwarded.ts";

describe("Forwarded and X-Forwarded (RFC 7239)", () => {
  const cases: readonly [ip: string, url: string, forwarded: string, port: string][] = [
    ["192.0.2.1", "https://www.example.com/a", "for=192.0.2.1;host=www.example.com;proto=https", "443"],
    ["2001:db8::1", "http://www.example.com/", 'for="[2001:db8::1]";host=www.example.com;proto=http', "80"],
    ["192.0.2.1", "https://a.example:8443/", 'for=192.0.2.1;host="a.example:8443";proto=https', "8443"],
    ["192.0.2.1", "http://[2001:db8::2]/", 'for=192.0.2.1;host="[2001:db8::2]";proto=http', "80"],
    ["", "https://www.example.com/", "for=unknown;host=www.example.com;proto=https", "443"],
  ];

  test.each(cases)("%s asks for %s", (ip, address, forwarded, port) => {
    const url = new URL(address);
    const fields = new Fields();
    setForwarded(fields, { ip, url });
    expect(fields.get("forwarded")).toBe(forwarded);
    expect(fields.get("x-forwarded-for")).toBe(ip || undefined);
    expect(fields.get("x-forwarded-host")).toBe(url.host);
    expect(fields.get("x-forwarded-port")).toBe(port);
    expect(fields.get("x-forwarded-proto")).toBe(url.protocol.slice(0, -1));
  });
});
