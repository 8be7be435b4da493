import { expect, test } from "vitest";
import { ttlOf } from "../../src/cache/ttl.ts";

const table = { "200": 1, "4xx": 2, "404": 3, "503": 4, default: 5 };

test.for<[ttl: Parameters<typeof ttlOf>[0]["ttl"], status: number, expected: number | undefined]>([
  [undefined, 200, undefined],
  [7, 200, 7],
  [7, 301, 7],
  [7, 404, 7],
  [7, 499, 7],
  [7, 500, undefined],
  [7, 503, undefined],
  [7, 599, undefined],
  [table, 200, 1],
  [table, 204, 5],
  [table, 404, 3],
  [table, 410, 2],
  [table, 503, 4],
  [table, 500, undefined],
  [{ ...table, "5xx": 0 }, 500, 0],
  [{ ...table, "5xx": 0 }, 503, 4],
  [{ "404": 3 }, 200, undefined],
])("ttl %j, status %d → %d", ([ttl, status, expected]) => {
  expect(ttlOf({ ttl }, status)).toBe(expected);
});
