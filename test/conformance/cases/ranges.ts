import { asked, asking, check, given, hour, optimal, required, reused, suite } from "./words.ts";

const whole = { response_body: "0123456789" } as const;
const sized = [hour, ["ETag", '"one"']] as const;
const bytes = (range: string) => asking(["Range", `bytes=${range}`]);

function part(id: string, range: string, { text, of }: { readonly text: string; readonly of: string }) {
  return optimal(
    id,
    "9110 §14.2",
    `bytes=${range} out of a stored answer`,
    given(sized, whole),
    reused({
      ...bytes(range),
      expected_status: 206,
      expected_response_text: text,
      expected_response_headers: [["Content-Range", `bytes ${of}/10`]],
    }),
  );
}

export const ranges = suite(
  "ranges",
  "Ranges (RFC 9110 §14, RFC 9111 §3.3)",
  part("first", "0-3", { text: "0123", of: "0-3" }),
  part("middle", "4-5", { text: "45", of: "4-5" }),
  part("open", "7-", { text: "789", of: "7-9" }),
  part("suffix", "-2", { text: "89", of: "8-9" }),
  part("beyond", "8-99", { text: "89", of: "8-9" }),
  part("suffix-beyond", "-99", { text: "0123456789", of: "0-9" }),
  optimal(
    "unsatisfiable",
    "9110 §15.5.17",
    "a range past the end: 416 with the length",
    given(sized, whole),
    reused({
      ...bytes("20-30"),
      expected_status: 416,
      expected_response_text: null,
      expected_response_headers: [["Content-Range", "bytes */10"]],
    }),
  ),
  required(
    "unknown-unit",
    "9110 §14.2",
    "an unknown unit is ignored",
    given(sized, whole),
    reused({ ...asking(["Range", "lines=1-2"]), expected_status: 200, setup_tests: ["expected_type"] }),
  ),
  required(
    "invalid",
    "9110 §14.2",
    "so is a range that can't be read",
    given(sized, whole),
    reused({ ...bytes("5-2"), expected_status: 200, setup_tests: ["expected_type"] }),
  ),
  optimal(
    "if-range",
    "9110 §13.1.5",
    "If-Range with the stored ETag: the part",
    given(sized, whole),
    reused({
      ...asking(["Range", "bytes=0-3"], ["If-Range", '"one"']),
      expected_status: 206,
      expected_response_text: "0123",
    }),
  ),
  required(
    "if-range-other",
    "9110 §13.1.5",
    "with another: the whole",
    given(sized, whole),
    reused({
      ...asking(["Range", "bytes=0-3"], ["If-Range", '"two"']),
      expected_status: 200,
      expected_response_text: "0123456789",
      setup_tests: ["expected_type"],
    }),
  ),
  required(
    "if-range-weak",
    "9110 §13.1.5",
    "a weak ETag never matches",
    given([hour, ["ETag", 'W/"one"']], whole),
    reused({
      ...asking(["Range", "bytes=0-3"], ["If-Range", 'W/"one"']),
      expected_status: 200,
      setup_tests: ["expected_type"],
    }),
  ),
  required(
    "not-for-whole",
    "9111 §3.3",
    "a stored part isn't taken for the whole",
    given([hour, ["ETag", '"one"'], ["Content-Range", "bytes 0-3/10"]], {
      ...bytes("0-3"),
      response_status: [206, "Partial Content"],
      response_body: "0123",
    }),
    asked({ ...whole, response_headers: sized }),
  ),
  check(
    "several",
    "9110 §14.6",
    "several ranges come as multipart/byteranges, or the whole",
    given(sized, whole),
    reused({ ...bytes("0-1,8-9"), expected_status: 206, expected_response_text: null }),
  ),
);
