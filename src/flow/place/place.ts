/** A core with a plain serial line on a board: placed, routed, timed, made a bitstream. */
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { badInput } from '../../errors/index.ts';
import type { Plan } from '../../plan/index.ts';
import { boardConstraints } from '../boards/constraints.ts';
import type { Board } from '../boards/table.ts';
import type { MappedLine } from '../messages.ts';
import { hashOf, storeResult } from '../result-folder.ts';
import type { FoundTool, ToolEnvironment } from '../tools/environment.ts';
import { findIfThere, findTool } from '../tools/find.ts';
import { runTool } from '../tools/run.ts';
import { placeFamilyOf } from './families.ts';
import { synthesiseBoard } from './netlist.ts';
import { signalOrigins } from './report.ts';
import { type PlaceRun, placeWithSeeds } from './seeds.ts';

/** A core, a board, its clock, and which seeds are tried. */
export interface PlaceOptions {
  /** Holds the core's Verilog files and memories. */
  readonly directory: string;
  /** The core's module, with the ports that every core has. */
  readonly top: string;
  readonly verilogFiles: readonly string[];
  readonly board: Board;
  readonly plan: Plan;
  readonly outputDirectory: string;
  /** The core's clock; the board's usual one by default. The PLL comes as near as it can. */
  readonly clockMHz?: number | undefined;
  readonly baud?: number | undefined;
  /** Placement is tried with each, the best is kept (default 1, 2, 3). */
  readonly seeds?: readonly number[] | undefined;
  /** More options for the family's synthesis command, e.g. `-dsp` on iCE40. */
  readonly synthOptions?: readonly string[];
  readonly sourceMap?: readonly MappedLine[];
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((message: string) => void) | undefined;
}

const usage = z.object({ used: z.number(), available: z.number() });
/** What placement keeps of itself, and what `place --json` prints of it. */
export const placeRecord = z.object({
  board: z.string(),
  top: z.string(),
  clockMHz: z.number().describe('what the clock should do'),
  baud: z.number().describe('of the serial line'),
  fmaxMHz: z.number().describe('of the best placement'),
  timingMet: z.boolean().describe('false: a failed check'),
  utilisation: z.record(z.string(), usage).describe('of `luts`, `ffs`, `rams`, `dsps`, ...'),
  criticalPath: z
    .array(z.object({ kind: z.string(), delayNs: z.number(), signal: z.string(), origin: z.string().optional() }))
    .describe('the slowest path, from register to register'),
  seed: z.number().describe('that was best'),
  seeds: z
    .array(z.object({ seed: z.number(), fmaxMHz: z.number().optional(), problem: z.string().optional() }))
    .describe('what each gave: a router may not come to an end'),
  icetimeMHz: z.number().optional().describe('a second opinion, where icetime is installed'),
  bitstreamBytes: z.number(),
  tools: z.record(z.string(), z.string()).describe('their versions'),
  seconds: z.number().describe('what the run took, also when the result was kept from an earlier one'),
  files: z
    .object({ bitstream: z.string(), configuration: z.string(), report: z.string(), log: z.string() })
    .describe("in the result's folder"),
});

/** What placement and routing came to: clock, utilisation, slowest path, bitstream. */
export interface PlaceResult extends z.output<typeof placeRecord> {
  /** The result's folder; `files` are in it. */
  readonly directory: string;
  /** An earlier run with the same inputs, tools and options gave it. */
  readonly cached: boolean;
}

const recipeVersion = '4';

