/** Rules that let in who shows what they ask for. */
import { refuse, type Answer } from "../../answer.ts";
import type { Access } from "../../config/access.ts";
import type { Rule } from "../../config/model.ts";
import type { Edge } from "../../edge.ts";
import { tokenOf } from "../../trail.ts";
import type { Identified } from "../../visit.ts";
import type { Passed } from "../passed.ts";
import { showPassword } from "./basic.ts";
import { showCertificate } from "./certificate.ts";
import { showReferrer } from "./hotlink.ts";
import { showToken } from "./jwt.ts";
import type { Shown } from "./shown.ts";
import { showSignature } from "./signed-url.ts";

type Kind = keyof Access;

/** How each is shown. */
const showing: {
  readonly [K in Kind]: (asked: NonNullable<Access[K]>, visit: Identified, edge: Edge) => Shown | Promise<Shown>;
} = {
  certificate: showCertificate,
  hotlink: showReferrer,
  signed: showSignature,
  basic: showPassword,
  jwt: showToken,
};

/** What costs least is asked first. */
const kinds = Object.keys(showing) as readonly Kind[];

/** Refuses who doesn't show all that the rule asks for; what was shown is for no room after this one. */
export function access(
  visit: Identified,
  { name, access: asked }: Rule,
  edge: Edge,
): Promise<Answer | Passed> | undefined {
  return asked && letIn(asked, visit, { name, edge });
}

interface Asking {
  /** The rule's. */
  readonly name: string;
  readonly edge: Edge;
}

async function letIn(asked: Access, visit: Identified, { name, edge }: Asking): Promise<Answer | Passed> {
  const passed: Passed[] = [];
  for (const kind of kinds) {
    if (asked[kind] === undefined) continue;
    const shown = await (showing[kind] as (of: unknown, ...rest: [Identified, Edge]) => Shown | Promise<Shown>)(
      asked[kind],
      visit,
      edge,
    );
    if (shown.kind === "passed") {
      passed.push(shown.passed);
      continue;
    }
    visit.trail.note("scrub", `${shown.because}:${kind}:${shown.flaw}:${tokenOf(name)}`);
    return refuse(shown.because, shown.fields);
  }
  return {
    fields: Object.assign({}, ...passed.map(({ fields }) => fields)) as NonNullable<Passed["fields"]>,
    query: passed.flatMap(({ query = [] }) => query),
  };
}
