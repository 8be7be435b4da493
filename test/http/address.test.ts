import { expect, test } from "vitest";
import { parseAddress } from "../../src/http/address.ts";

test.each([
  "https://www.example.com/",
  "http://WWW.example.com:8080/a/../b?c=d#e",
  "https://[2001:db8::1]:443/%61?",
  "http://xn--bcher-kva.example/caf%E9",
])("%s has the parts that the platform's URL has", (text) => {
  const address = parseAddress(text)!;
  for (const [part, value] of Object.entries(address)) expect(value, part).toBe(new URL(text)[part as keyof URL]);
  expect(Object.keys(address)).toHaveLength(8);
});

test.each(["", "/a", "http://", "http://[::1", "https://a b/"])("%o is no address", (text) => {
  expect(parseAddress(text)).toBeUndefined();
});
