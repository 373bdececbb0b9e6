/** A core with a plain serial line on a board: placed, routed, timed, made a bitstream. */
import { copyFile, readFile, rename, rm, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { badInput, checkFailed } from '../../errors/index.ts';
import type { MappedLine } from '../messages.ts';
import { hashOf, storeResult } from '../result-folder.ts';
import { synthesise } from '../synthesis/synthesise.ts';
import type { FoundTool, ToolEnvironment } from '../tools/environment.ts';
import { findIfThere, findTool } from '../tools/find.ts';
import { runTool } from '../tools/run.ts';
import { type Board, type BoardName, boardTable } from './boards.ts';
import { clocksPerBit, pllSettings } from './clocks.ts';
import { type PlacementReport, readPlacementReport, signalPlaces } from './report.ts';

export interface PlaceOptions {
  /** Holds the core's Verilog files and memories. */
  readonly directory: string;
  /** The core's module, with the ports that every core has. */
  readonly top: string;
  readonly verilogFiles: readonly string[];
  readonly board: BoardName;
  /** Bytes of an image: height * width * channels. */
  readonly pixels: number;
  /** Value of the core's port time_steps, and its width. */
  readonly timeSteps: { readonly value: number; readonly bits: number };
  /** Value of the port exit_margin of a core with early exit, and its width. */
  readonly exitMargin?: { readonly value: number; readonly bits: number };
  readonly outputDirectory: string;
  /** The core's clock; the board's usual one by default. The PLL comes as near as it can. */
  readonly clockMHz?: number | undefined;
  readonly baud?: number | undefined;
  /** Placement is tried with each, the best is kept (default 1, 2, 3). */
  readonly seeds?: readonly number[] | undefined;
  /** More options for synth_ice40, e.g. `-dsp`. */
  readonly synthOptions?: readonly string[];
  readonly sourceMap?: readonly MappedLine[];
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((message: string) => void) | undefined;
}

const usage = z.object({ used: z.number(), available: z.number() });
const placeRecord = z.object({
  board: z.string(),
  top: z.string(),
  /** What the clock should do. */
  clockMHz: z.number(),
  baud: z.number(),
  fmaxMHz: z.number(),
  timingMet: z.boolean(),
  utilisation: z.record(z.string(), usage),
  /** The slowest path, from register to register. */
  criticalPath: z.array(
    z.object({ kind: z.string(), delayNs: z.number(), signal: z.string(), place: z.string().optional() }),
  ),
  /** The seed that was best, and what each gave. */
  seed: z.number(),
  seeds: z.array(z.object({ seed: z.number(), fmaxMHz: z.number() })),
  /** By icetime, a second opinion; undefined where it is not installed. */
  icetimeMHz: z.number().optional(),
  bitstreamBytes: z.number(),
  tools: z.record(z.string(), z.string()),
  seconds: z.number(),
  files: z.object({ bitstream: z.string(), configuration: z.string(), report: z.string(), log: z.string() }),
});

export interface PlaceResult extends z.output<typeof placeRecord> {
  /** The result's folder; `files` are in it. */
  readonly directory: string;
  /** An earlier run with the same inputs, tools and options gave it. */
  readonly cached: boolean;
}

const templates = fileURLToPath(new URL('../../../rtl-templates/', import.meta.url));
const constraints = fileURLToPath(new URL('../../../constraints/', import.meta.url));
const recipeVersion = '1';

/** @throws missingTool without yosys, nextpnr-ice40 or icepack; checkFailed when the design does not fit */
export async function place(options: PlaceOptions, environment: ToolEnvironment): Promise<PlaceResult> {
  const board: Board = boardTable[options.board];
  const { exitMargin } = options;
  const seeds = options.seeds ?? [1, 2, 3];
  if (seeds.length === 0) throw badInput('placement needs a seed', { expected: 'at least one' });
  const tools = {
    nextpnr: await findTool('nextpnr-ice40', environment),
    icepack: await findTool('icepack', environment),
    icetime: await findIfThere('icetime', environment),
  };
  const pll = pllSettings(board.clockMHz, options.clockMHz ?? board.coreMHz);
  const baud = options.baud ?? board.baud;
  const synthesis = await synthesise(
    {
      directory: options.directory,
      top: 'board',
      verilogFiles: options.verilogFiles,
      moreVerilog: await readTemplates(options.board),
      defines: {
        SPINFIRE_CORE: options.top,
        SPINFIRE_TIME_STEPS: `${options.timeSteps.bits}'d${options.timeSteps.value}`,
        ...(exitMargin ? { SPINFIRE_EXIT_MARGIN: `${exitMargin.bits}'d${exitMargin.value}` } : {}),
        SPINFIRE_PIXELS: `${options.pixels}`,
        SPINFIRE_CLOCKS_PER_BIT: `${clocksPerBit(pll.outputMHz, baud)}`,
        SPINFIRE_DIVR: `${pll.divr}`,
        SPINFIRE_DIVF: `${pll.divf}`,
        SPINFIRE_DIVQ: `${pll.divq}`,
        SPINFIRE_FILTER_RANGE: `${pll.filterRange}`,
      },
      target: board.family,
      outputDirectory: options.outputDirectory,
      synthOptions: options.synthOptions ?? [],
      sourceMap: options.sourceMap ?? [],
      signal: options.signal,
      onProgress: options.onProgress,
    },
    environment,
  );
  const netlist = await readFile(join(synthesis.directory, synthesis.files.json ?? ''));
  const pinFile = join(constraints, options.board, `${options.board}.pcf`);
  const ingredients = [
    ...[recipeVersion, options.board, tools.nextpnr.version, tools.nextpnr.origin, `${pll.outputMHz}`, seeds.join()],
    ...[tools.icetime === undefined ? 'no icetime' : 'icetime', `${baud}`],
    ...[netlist, await readFile(pinFile)],
  ];
  const stored = await storeResult({
    outputDirectory: options.outputDirectory,
    name: options.board,
    ingredients,
    read: (value) => placeRecord.safeParse(value).data,
    make: async (folder) => {
      const start = performance.now();
      await copyFile(pinFile, join(folder, 'pins.pcf'));
      await copyFile(join(synthesis.directory, synthesis.files.json ?? ''), join(folder, 'netlist.json'));
      const run: Run = {
        options,
        board,
        clockMHz: pll.outputMHz,
        folder,
        hash: hashOf(ingredients),
        tools,
        environment,
      };
      const best = await placeWithSeeds(run, seeds);
      const icetimeMHz = await askIcetime(run);
      await pack(run);
      const places = signalPlaces(netlist.toString('utf8'), 'board', options.sourceMap ?? []);
      await rm(join(folder, 'netlist.json'));
      return {
        board: options.board,
        top: options.top,
        clockMHz: pll.outputMHz,
        baud,
        fmaxMHz: best.report.fmaxMHz,
        timingMet: best.report.fmaxMHz >= pll.outputMHz,
        utilisation: { ...best.report.utilisation },
        criticalPath: best.report.path.map((step) => ({
          ...step,
          place: places.get(step.signal.replace(/\[\d+\]$/, '')),
        })),
        seed: best.seed,
        seeds: best.all,
        ...(icetimeMHz === undefined ? {} : { icetimeMHz }),
        bitstreamBytes: (await stat(join(folder, 'board.bin'))).size,
        tools: { yosys: synthesis.toolVersion, 'nextpnr-ice40': tools.nextpnr.version },
        seconds: synthesis.seconds + (performance.now() - start) / 1000,
        files: { bitstream: 'board.bin', configuration: 'board.asc', report: 'report.json', log: 'nextpnr.log' },
      };
    },
  });
  return { ...stored.record, directory: stored.directory, cached: stored.cached };
}

async function readTemplates(board: BoardName) {
  const files = ['serial_receiver.v', 'serial_transmitter.v', 'serial_core.v', `boards/${board}.v`];
  return Promise.all(
    files.map(async (file) => ({
      path: `spinfire_${file.replace('/', '_')}`,
      content: await readFile(join(templates, file)),
    })),
  );
}

interface Run {
  readonly options: PlaceOptions;
  readonly board: Board;
  readonly clockMHz: number;
  readonly folder: string;
  readonly hash: string;
  readonly tools: { readonly nextpnr: FoundTool; readonly icepack: FoundTool; readonly icetime: FoundTool | undefined };
  readonly environment: ToolEnvironment;
}

interface Placed {
  readonly seed: number;
  readonly report: PlacementReport;
  readonly all: { seed: number; fmaxMHz: number }[];
}

/** Tries the seeds, as many at once as there are cores, and keeps the files of the best. */
async function placeWithSeeds(run: Run, seeds: readonly number[]): Promise<Placed> {
  const results: { seed: number; report: PlacementReport }[] = [];
  const waiting = [...seeds];
  const worker = async () => {
    for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
      run.options.onProgress?.(`nextpnr: seed ${seed}`);
      results.push({ seed, report: await placeOnce(run, seed) });
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), seeds.length) }, worker));
  results.sort((a, b) => b.report.fmaxMHz - a.report.fmaxMHz || a.seed - b.seed);
  const best = results[0]!;
  const keep = (name: string, to: string) => rename(join(run.folder, name), join(run.folder, to));
  await keep(`${best.seed}.asc`, 'board.asc');
  await keep(`${best.seed}.json`, 'report.json');
  await rename(logOf(run, best.seed), join(run.folder, 'nextpnr.log'));
  for (const { seed } of results.slice(1)) {
    for (const name of [`${seed}.asc`, `${seed}.json`]) await rm(join(run.folder, name));
    await rm(logOf(run, seed));
  }
  const all = results.map(({ seed, report }) => ({ seed, fmaxMHz: report.fmaxMHz })).sort((a, b) => a.seed - b.seed);
  return { ...best, all };
}

