/** Tables for terminals and Markdown. */

export interface Table {
  readonly title?: string;
  readonly columns: readonly string[];
  /** As many cells each as there are columns. */
  readonly rows: readonly (readonly string[])[];
}

/** Columns padded to equal width; columns whose cells all start with a digit or sign are set flush right. */
export function textTable({ title, columns, rows }: Table): string {
  const numeric = columns.map((_, i) => rows.length > 0 && rows.every((row) => /^[-+]?\d|^$|^-$/.test(row[i] ?? '')));
  const widths = columns.map((name, i) =>
    rows.reduce((most, row) => Math.max(most, (row[i] ?? '').length), name.length),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (numeric[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return [...(title === undefined ? [] : [title]), line(columns), rule, ...rows.map(line)].join('\n');
}

/** Pipes in cells are escaped; a title becomes a bold line above. */
export function markdownTable({ title, columns, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const head = [line(columns), line(columns.map(() => '---'))];
  return [...(title === undefined ? [] : [`**${title}**`, '']), ...head, ...rows.map(line)].join('\n');
}
