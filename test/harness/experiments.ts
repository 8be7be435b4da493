/** For stories of experiments: clients, and what each of their visits comes to. */
import type { OriginAnswer } from "./origin-answer.ts";
import { cacheStatus, createWorld, type World, type WorldOptions } from "./world.ts";

export const person = { "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0" };

export const SIGNING_KEY = "key of the story";

/** Told apart by a field, so that the story can have as many clients as it wants. */
export const perUser = { name: "checkout", per: '${request.headers["x-user"]}' };
export const control = { name: "control", weight: 1 };

/** Fresh for a minute, and its own text. */
export const page = (body: string): OriginAnswer => ({ body, headers: { "cache-control": "max-age=60" } });

export async function worldWith(
  experiments: readonly object[],
  { vars, ...options }: WorldOptions = {},
): Promise<World> {
  const { ports, ...others } = options;
  const world = createWorld({
    vars: { EXPERIMENTS: experiments, SIGNING_KEY, ...vars },
    ports: { random: spread(), ...ports },
    ...others,
  });
  for (const name of ["frankfurt", "virginia"] as const) {
    for (const path of ["/", "/short", "/other"]) await world.origin(name).answers(path, page(`${name} ${path}`));
  }
  return world;
}

/** Chance that is the same each time, and evenly spread. */
export function spread(): () => number {
  let at = 0;
  return () => (at = (at + (Math.sqrt(5) - 1) / 2) % 1);
}

export interface Sight {
  /** "checkout:short;by=hash", and so on. */
  readonly seen: readonly string[];
  readonly body: string;
  readonly cache: string;
  readonly response: Response;
}

/** What a visit comes to; what it stores is stored before the next. */
export async function see(world: World, headers: Readonly<Record<string, string>> = {}, target = "/"): Promise<Sight> {
  const response = await world.visit(target, { headers: { ...person, ...headers } });
  const body = await response.text();
  await world.settle();
  const trail = world.log.at(-1)!["trail"] as readonly string[];
  const seen = trail.flatMap((step) => (step.startsWith("route=experiment=") ? [step.slice(17)] : []));
  return { seen, body, cache: cacheStatus(response), response };
}

/** The first of u0, u1 … that sees this variant, as the header that it sends. */
export async function userIn(world: World, variant: string, experiment = "checkout"): Promise<Record<string, string>> {
  for (let number = 0; number < 200; number++) {
    const user = { "x-user": `u${number}` };
    const { seen } = await see(world, user, "/other");
    if (seen.includes(`${experiment}:${variant};by=hash`)) return user;
  }
  throw new Error(`nobody sees ${variant}`);
}

/** So many, one after the other. */
export async function seeTimes(world: World, times: number): Promise<readonly Sight[]> {
  const sights: Sight[] = [];
  for (let time = 0; time < times; time++) sights.push(await see(world));
  return sights;
}

/** The client's own cookies, as a browser would send them back. */
export function cookiesOf({ response }: Sight): Record<string, string> {
  const pairs = response.headers.getSetCookie().map((line) => line.split(";", 1)[0]!);
  return pairs.length === 0 ? {} : { cookie: pairs.join("; ") };
}
