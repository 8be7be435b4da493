import type { Reason } from "../../reasons.ts";
import type { Passed } from "../passed.ts";

/** What came of looking at what a visit shows. */
export type Shown =
  | { readonly kind: "passed"; readonly passed: Passed }
  | {
      readonly kind: "refused";
      readonly because: Extract<Reason, "sign-in-needed" | "not-let-in" | "access-undecided">;
      /** For the trail: a token. It says nothing of what was shown. */
      readonly flaw: string;
      /** Of the refusal. */
      readonly fields?: Readonly<Record<string, string>>;
    };

/** It may come in; `passed` was for the edge alone. */
export function letPass(passed: Passed = {}): Shown {
  return { kind: "passed", passed };
}