const logOf = ({ options, hash }: Run, seed: number) =>
  join(options.outputDirectory, `${options.board}-${hash}.seed-${seed}.log`);

async function placeOnce(run: Run, seed: number): Promise<PlacementReport> {
  const { folder, board, clockMHz, environment, options } = run;
  const args = [
    ...board.part,
    ...['--json', 'netlist.json', '--pcf', 'pins.pcf', '--asc', `${seed}.asc`, '--report', `${seed}.json`],
    ...['--freq', `${clockMHz}`, '--seed', `${seed}`, '--timing-allow-fail'],
  ];
  const log = { cwd: folder, logFile: logOf(run, seed), signal: options.signal, env: environment.env };
  await runTool(run.tools.nextpnr, args, log).catch((error: unknown) => {
    throw explainOverflow(error, board);
  });
  const file = join(folder, `${seed}.json`);
  return readPlacementReport(await readFile(file, 'utf8'), file);
}

/** nextpnr says of a design that is too large only that a cell found no place. */
function explainOverflow(error: unknown, board: Board): unknown {
  if (!(error instanceof Error)) return error;
  const found = /(Unable to place cell .*|failed to place|no more .* available|no available .*)/i.exec(
    error.message,
  )?.[1];
  if (found === undefined) return error;
  return checkFailed('the design does not fit the board', {
    found,
    expected: `at most ${board.luts} LUTs, ${board.rams} block RAMs and ${board.dsps} DSPs on ${board.title}`,
    help: 'build the core with fewer lanes, or with --fit for this board',
  });
}

/** A second opinion: where it cannot be had (Debian keeps icetime's data in a package of their own) the result lacks it. */
async function askIcetime({ tools, board, folder, options, environment }: Run): Promise<number | undefined> {
  if (tools.icetime === undefined) return undefined;
  const args = ['-d', board.icetimeDevice, '-P', board.package, '-p', 'pins.pcf', 'board.asc'];
  const run = { cwd: folder, logFile: join(folder, 'icetime.log'), signal: options.signal, env: environment.env };
  try {
    const { stdout } = await runTool(tools.icetime, args, run);
    const mhz = /\(([\d.]+) MHz\)/.exec(stdout)?.[1];
    return mhz === undefined ? undefined : Number(mhz);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    return undefined;
  }
}

async function pack({ tools, folder, options, environment }: Run): Promise<void> {
  const logFile = join(folder, 'icepack.log');
  await runTool(tools.icepack, ['board.asc', 'board.bin'], {
    ...{ cwd: folder, logFile, signal: options.signal, env: environment.env },
  });
}
