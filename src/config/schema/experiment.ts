/** What may be said of an experiment. */
import * as v from "valibot";
import { compileWhen } from "../../rules/rules.ts";
import { ownField, originName, whole } from "../forms.ts";
import { instant } from "../instant.ts";
import { duration, share } from "../quantity.ts";
import { varying } from "./balance.ts";
import { goalSchema, guardSchema, type GoalInput } from "./goal.ts";
import { about, agreeing, cel, distinct, nameOf, table, type Known } from "./parts.ts";
import { variantActions } from "./rule.ts";

export type ExperimentInput = v.InferOutput<ReturnType<typeof experimentSchema>>;
export type VariantInput = ExperimentInput["variants"][number];

export function experimentSchema(known: Known) {
  return v.pipe(
    table({
      name: about(originName, "What the trail, the origin and links call it."),
      sites: about(
        v.exactOptional(distinct(nameOf("the name of a site", known.sites))),
        "The sites it is on, by name. All unless set.",
      ),
      when: about(
        v.exactOptional(cel(compileWhen, known)),
        "Whom it is for: a condition in CEL, as rules have it. Everybody unless set.",
      ),
      share: about(v.exactOptional(share, "100%"), "How many of those clients take part."),
      per: about(
        v.exactOptional(varying(known)),
        "What tells clients apart, such as \"${request.cookies.user}\". Where it comes to nothing, or isn't set, that is what their cookie holds if it is sticky, and their address if it isn't.",
      ),
      sticky: about(
        v.exactOptional(v.pipe(duration, v.minValue(60_000, 'a duration of at least "1m"'))),
        "How long a cookie keeps clients in their variant, whatever becomes of the weights. Needs the secret SIGNING_KEY.",
      ),
      start: about(v.exactOptional(instant), "Nobody takes part before."),
      end: about(v.exactOptional(instant), "Nobody takes part from then on."),
      bots: about(v.exactOptional(v.boolean(), false), "Whether others than people take part."),
      paused: about(v.exactOptional(v.boolean(), false), "Whether nobody takes part, for now."),
      header: about(
        v.exactOptional(ownField),
        'A field by which the origin gets to know what a visit sees: "EXPERIMENT=VARIANT". What clients send in it is dropped.',
      ),
      variants: about(
        variantsSchema(known),
        "What clients may see, each client one of them. The first is the control, against which the others are judged.",
      ),
      goals: about(
        v.exactOptional(v.array(goalSchema), []),
        "What clients may come to do, each counted once a client. Needs the secret SIGNING_KEY.",
      ),
      guard: about(
        v.exactOptional(guardSchema),
        "How much worse than the control a variant may do before it is rolled back.",
      ),
    }),
    agreeing(({ goals, variants: [control] }) => [
      ...repeatedNames(goals),
      ...(control?.guard
        ? [{ at: ["variants", 0, "guard"] as const, value: control.guard, message: controlHasNone }]
        : []),
    ]),
    agreeing(({ start, end }) =>
      start !== undefined && end !== undefined && end <= start
        ? [{ at: ["end"], value: end, message: "after its start" }]
        : [],
    ),
  );
}

const controlHasNone = "nothing: the first variant is the control, and its guard would compare it with itself";

function repeatedNames(goals: readonly GoalInput[]) {
  return goals.flatMap(({ name }, index) =>
    goals.slice(0, index).some((earlier) => earlier.name === name)
      ? [{ at: ["goals", index, "name"] as const, value: name, message: "a name that no other goal has" }]
      : [],
  );
}

function variantsSchema(known: Known) {
  return v.pipe(
    v.array(
      table({
        name: about(originName, "What the trail, the origin and links call it."),
        weight: about(
          whole(0, 1000),
          "Its share beside the weights of the others. With 0 it gets no new clients, and keeps those that cookies keep in it.",
        ),
        guard: about(v.exactOptional(guardSchema), "In place of the experiment's."),
        ...variantActions(known),
      }),
    ),
    v.minLength(2, "a list with at least two members"),
    v.check(
      (all) => all.length === 0 || all.some(({ weight }) => weight > 0),
      "a list whose weights add up to more than 0",
    ),
  );
}
