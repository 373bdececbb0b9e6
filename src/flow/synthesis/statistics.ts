/** What yosys counted, as records. */
import { z } from 'zod';
import { checkFailed } from '../../errors/index.ts';

export interface YosysStatistics {
  /** Cells of the whole design by type. */
  readonly total: Readonly<Record<string, number>>;
  /** Cells of each module by type; instances of other modules are among them, by the module's name. */
  readonly modules: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

const cells = z.object({ num_cells_by_type: z.record(z.string(), z.number()) });
const report = z.object({ modules: z.record(z.string(), cells), design: cells.optional() });

/** Lines of the plain report (`  counter   2`) that yosys 0.23 writes into its JSON where modules are nested twice. */
const hierarchyLine = /^ +[^\s"{}]+ +\d+\n/gm;

/** Reads what `stat -json` wrote. @param where the file, for errors */
export function readStatistics(text: string, where: string): YosysStatistics {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.replace(hierarchyLine, ''));
  } catch (cause) {
    throw unreadable(where, String(cause));
  }
  const result = report.safeParse(parsed);
  if (!result.success) throw unreadable(where, result.error.issues[0]?.message ?? 'another shape');
  const modules = Object.fromEntries(
    Object.entries(result.data.modules).map(([name, module]) => [plainName(name), module.num_cells_by_type]),
  );
  // A design of one module has no design section in some versions.
  const total = result.data.design?.num_cells_by_type ?? Object.values(modules)[0] ?? {};
  return { total, modules };
}

/**
 * Areas that `stat -liberty` printed, by module, each without what is instantiated in it; in the liberty file's unit of area.
 * The JSON of yosys 0.23 has no areas, so the text is read.
 */
export function readAreas(text: string): {
  readonly own: Readonly<Record<string, number>>;
  readonly total: number | undefined;
} {
  const own: Record<string, number> = {};
  let total: number | undefined;
  for (const [, isTop, name = '', area] of text.matchAll(/Chip area for (top )?module '(.*)': (\S+)/g)) {
    if (isTop) total = Number(area);
    else own[plainName(name)] = Number(area);
  }
  return { own, total };
}

/** Yosys writes `\name` for names that people gave. */
export function plainName(name: string): string {
  return name.startsWith('\\') ? name.slice(1) : name;
}

function unreadable(where: string, found: string) {
  return checkFailed('the statistics of yosys cannot be read', { where, found, expected: 'JSON of stat -json' });
}
