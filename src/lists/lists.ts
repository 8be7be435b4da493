/** Door of the lists: named sets of address prefixes, autonomous systems, and plain strings such as country codes. */
import type { List } from "./fixed.ts";

export { decode, encode, ListError } from "./binary.ts";
export { FixedList, type List } from "./fixed.ts";
export { createListKeeper } from "./keeper.ts";
export { parseMember, type Member } from "./members.ts";
export { StoredList, type InStore, type ListSource } from "./stored.ts";
export type { PrefixTable } from "./table.ts";

/** All lists of a config, by name. */
export type Lists = ReadonlyMap<string, List>;
