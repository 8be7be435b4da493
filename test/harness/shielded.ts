/** A world with two locations and a shield that both ask: each with a store, flights and marks of its own. */
import type { Edge } from "../../src/edge.ts";
import type { Asked, Shield, Told } from "../../src/hop.ts";
import { forgetAtShield, journeyAtShield } from "../../src/journey.ts";
import { createShieldEdge } from "../../src/platform/shield-edge.ts";
import { createWorld, type World } from "./world.ts";

export interface Shielded {
  readonly here: World;
  readonly there: World;
  /** The place of the shield; nobody visits it. */
  readonly shield: World;
  /** What the locations asked so far. */
  readonly asked: readonly Asked[];
  /** What is under way everywhere comes to its end. */
  readonly settle: () => Promise<void>;
}

export interface ShieldedOptions {
  readonly vars?: Readonly<Record<string, unknown>>;
  /** Of both locations. */
  readonly ports?: Partial<Edge>;
  /** At the shield, over those. */
  readonly shieldVars?: Readonly<Record<string, unknown>>;
  readonly shieldPorts?: Partial<Edge>;
  /** The way to the shield, in place of one that works. */
  readonly way?: (way: Shield) => Shield;
}

/** One site, which asks the shield in western Europe. */
export function createShielded(options: ShieldedOptions = {}): Shielded {
  const { vars, ports, shieldVars, shieldPorts = {}, way = (same) => same } = options;
  const all = { SITES: [{ hosts: ["www.example.com"], balance: "first", cache: { shield: "weur" } }], ...vars };
  const shield = createWorld({ vars: { ...all, ...shieldVars }, ports: shieldPorts });
  const asked: Asked[] = [];
  const port = way(wayTo(shield, asked));
  const location = (): World => createWorld({ vars: all, ports: { ...ports, shield: port }, beside: shield });
  const [here, there] = [location(), location()];
  const settle = async (): Promise<void> => {
    for (const place of [here, there, shield, here, there]) await place.settle();
  };
  return { here, there, shield, asked, settle };
}

/** The way to a shield in that place. As on the platform, nothing but plain data and the body's bytes passes. */
export function wayTo(place: World, asked: Asked[] = []): Shield {
  const edge = createShieldEdge(place.edge);
  return {
    async ask(_, question) {
      asked.push(question);
      const told = await journeyAtShield(structuredClone(question), edge);
      return told.kind === "answer" ? carried(told) : structuredClone(told);
    },
    forget: async (_, key) => forgetAtShield(key, edge),
  };
}

function carried({ body, ...told }: Extract<Told, { kind: "answer" }>): Told {
  return { ...structuredClone(told), body };
}
