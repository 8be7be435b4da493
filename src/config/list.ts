/** Lists as they are written → as rules look in them. */
import { FixedList, StoredList, type List, type Lists, type ListSource, type Member } from "../lists/lists.ts";
import { parse } from "./parse.ts";
import type { Problem } from "./problem.ts";
import type { NamedPiece } from "./read.ts";
import { listSchema, type Stores } from "./schema/list.ts";

/** A list whose members are wrong is there all the same, so that one mistake makes one problem. */
export function compileLists(pieces: readonly NamedPiece[], stores: Stores, problems: Problem[]): Lists {
  const schema = listSchema(stores);
  const lists = new Map<string, List>();
  for (const [name, ofOne] of Map.groupBy(pieces, (piece) => piece.name)) {
    const parsed: (readonly Member[] | ListSource)[] = ofOne.map((piece) => parse(schema, piece, problems) ?? []);
    const source = parsed.find((one): one is ListSource => !isMembers(one));
    if (source && ofOne.length > 1) problems.push({ at: ofOne[1]!.at, says: elsewhere });
    lists.set(name, source ? new StoredList(source) : FixedList.of(parsed.filter(isMembers).flat()));
  }
  return lists;
}

const elsewhere = "The list is written in two places, of which one says that it is in a store: it can't be both.";

function isMembers(list: readonly Member[] | ListSource): list is readonly Member[] {
  return Array.isArray(list);
}
