/** What a rule may say. */
import * as v from "valibot";
import {
  compileAnswerText,
  compileText,
  compileWhen,
  compileWording,
  type Compiled,
  type Language,
} from "../../rules/rules.ts";
import { fieldName, fieldValue, whole, words } from "../forms.ts";
import { accessSchema } from "./access.ts";
import { compressRuleSchema } from "./compress.ts";
import { about, cel, distinct, nameOf, table, type Known } from "./parts.ts";
import { corsSchema } from "./cors.ts";
import { cookiesSchema } from "./cookies.ts";
import { balanceSchema, splitSchema } from "./balance.ts";
import { dictionarySchema } from "./dictionary.ts";
import { esiSchema } from "./esi.ts";
import { htmlSchema } from "./html.ts";
import { linksSchema } from "./links.ts";
import { preloadSchema } from "./preload.ts";
import { imageSchema } from "./image.ts";
import { limitSchema } from "./limit.ts";
import { mirrorSchema } from "./mirror.ts";
import { policySchema } from "./policy.ts";
import { respondSchema } from "./respond.ts";
import { rewriteSchema } from "./rewrite.ts";
import { securitySchema } from "./security.ts";
import { statusSchema } from "./status.ts";
import { textSchema } from "./text.ts";

export type RuleInput = v.InferOutput<ReturnType<typeof ruleSchema>>;
export type EditsInput<T> = v.InferOutput<ReturnType<typeof editsSchema<T>>>;

/** Compiles a text. */
type Compile<T> = (source: string, language: Language) => Compiled<T>;

/** Field name → its value, which may hold CEL. */
function fieldsSchema<T>(known: Known, compile: Compile<T>) {
  return v.record(fieldName, v.pipe(fieldValue, cel(compile, known)));
}

/**
 * Cookies have a name of their own each: what they are called is changed by `cookies`. Without a type of its own, or with one that was
 * another field's, nobody knows what a body is.
 */
const renamable = v.pipe(fieldName, v.notValues(["set-cookie", "content-type"], "a field that can be renamed"));

function editsSchema<T>(known: Known, compile: Compile<T>) {
  const fields = fieldsSchema(known, compile);
  return table({
    remove: about(v.exactOptional(v.array(fieldName), []), "Fields to take away; done first."),
    rename: about(
      v.exactOptional(v.record(renamable, renamable)),
      'Fields to go under another name, in place of what is there: { "x-old" = "x-new" }; done next.',
    ),
    set: about(v.exactOptional(fields, {}), "Fields to replace."),
    add: about(v.exactOptional(fields, {}), "Field lines to add to what is there; done last."),
  });
}

