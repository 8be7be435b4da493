/** Where the law of the European Union applies. */

/**
 * Whether it does there: the 27 member states (Treaty on European Union, art. 52, as of 2020-02-01), and those of their
 * territories that belong to the Union and have a code of their own (Treaty on its functioning, art. 349 and 355).
 * @param code ISO 3166-1 alpha-2 in upper case; false for all that is none, such as "T1" (Tor).
 */
export function isInEuropeanUnion(code: string): boolean {
  return codes.has(code);
}

const members = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK";

/** Åland; French Guiana, Guadeloupe, Saint Martin, Martinique, Réunion, Mayotte. The Canaries, Azores and Madeira have none. */
const territories = "AX GF GP MF MQ RE YT";

const codes: ReadonlySet<string> = new Set(`${members} ${territories}`.split(" "));
