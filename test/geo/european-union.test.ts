import { expect, test } from "vitest";
import { countryPosition } from "../../src/geo/countries.ts";
import { isInEuropeanUnion } from "../../src/geo/european-union.ts";

const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
const countries = letters.flatMap((first) => letters.map((second) => first + second)).filter(countryPosition);

test("the Union has 27 members, and seven of their territories have a code of their own", () => {
  expect(countries.filter(isInEuropeanUnion)).toHaveLength(27 + 7);
});

test.each(["DE", "GR", "HR", "RE", "AX"])("%s is in it", (code) => expect(isInEuropeanUnion(code)).toBe(true));

// Left it; in the single market only; beside it; Greece's code in other tables; Tor; the whole; unknown.
test.each(["GB", "NO", "CH", "NC", "GL", "EL", "T1", "EU", "", "de"])("%j is not", (code) =>
  expect(isInEuropeanUnion(code)).toBe(false),
);
