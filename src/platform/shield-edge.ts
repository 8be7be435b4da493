import type { Edge, Store } from "../edge.ts";
import { createFlights } from "./memory/flights.ts";
import { createOnce } from "./memory/once.ts";

/**
 * The edge of a shield, over that of the location it runs in: the same tiers and marks, but nothing of its own meets what
 * the location has. Its keys differ, so that each of the two keeps what it was told; and what is under way at the
 * location waits for the shield, so that the shield must not wait for it.
 */
export function createShieldEdge(edge: Edge): Edge {
  return {
    ...edge,
    store: apart(edge.store),
    flights: createFlights(edge.now),
    deferOnce: createOnce(edge.defer),
    shield: undefined,
  };
}

/** No key of a location begins so: those begin with a scheme. */
const keyPrefix = "shield ";

function apart({ match, put, delete: remove }: Store): Store {
  return {
    match: (key, wanted) => match(keyPrefix + key, wanted),
    put: (key, entry) => put(keyPrefix + key, entry),
    delete: (key) => remove(keyPrefix + key),
  };
}
