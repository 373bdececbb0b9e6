/** What earlier commands left in a core's build folder, as sections of its report: syntheses and placements. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { toolsText } from '../flow/index.ts';
import type { HtmlSection } from '../report/index.ts';
import { parseJson, readPlainFile, textOf } from '../store/index.ts';
import type { OpenCore } from './folder/open.ts';

/** A core's folder, and where what is made of it is. */
type Kept = Pick<OpenCore, 'directory' | 'work'>;

/** Nothing of what never ran. */
export function storedSections(core: Kept): HtmlSection[] {
  return [synthesisSection(core), boardSection(core)].filter((section) => section !== undefined);
}

const synthesis = z.object({
  target: z.string(),
  toolVersion: z.string(),
  luts: z.number(),
  ffs: z.number(),
  rams: z.number(),
  dsps: z.number(),
  areaUm2: z.number().optional(),
  timing: z.object({ fmaxMHz: z.number() }).optional(),
});

function synthesisSection(core: Kept): HtmlSection | undefined {
  const rows = storedResults(core, 'synth', synthesis).map((cost) => [
    cost.target,
    ...[cost.luts, cost.ffs, cost.rams, cost.dsps].map(String),
    cost.areaUm2 === undefined ? '-' : `${Math.round(cost.areaUm2)} um2`,
    cost.timing === undefined ? '-' : `${cost.timing.fmaxMHz.toFixed(0)} MHz`,
    `yosys ${cost.toolVersion}`,
  ]);
  if (rows.length === 0) return undefined;
  return {
    title: 'Area and timing',
    tables: [{ columns: ['target', 'LUT', 'FF', 'RAM', 'DSP', 'cell area', 'clock', 'tool'], rows }],
  };
}

const placement = z.object({
  board: z.string(),
  clockMHz: z.number(),
  fmaxMHz: z.number(),
  timingMet: z.boolean(),
  utilisation: z.record(z.string(), z.object({ used: z.number(), available: z.number() })),
  criticalPath: z.array(z.object({ signal: z.string() })),
  tools: z.record(z.string(), z.string()),
});

function boardSection(core: Kept): HtmlSection | undefined {
  const rows = storedResults(core, 'place', placement).map((placed) => {
    const share = (resource: string) => {
      const { used, available } = placed.utilisation[resource] ?? { used: 0, available: 0 };
      return `${used} of ${available}`;
    };
    return [
      placed.board,
      `${placed.fmaxMHz.toFixed(1)} MHz`,
      `${placed.clockMHz} MHz ${placed.timingMet ? 'met' : 'MISSED'}`,
      share('luts'),
      share('rams'),
      `${placed.criticalPath.at(0)?.signal ?? '-'} to ${placed.criticalPath.at(-1)?.signal ?? '-'}`,
      toolsText(placed.tools),
    ];
  });
  if (rows.length === 0) return undefined;
  return {
    title: 'Boards',
    text: ['Placed and routed with a serial line.'],
    tables: [{ columns: ['board', 'clock at most', 'wanted', 'LUT', 'RAM', 'slowest path', 'tools'], rows }],
  };
}

/**
 * The newest record for each target or board, by their names. Folders of results are `<name>-<hash>`; those older than the core's plan are
 * of an earlier core.
 */
function storedResults<T>({ directory, work }: Kept, kind: string, shape: z.ZodType<T>): T[] {
  const folder = join(work, kind);
  const coreMs = statSync(join(directory, 'plan.json')).mtimeMs;
  const newest = new Map<string, { readonly ms: number; readonly record: T }>();
  for (const each of existsSync(folder) ? readdirSync(folder).sort() : []) {
    const file = join(folder, each, 'result.json');
    if (!existsSync(file)) continue;
    const ms = statSync(file).mtimeMs;
    const record = shape.safeParse(jsonIn(file)).data;
    const name = each.replace(/-[0-9a-f]+$/, '');
    if (record === undefined || ms < coreMs || ms <= (newest.get(name)?.ms ?? 0)) continue;
    newest.set(name, { ms, record });
  }
  return [...newest.values()].map(({ record }) => record);
}

/** Undefined for what is no JSON. */
function jsonIn(file: string): unknown {
  try {
    return parseJson(textOf(readPlainFile(file)));
  } catch {
    return undefined;
  }
}
