/** Rows under a head. Words stand to the left, and what begins with a figure to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, ...rows];
  const isFigures = (column: number): boolean =>
    rows.every((row) => /^([~≤]?\d|–|not )/.test(row[column] ?? '–'));
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) =>
          !isFigures(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function percent(part: number, whole: number): string {
  if (part === 0) return '0';
  const share = (100 * part) / whole;
  return share < 1 ? `${share.toFixed(1)} %` : `${Math.round(share)} %`;
}