/** The members of a rule that make it do something. */
function actions(known: Known) {
  const text = cel(compileWording, known);
  return {
    block: about(
      v.exactOptional(
        v.union(
          [
            whole(400, 599),
            table({ status: v.exactOptional(whole(400, 599), 403), body: v.exactOptional(v.string()) }),
          ],
          "a status from 400 to 599, or { status, body }",
        ),
      ),
      "Refuse the request with this status, such as 403, or with { status, body }.",
    ),
    limit: about(v.exactOptional(limitSchema(known)), "Let so many visits through and no more."),
    score: about(v.exactOptional(whole(1, 100)), "Points for the visit's score."),
    access: about(v.exactOptional(accessSchema(known)), "Let in only who shows all of this."),
    challenge: about(
      v.exactOptional(v.literal(true)),
      "Let in only browsers that did some work, or waited. Needs the secret SIGNING_KEY.",
    ),
    redirect: about(
      v.exactOptional(
        v.union(
          [text, table({ to: text, status: v.exactOptional(v.picklist([301, 302, 303, 307, 308]), 302) })],
          "a text, or { to, status }",
        ),
      ),
      "Send the client to another URL, with status 302 or as { to, status }.",
    ),
    respond: about(v.exactOptional(respondSchema(known)), "Answer at once."),
    rewrite: about(
      v.exactOptional(rewriteSchema(known)),
      "Ask the origin for another path or query than the client asked for.",
    ),
    origins: about(
      v.exactOptional(distinct(nameOf("the name of an origin", known.origins))),
      "Use only these origins.",
    ),
    balance: about(v.exactOptional(balanceSchema(known)), "By what the origins are ordered, in place of the site's."),
    split: about(
      v.exactOptional(splitSchema(known)),
      "Deal visits out to several groups of origins by weight, each client always to the same: [{ origins, weight }, …].",
    ),
    mirror: about(
      v.exactOptional(mirrorSchema(known)),
      "Send a copy of what the origin is asked to others, whose answers nobody gets.",
    ),
    cache: about(v.exactOptional(policySchema), "What the cache does, over what the site says. false keeps it out."),
    dictionary: about(
      v.exactOptional(dictionarySchema),
      'Serve answers as dictionaries by which later versions are compressed (RFC 9842): "/app.*.js", or { match, id, ttl }.',
    ),
    headers: about(
      v.exactOptional(
        table({
          request: v.exactOptional(editsSchema(known, compileText)),
          response: v.exactOptional(editsSchema(known, compileAnswerText)),
        }),
      ),
      "Edit the request's fields on their way to the origin, and the response's on their way to the client.",
    ),
    esi: about(
      v.exactOptional(esiSchema),
      "Follow the Edge Side Includes of pages: true, or { timeout, fragments, depth }.",
    ),
    html: about(
      v.exactOptional(htmlSchema(known)),
      'Edit the elements of HTML pages: [{ at = "head", append = "…" }, …].',
    ),
    text: about(
      v.exactOptional(textSchema(known)),
      'Replace texts in bodies: [{ find = "…", with = "…" }, { pattern = "…", with = "…" }, …].',
    ),
    links: about(
      v.exactOptional(linksSchema),
      'Map the origins\' addresses also in JSON that stands in pages: { scripts = ["application/ld+json"] }.',
    ),
    nonce: about(
      v.exactOptional(v.literal(true)),
      "Mark the scripts and styles of HTML pages with a nonce that each visit has anew, and put it into Content-Security-Policy.",
    ),
    preload: about(
      v.exactOptional(preloadSchema),
      "Tell browsers in Link fields what the head of an HTML page loads, as learnt from it: true, or { most, preconnect }.",
    ),
    status: about(
      v.exactOptional(statusSchema),
      'Answers have another status, by their own: { "404" = 410, "5xx" = 503 }.',
    ),
    cors: about(v.exactOptional(corsSchema), "Which pages of other origins may ask, and read the answers."),
    cookies: about(v.exactOptional(cookiesSchema), "Edit cookies: the request's, and the response's."),
    security: about(
      v.exactOptional(securitySchema),
      "Add security headers where the response has none of its own: true for the usual ones, or a table.",
    ),
    image: about(
      v.exactOptional(imageSchema),
      "How images come, where the setting images says that the platform resizes them: { width, height, fit, quality, format }.",
    ),
    compress: about(
      v.exactOptional(compressRuleSchema),
      "Whether and how the response is compressed, over the settings.",
    ),
  };
}

/** The same of a variant of an experiment: all but what scrubbing does, which comes before it. */
export function variantActions(known: Known) {
  const {
    block: _block,
    limit: _limit,
    score: _score,
    access: _access,
    challenge: _challenge,
    ...others
  } = actions(known);
  return others;
}

export function ruleSchema(known: Known) {
  const does = actions(known);
  const names = Object.keys(does) as (keyof typeof does)[];
  return v.pipe(
    table({
      name: about(v.exactOptional(words), 'What the log calls it. Its place, such as "RULES.2", unless set.'),
      when: about(
        v.exactOptional(cel(compileWhen, known)),
        'A condition in CEL over request.* and client.*, inList() and inNet(). Always unless set. One that fails on a request, such as on a header that is not there, does not apply: ask `"x-name" in request.headers` first.',
      ),
      sites: about(
        v.exactOptional(distinct(nameOf("the name of a site", known.sites))),
        "The sites it is for, by name. All unless set.",
      ),
      monitor: about(
        v.exactOptional(v.boolean()),
        "What it would do is only noted on the trail and counted, and nothing happens.",
      ),
      ...does,
    }),
    v.check(
      (rule) => names.some((name) => rule[name] !== undefined),
      `a rule that does something (${names.join(", ")})`,
    ),
  );
}