/** @throws missingTool without yosys, the family's nextpnr or its packer; checkFailed when the design does not fit */
export async function place(options: PlaceOptions, environment: ToolEnvironment): Promise<PlaceResult> {
  const { board } = options;
  const seeds = options.seeds ?? [1, 2, 3];
  if (seeds.length === 0) throw badInput('placement needs a seed', { expected: 'at least one' });
  const family = placeFamilyOf(board);
  const tools = {
    placer: await findTool(family.placer, environment),
    packer: await findTool(family.packer, environment),
    icetime: family.icetime && (await findIfThere('icetime', environment)),
  };
  const baud = options.baud ?? board.baud;
  const { design, synthesis } = await synthesiseBoard(options, environment);
  const netlist = await readFile(join(synthesis.directory, synthesis.files.json ?? ''), 'utf8');
  const constraints = boardConstraints(board);
  const ingredients = [
    ...[
      recipeVersion,
      board.name,
      JSON.stringify(board),
      tools.placer.version,
      tools.placer.origin,
      `${design.clockMHz}`,
      seeds.join(),
    ],
    ...[tools.icetime === undefined ? 'no icetime' : 'icetime', `${baud}`],
    ...[netlist, constraints],
  ];
  const stored = await storeResult({
    outputDirectory: options.outputDirectory,
    name: board.code,
    ingredients,
    read: (value) => placeRecord.safeParse(value).data,
    make: async (folder) => {
      const start = performance.now();
      await writeFile(join(folder, `pins.${family.pins}`), constraints);
      await writeFile(join(folder, 'netlist.json'), netlist);
      const run: PlaceRun = {
        ...{ board, family, folder, clockMHz: design.clockMHz, placer: tools.placer },
        logPrefix: join(options.outputDirectory, `${board.code}-${hashOf(ingredients)}`),
        env: environment.env,
        signal: options.signal,
        onProgress: options.onProgress,
      };
      const best = await placeWithSeeds(run, seeds);
      const icetimeMHz = tools.icetime && (await askIcetime(run, tools.icetime));
      const files = {
        bitstream: `board.${family.bitstream}`,
        configuration: `board.${family.routed}`,
        report: 'report.json',
        log: 'nextpnr.log',
      };
      const packing = {
        ...{ cwd: folder, logFile: join(folder, 'pack.log'), failedLogFile: `${run.logPrefix}.pack.log` },
        ...{ signal: run.signal, env: run.env },
      };
      const packArgs = [...family.packOptions(board.part), ...family.pack(files.configuration, files.bitstream)];
      await runTool(tools.packer, packArgs, packing);
      const origins = signalOrigins(netlist, 'board', options.sourceMap ?? [], family.additions);
      await rm(join(folder, 'netlist.json'));
      return {
        board: board.name,
        top: options.top,
        clockMHz: design.clockMHz,
        baud,
        fmaxMHz: best.report.fmaxMHz,
        timingMet: best.report.fmaxMHz >= design.clockMHz,
        utilisation: { ...best.report.utilisation },
        criticalPath: best.report.path.map((step) => ({
          ...step,
          origin: origins.get(step.signal.replace(/\[\d+\]$/, '')),
        })),
        seed: best.seed,
        seeds: best.all,
        ...(icetimeMHz === undefined ? {} : { icetimeMHz }),
        bitstreamBytes: (await stat(join(folder, files.bitstream))).size,
        tools: { yosys: synthesis.toolVersion, [family.placer]: tools.placer.version },
        seconds: synthesis.seconds + (performance.now() - start) / 1000,
        files,
      };
    },
  });
  return { ...stored.record, directory: stored.directory, cached: stored.cached };
}

/** A second opinion: where it cannot be had (Debian keeps icetime's data in a package of their own) the result lacks it. */
async function askIcetime(
  { board, family, folder, signal, env }: PlaceRun,
  icetime: FoundTool,
): Promise<number | undefined> {
  const args = [...(family.icetime?.(board.part) ?? []), '-p', 'pins.pcf', 'board.asc'];
  try {
    const { stdout } = await runTool(icetime, args, { cwd: folder, logFile: join(folder, 'icetime.log'), signal, env });
    const mhz = /\(([\d.]+) MHz\)/.exec(stdout)?.[1];
    return mhz === undefined ? undefined : Number(mhz);
  } catch (error) {
    if (signal?.aborted) throw error;
    return undefined;
  }
}
