/** Where the people of a continent are. */
import { readPlaces, type Position } from "./position.ts";

/**
 * About the centre of the continent's population.
 * @param code AF, AN, AS, EU, NA, OC or SA.
 * @returns undefined for every other code.
 */
export function continentPosition(code: string): Position | undefined {
  return continents.get(code);
}

const continents = readPlaces("AF 7 17, AN -77.8 166.6, AS 27 95, EU 50 15, NA 35 -93, OC -32 150, SA -17 -57");
