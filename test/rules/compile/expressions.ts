/** Expressions of every kind that the language has, right by their types, for properties. */
import * as fc from "fast-check";

const kinds = [
  "string",
  "int",
  "double",
  "bool",
  "strings",
  "ints",
  "map",
  "time",
  "duration",
  "bytes",
  "uint",
] as const;
type Kind = (typeof kinds)[number];

/** Templates of each kind; a kind in braces stands for an expression of that kind. */
const templates: Readonly<Record<Kind, readonly string[]>> = {
  string: [
    ...["method", "host", "path", "query", "url", "scheme"].map((field) => `request.${field}`),
    ...["ip", "group", "country", "city", "bot", "device"].map((field) => `client.${field}`),
    ...['""', '"a"', '"x-a"', '"/a/b"', '"12"', '"0.5"', '"é😀"', '"DE"'],
    ...['request.headers["x-a"]', 'request.headers["x-none"]', "request.cookies.a", "request.headers[{string}]"],
    ...['request["path"]', "{map}[{string}]", "{map}.a", "{strings}[{int}]"],
    ...["{string} + {string}", "{bool} ? {string} : {string}", "string({int})", "string({double})", "string({bool})"],
    ...["{string}.lowerAscii()", "{string}.upperAscii()", "{string}.trim()", "{string}.substring({int})"],
    ...["{string}.substring({int}, {int})", "{strings}.join()", "{strings}.join({string})", "string({bytes})"],
    ...["{bytes}.hex()", "{bytes}.base64()", "string({uint})", "cel.bind(b, {string}, b + b)"],
  ],
  int: [
    ...["0", "1", "2", "-1", "9223372036854775807", "request.contentLength", "client.asn", "{string}.size()"],
    ...[
      "size({string})",
      "size({strings})",
      "size({map})",
      "{ints}[{int}]",
      "-{int}",
      "int({double})",
      "int({string})",
    ],
    ...["+", "-", "*", "/", "%"].map((operator) => `({int} ${operator} {int})`),
    ...["{bool} ? {int} : {int}", "{string}.indexOf({string})", "{string}.lastIndexOf({string})"],
    ...["{string}.indexOf({string}, {int})", "{time}.getHours()", "{time}.getDayOfWeek()", "{duration}.getMinutes()"],
    ...["{bytes}.size()", "{bytes}.at({int})", "int({int})"],
  ],
  double: [
    ...["0.0", "-0.0", "1.5", "client.latitude", "client.longitude", "double({int})", "double({string})"],
    ...["+", "-", "*", "/"].map((operator) => `({double} ${operator} {double})`),
    ...["-{double}", "{bool} ? {double} : {double}"],
  ],
  bool: [
    ...["true", "false", "client.eu", "!{bool}", "bool({string})", "dyn({bool})", "dyn({string}) == dyn({int})"],
    ...["({bool} && {bool})", "({bool} || {bool})", "{bool} ? {bool} : {bool}", "{bool} == {bool}"],
    ...["{string} == {string}", "{string} != {string}", "{int} == {int}", "{int} != {int}", "{double} == {double}"],
    ...["{double} != {double}", "{strings} == {strings}", "{map} == {map}", "{bytes} == {bytes}", "{time} == {time}"],
    ...["{duration} != {duration}", "{uint} == {uint}", "{uint} < {uint}", "{int} < {double}", "{uint} >= {int}"],
    ...["string", "int", "double", "bool", "time", "duration"].flatMap((kind) =>
      ["<", "<=", ">", ">="].map((operator) => `{${kind}} ${operator} {${kind}}`),
    ),
    ...["{string} in {strings}", "{int} in {ints}", "{string} in request.headers", "{string} in {map}"],
    ...["has(request.headers.accept)", "has(request.cookies.a)", "has(request.path)", "{string}.startsWith({string})"],
    ...["{string}.endsWith({string})", "{string}.contains({string})"],
    ...["^/a", "a*$", "\\\\d+", "(a|b)?-", "é|."].map((pattern) => `{string}.matches("${pattern}")`),
    ...[
      'dyn({string}).matches("a")',
      'inList({string}, "texts")',
      'inList({int}, "texts")',
      'inList(dyn({int}), "texts")',
    ],
    ...['inNet({string}, "192.0.2.0/24")', 'inNet(client.ip, "2001:db8::/32")'],
    ...["all", "exists", "exists_one"].flatMap((loop) => [
      `{strings}.${loop}(v, {bool})`,
      `{strings}.${loop}(v, v == {string})`,
      `{ints}.${loop}(n, 1 / n > {int})`,
      `{map}.${loop}(k, {bool})`,
      `request.headers.${loop}(k, request.headers[k] == {string})`,
    ]),
    ...["type({int}) == int", "type({string}) != type({bool})", "{ints}.all(n, {ints}.exists(m, m == n || {bool}))"],
    ...["{bool} == null", "[{bool}][0]"],
  ],
  strings: [
    ...["[]", "[{string}]", "[{string}, {string}, {string}]", '["a", "x-a", "GET"]', "{strings} + {strings}"],
    ...["{string}.split({string})", "{string}.split({string}, {int})", "{bool} ? {strings} : {strings}"],
    ...["{strings}.map(v, v + {string})", "{strings}.filter(v, v != {string})", "{strings}.map(v, {bool}, v)"],
    ...["{strings}.filter(v, {bool})", "{map}.map(k, k)", "request.headers.map(k, request.headers[k])"],
    ...["{ints}.map(n, string(n))", "request.headers.filter(k, k.startsWith({string}))"],
  ],
  ints: ["[1, 2, 3]", "[{int}]", "[{int}, {int}]", "{strings}.map(v, v.size())", "{ints}.filter(n, n > {int})"],
  map: [
    ...['{"a": {string}}', "{{string}: {string}, {string}: {string}}", "request.headers", "request.cookies"],
    ...['{"constructor": "a", "b": "c"}', "{bool} ? {map} : {map}"],
  ],
  time: [
    ...['timestamp("2026-11-26T12:00:00Z")', "timestamp({int})", "timestamp({string})", "({time} + {duration})"],
    "({time} - {duration})",
  ],
  duration: [
    'duration("90s")',
    'duration("1h30m")',
    "duration({string})",
    "({time} - {time})",
    "({duration} + {duration})",
  ],
  bytes: ['b"ab"', "bytes({string})", "({bytes} + {bytes})"],
  uint: ["1u", "2u", "uint({int})", "({uint} + {uint})", "({uint} - {uint})", "({uint} / {uint})"],
};

const slots = new RegExp(`\\{(${kinds.join("|")})\\}`, "g");

/** Sources of expressions, most of which pass the checker. */
export const expressions: fc.Arbitrary<string> = fc.letrec<Record<Kind, string>>(
  (tie) =>
    Object.fromEntries(
      kinds.map((kind) => {
        const [leaves, branches] = [true, false].map((isLeaf) =>
          templates[kind].filter((template) => template.search(slots) < 0 === isLeaf),
        ) as [string[], string[]];
        const filled = fc.constantFrom(...branches).chain((template) => {
          const parts = [...template.matchAll(slots)].map(([, slot]) => tie(slot as Kind));
          return fc.tuple(...parts).map((sources) => {
            const next = sources.values();
            return template.replaceAll(slots, () => `${next.next().value}`);
          });
        });
        return [
          kind,
          fc.oneof({ maxDepth: 4, withCrossShrink: true }, fc.constantFrom(...leaves), filled, filled, filled),
        ];
      }),
    ) as Record<Kind, fc.Arbitrary<string>>,
).bool;
