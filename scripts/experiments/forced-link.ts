/** Makes links that force variants, as the edge reads them. */
import { createHmac } from "node:crypto";
import { markOf, type Experiment } from "../../src/config/experiments.ts";
import { nearest } from "../../src/config/nearest.ts";
import { parseAddress } from "../../src/http/address.ts";
import { withoutParameters } from "../../src/http/query.ts";
import { linkParameter, linkPurpose, off } from "../../src/route/experiments/forced.ts";
import { unsealed } from "../../src/seal.ts";
import { CommandError } from "../command-error.ts";

/** Why there is no such link. */
class ForcedLinkError extends CommandError {}

/** A variant of an experiment, by their names. */
export interface Choice {
  readonly experiment: string;
  readonly variant: string;
}

export interface Linked {
  readonly choices: readonly Choice[];
  /** Milliseconds since the epoch. */
  readonly until: number;
  readonly key: string;
}

/** The URL by which who opens it sees these variants, until then, on that host. @throws ForcedLinkError when it is no URL. */
export function forcedLink(url: string, { choices, until, key }: Linked): string {
  const marks = choices.map(({ experiment, variant }) => markOf(experiment, variant)).join("");
  const { body, toMac } = unsealed(linkPurpose(addressOf(url).host), { text: marks, until });
  return linkTo(url, `${body}.${createHmac("sha256", key).update(toMac).digest("base64url")}`);
}

/** The URL by which a tester is a client like others again. @throws ForcedLinkError when it is no URL. */
export function unforcingLink(url: string): string {
  return linkTo(url, off);
}

function linkTo(url: string, value: string): string {
  const [before, fragment] = withoutParameters(addressOf(url), [linkParameter]).href.split("#", 2);
  const link = `${before}${before!.includes("?") ? "&" : "?"}${linkParameter}=${value}`;
  return fragment === undefined ? link : `${link}#${fragment}`;
}

function addressOf(url: string) {
  const address = parseAddress(url);
  if (address && /^https?:$/.test(address.protocol)) return address;
  throw new ForcedLinkError(`${url} is no URL such as https://www.example.com/.`);
}

/** @throws ForcedLinkError where there is no such experiment or variant: the link would do nothing. */
export function confirm(experiments: readonly Experiment[], { experiment, variant }: Choice): void {
  const found = named(experiments, experiment, "experiment");
  named(found.variants, variant, `variant of ${experiment}`);
}

function named<T extends { readonly name: string }>(all: readonly T[], name: string, what: string): T {
  const found = all.find((one) => one.name === name);
  if (found) return found;
  const names = all.map((one) => one.name);
  const meant = nearest(name, names);
  const hint = meant === undefined ? `there is ${names.join(", ") || "none"}.` : `did you mean ${meant}?`;
  throw new ForcedLinkError(`${name} is no ${what}: ${hint}`);
}
