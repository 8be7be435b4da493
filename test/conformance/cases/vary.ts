import { asked, asking, check, given, hour, loose, optimal, required, reused, suite } from "./words.ts";

const one = asking(["X-Kind", "one"]);
const two = asking(["X-Kind", "two"]);
const varies = [hour, ["Vary", "X-Kind"]] as const;

export const vary = suite(
  "vary",
  "Vary (RFC 9111 §4.1)",
  optimal("same", "9111 §4.1", "the same value selects it", given(varies, one), reused(one)),
  required("other", "9111 §4.1", "another value doesn't", given(varies, one), asked(two)),
  required("absent", "9111 §4.1", "nor does an absent one", given(varies, one), asked()),
  required("absent-first", "9111 §4.1", "nor a present one what was absent", given(varies), asked(one)),
  optimal("absent-both", "9111 §4.1", "absence selects what was absent", given(varies), reused()),
  required("star", "9111 §4.1", "Vary: * is never selected", given([hour, ["Vary", "*"]]), asked()),
  required("star-in-list", "9111 §4.1", "nor * in a list", given([hour, ["Vary", "X-Kind, *"]]), asked()),
  optimal(
    "unrelated",
    "9111 §4.1",
    "other fields don't matter",
    given(varies, one),
    reused(asking(["X-Kind", "one"], ["X-Else", "1"])),
  ),
  optimal(
    "side-by-side",
    "9111 §4.1",
    "two variants are kept side by side",
    given(varies, { ...one, response_body: "first" }),
    given(varies, { ...two, response_body: "second" }),
    reused({ ...one, expected_response_text: "first" }),
    reused({ ...two, expected_response_text: "second" }),
  ),
  required(
    "two-fields",
    "9111 §4.1",
    "all fields that are named must match",
    given([hour, ["Vary", "X-Kind, X-Else"]], asking(["X-Kind", "one"], ["X-Else", "1"])),
    asked(asking(["X-Kind", "one"], ["X-Else", "2"])),
  ),
  required(
    "two-lines",
    "9110 §5.3",
    "also when two lines name them",
    given([hour, loose("Vary", "X-Kind"), loose("Vary", "X-Else")], asking(["X-Kind", "one"], ["X-Else", "1"])),
    asked(asking(["X-Kind", "one"], ["X-Else", "2"])),
  ),
  optimal(
    "name-case",
    "9110 §5.1",
    "names are compared in any case",
    given([hour, loose("Vary", "x-KIND")], one),
    reused(one),
  ),
  required(
    "value-case",
    "9111 §4.1",
    "values of unknown fields are not",
    given(varies, one),
    asked(asking(["X-Kind", "ONE"])),
  ),
  optimal(
    "space",
    "9111 §4.1",
    "white space around commas means nothing",
    given(varies, asking(["X-Kind", "a,b"])),
    reused(asking(["X-Kind", "a , b"])),
  ),
  check(
    "language-case",
    "9110 §12.5.4",
    "languages are compared in any case",
    given([hour, ["Vary", "Accept-Language"]], asking(["Accept-Language", "de-DE"])),
    reused(asking(["Accept-Language", "DE-de"])),
  ),
);
