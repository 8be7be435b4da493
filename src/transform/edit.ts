/** The config's own words on an answer's fields: cookies, security headers, and the edits of rules. */
import type { Answer } from "../answer.ts";
import type { AnswerEdits, HeaderEdits } from "../config/model.ts";
import { editFields } from "../http/edit.ts";
import { varyBy } from "../http/vary.ts";
import type { Planned } from "../visit.ts";
import { changeCookies } from "./cookies.ts";
import { secure } from "./security.ts";
import { tellVarying } from "./varying.ts";

/** Fields that say how the bytes are to be read, which a rule would break, and that say what the edge did. */
const reserved: ReadonlySet<string> = new Set([
  "cache-status",
  "connection",
  "content-encoding",
  "content-length",
  "content-range",
  "keep-alive",
  "perigee-trail",
  "proxy-status",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** In place. The rules come last: their word stands. */
export function editAnswer(visit: Planned, answer: Answer): void {
  const { fields } = answer;
  if (visit.image?.isNegotiated) varyBy(fields, "Accept");
  tellVarying(visit, answer);
  const { security = [], edits, cookies = [] } = visit.finishing;
  changeCookies(fields, cookies, visit.site.sticky?.cookie);
  secure({ fields }, security, visit.url.protocol);
  const skipped = edits.flatMap((each) => editFields(fields, about(each, answer), { subject: visit, reserved }));
  for (const name of skipped) visit.trail.note("transform", `skipped:${name.replace(/[^\w-]/g, "_")}`);
}

/** The edits with texts about that answer. */
function about({ set, add, ...rest }: AnswerEdits, answer: Answer): HeaderEdits {
  const bound = (texts: AnswerEdits["set"]): HeaderEdits["set"] =>
    texts.map(([name, text]) => [name, (visit) => text(visit, answer)]);
  return { ...rest, set: bound(set), add: bound(add) };
}
