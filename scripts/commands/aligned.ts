/** The lines of a table for people, whose columns line up: to the left, and to the right those from `numbers` on. */
export function aligned(table: readonly (readonly string[])[], numbers = Number.POSITIVE_INFINITY): readonly string[] {
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table.map((row) =>
    row
      .map((cell, column) => (column < numbers ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join("  ")
      .trimEnd(),
  );
}
