/** A place on Earth: latitude −90…90 (north is positive) and longitude −180…180 (east is positive), in degrees. */
export type Position = readonly [latitude: number, longitude: number];

/**
 * Places by code, from a table written compactly: `code latitude longitude`, separated by commas. Tables are part of the
 * bundle and read when the isolate starts, so they are kept short rather than typed out as literals.
 */
export function readPlaces(table: string): ReadonlyMap<string, Position> {
  return new Map(
    table.split(",").map((place) => {
      const [code, latitude, longitude] = place.trim().split(" ");
      return [code!, [Number(latitude), Number(longitude)] as const];
    }),
  );
}
