/** What may be said of an origin. */
import * as v from "valibot";
import { derivedComponents } from "../../http/message-signature.ts";
import { bindingName, fieldName, originName, originUrl, place, whole } from "../forms.ts";
import { duration } from "../quantity.ts";
import { healthSchema } from "./health.ts";
import { maxConnectionsSchema, queueSchema, usualQueue } from "./overload.ts";
import { about, agreeing, distinct, nameOf, table, type Known } from "./parts.ts";

export type OriginInput = v.InferOutput<ReturnType<typeof originSchema>>;

export function originSchema(known: Known) {
  const secret = v.pipe(bindingName, nameOf("the name of a secret that is set", known.secrets));
  const fields = table({
    name: about(originName, "What rules, sites and the log call it. The client sees it only with the setting `trail`."),
    url: about(originUrl, "Where it is: http or https, host, port, and a path that is put before every request's."),
    at: about(
      v.exactOptional(place),
      "Where on Earth it stands: [latitude, longitude] in degrees, or the code of a country. Without it, it is tried after those whose place is known.",
    ),
    weight: about(v.exactOptional(whole(1, 1000), 1), "Its share, beside the weights of the others."),
    priority: about(
      v.exactOptional(whole(0, 100), 0),
      "Those of 0 are asked first; those of a higher number are backups for when all of a lower one are out.",
    ),
    region: about(
      v.exactOptional(originName),
      'Where what it serves may lie, such as "EU", for sites that are kept to regions.',
    ),
    maxConnections: about(
      v.exactOptional(maxConnectionsSchema),
      'How many requests at once it gets from one isolate of the edge. "adaptive": as many as its times show that it takes well.',
    ),
    queue: about(v.exactOptional(queueSchema), "Who waits when it has as many requests as it takes."),
    drain: about(
      v.exactOptional(v.boolean(), false),
      "Whether it gets no new clients; those that stick to it keep it.",
    ),
    health: about(
      v.exactOptional(healthSchema),
      "How it is asked whether it is well, by the edge itself and in the background. Needs the binding HEALTH.",
    ),
    via: about(
      v.exactOptional(v.pipe(bindingName, nameOf("the name of a fetcher binding", known.fetchers))),
      "The binding by which it is asked, in place of the Internet: a client certificate, a private network, or another Worker.",
    ),
    header: about(
      v.exactOptional(
        table({
          name: about(fieldName, "The name of the field."),
          secret: about(secret, "The secret that is its value, by its name."),
        }),
      ),
      "A field with a secret, by which it knows the edge.",
    ),
    sign: about(v.exactOptional(signSchema(secret)), "Requests to it are signed (RFC 9421)."),
  });
  return v.pipe(
    fields,
    agreeing(({ queue, maxConnections }) =>
      queue && maxConnections === undefined ? [{ at: ["queue"], value: queue, message: withoutLimit }] : [],
    ),
    v.transform(({ queue = usualQueue, ...rest }) => ({ ...rest, queue })),
  );
}

const withoutLimit = "of use without maxConnections, for nobody ever waits";

/** What stays the same on the way to an origin, unless somebody changes the request. */
const usualComponents = ["@method", "@authority", "@path", "@query"];

function signSchema(secret: v.GenericSchema<string>) {
  const component = v.union([v.picklist(derivedComponents), fieldName], "a derived component or the name of a field");
  return v.pipe(
    table({
      key: about(secret, "The secret that is the key, by its name: any text, or a private key for Ed25519 in PEM."),
      algorithm: about(v.exactOptional(v.picklist(["hmac-sha256", "ed25519"]), "hmac-sha256"), "How it signs."),
      keyid: about(v.exactOptional(originName), "By what the origin knows the key. The secret's name unless set."),
      components: about(
        v.exactOptional(distinct(component), usualComponents),
        "What is covered: derived components, and fields, where the request has them.",
      ),
      expires: about(
        v.exactOptional(v.pipe(duration, v.minValue(1000, "a duration of at least 1s")), "1m"),
        "How long a signature is good.",
      ),
      nonce: about(v.exactOptional(v.boolean(), false), "Whether each signature has a text that no other has."),
    }),
    v.transform(({ keyid, ...rest }) => ({ keyid: keyid ?? rest.key, ...rest })),
  );
}
