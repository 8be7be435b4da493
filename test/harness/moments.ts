/** What isolates tell the guard, in stories. */
import { clusters, type Answers, type Moment } from "../../src/analytics.ts";

/** Answers of each variant, the same in every second and from all clusters of clients alike. */
export function evenly(
  variants: Readonly<Record<string, Answers>>,
  { from, seconds }: { readonly from: number; readonly seconds: number },
): readonly Moment[] {
  const part = 1 / (seconds * clusters);
  const one = ({ count, failures, logs, squares }: Answers): Answers => ({
    count: count * part,
    failures: failures * part,
    logs: logs * part,
    squares: squares * part,
  });
  const seen = Object.fromEntries(
    Object.entries(variants).map(([name, answers]) => [
      name,
      Object.fromEntries(Array.from({ length: clusters }, (_, cluster) => [cluster, one(answers)])),
    ]),
  );
  return Array.from({ length: seconds }, (_, second) => ({ at: from + second, seen }));
}
