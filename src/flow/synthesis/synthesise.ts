/** Synthesis of a folder of Verilog, for FPGA families and for standard cells. */
import { copyFile, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { badInput } from '../../errors/index.ts';
import { readPlainFile, reasonOf } from '../../store/index.ts';
import type { MappedLine } from '../messages.ts';
import { hashOf, storeResult } from '../result-folder.ts';
import type { FoundTool, ToolEnvironment } from '../tools/environment.ts';
import { findIfThere, findTool } from '../tools/find.ts';
import { type AsicOptions, mapToCells } from './asic.ts';
import { gateModule, gatingFiles } from './clock-gating.ts';
import { readLiberty } from './liberty.ts';
import { mapTemplates } from './map-templates.ts';
import { type SynthesisRecord, type SynthesisResult, synthesisRecord } from './result.ts';
import { coarseScript, fpgaScript, intermediates, mappingScript, results } from './scripts.ts';
import { readSources, type SourceFile, type Sources } from './sources.ts';
import { readStatistics } from './statistics.ts';
import { countResources, type FpgaTarget, fpgaTable, mapFile, realCells, type Target } from './targets.ts';
import { runYosys, writeSources, type YosysRun } from './yosys.ts';

/** A core, a target, and what yosys is told besides. */
export interface SynthesisOptions {
  /** Holds the Verilog files and the memories' contents. */
  readonly directory: string;
  readonly top: string;
  /** Relative to `directory`. */
  readonly verilogFiles: readonly string[];
  readonly target: Target;
  /** Results go into a folder of it, `<target>-<hash>`, and are taken from there when nothing changed. */
  readonly outputDirectory: string;
  /** More options for the family's synthesis command, e.g. `-dsp`. */
  readonly synthOptions?: readonly string[];
  /** asic45: another liberty file. */
  readonly liberty?: string | undefined;
  /** asic45: what the mapper aims at, nanoseconds (default 10). */
  readonly clockPeriodNs?: number;
  /** asic45: registers of three bits and more that have an enable hang on gated clocks (default: on the clock, through a multiplexer). */
  readonly clockGating?: boolean | undefined;
  /** asic45: the clock's port (default clk). */
  readonly clockPort?: string;
  /** asic45: memories of more bits than this stay out of the cells (default 2048). */
  readonly macroBits?: number;
  /** More files of the design, that lie elsewhere. */
  readonly moreVerilog?: readonly SourceFile[];
  /** Verilog macros. */
  readonly defines?: Readonly<Record<string, string>>;
  /** From Verilog lines to TypeScript lines, for messages. */
  readonly sourceMap?: readonly MappedLine[];
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  readonly onProgress?: ((message: string) => void) | undefined;
}

/** Changes when a result is computed in another way from the same files. */
const recipeVersion = '5';

/** FreePDK45, 1.1 V, typical. */
export const usualLiberty = fileURLToPath(new URL('../../../constraints/asic45/gscl45nm.lib', import.meta.url));

/**
 * @throws missingTool without yosys; badInput for missing files; checkFailed with yosys's message, at the TypeScript line where the
 * map knows it, when it refuses the design
 */
export async function synthesise(options: SynthesisOptions, environment: ToolEnvironment): Promise<SynthesisResult> {
  const sources = await readSources(options);
  const asic = options.target === 'asic45' ? await asicOptions(options, environment) : undefined;
  const tool = await findTool('yosys', environment);
  const ingredients = [
    ...[recipeVersion, options.target, options.top, tool.version, tool.origin, ...(options.synthOptions ?? [])],
    ...(asic === undefined
      ? []
      : [asic.libertyText, `${asic.macroBits}`, `${asic.periodNs}`, asic.clockPort, asic.sta?.version ?? 'no OpenSTA']),
    ...scriptsOf(sources, options, asic),
    ...(await Promise.all(
      mapFilesOf(options.target, options.clockGating).map((name) => readFile(join(mapTemplates, name))),
    )),
    ...[...sources.verilog, ...sources.memories].flatMap(({ path, content }) => [path, content]),
  ];
  const stored = await storeResult<SynthesisRecord>({
    outputDirectory: options.outputDirectory,
    name: options.target,
    ingredients,
    read: (value) => synthesisRecord.safeParse(value).data,
    make: (folder) => makeResult(tool, sources, asic, options, folder, hashOf(ingredients), environment),
  });
  return { ...stored.record, directory: stored.directory, cached: stored.cached };
}

function plainLiberty(file: string): Buffer<ArrayBuffer> {
  try {
    return readPlainFile(file);
  } catch (cause) {
    throw badInput('the liberty file cannot be read', { where: file, found: reasonOf(cause) }, cause);
  }
}

async function asicOptions(options: SynthesisOptions, environment: ToolEnvironment): Promise<AsicOptions> {
  const file = options.liberty === undefined ? usualLiberty : resolve(environment.cwd, options.liberty);
  const libertyText = plainLiberty(file);
  return {
    liberty: readLiberty(libertyText.toString('utf8'), file),
    libertyText,
    macroBits: options.macroBits ?? 2048,
    periodNs: options.clockPeriodNs ?? 10,
    clockPort: options.clockPort ?? 'clk',
    clockGating: options.clockGating === true,
    sta: await findIfThere('sta', environment),
  };
}

/** The scripts as far as they are known before the run: a change of them is a change of the result. */
function scriptsOf(sources: Sources, options: SynthesisOptions, asic: AsicOptions | undefined): string[] {
  if (asic === undefined)
    return [fpgaScript(sources, fpgaTable[options.target as FpgaTarget], options.synthOptions ?? [])];
  const { periodNs, clockGating, liberty } = asic;
  const mapping = mappingScript({ top: sources.top, macros: [], periodPs: periodNs * 1000, clockGating });
  return [coarseScript(sources), mapping, ...(clockGating ? [gateModule(liberty)] : [])];
}

const mapFilesOf = (target: Target, gating = false) =>
  target === 'asic45' ? (gating ? [gatingFiles.registers] : []) : (fpgaTable[target].mapFiles ?? []);

async function makeResult(
  tool: FoundTool,
  sources: Sources,
  asic: AsicOptions | undefined,
  options: SynthesisOptions,
  folder: string,
  hash: string,
  environment: ToolEnvironment,
): Promise<SynthesisRecord> {
  const start = performance.now();
  // Logs of runs that fail stay; the folder goes.
  const logFile = (step: string) => join(folder, `${step}.log`);
  const failedLogFile = (step: string) => join(options.outputDirectory, `${options.target}-${hash}.${step}.log`);
  const run = {
    folder: join(folder, 'run'),
    sourceMap: options.sourceMap ?? [],
    signal: options.signal,
    timeoutMs: options.timeoutMs,
    onProgress: options.onProgress,
  };
  await writeSources(run.folder, sources);
  const record =
    asic === undefined
      ? await synthesiseFpga(
          tool,
          sources,
          options,
          { ...run, logFile: logFile('synth'), failedLogFile: failedLogFile('synth') },
          environment,
        )
      : await mapToCells(tool, sources, asic, { ...run, logFile, failedLogFile }, environment);
  await keepResults(run.folder, folder);
  const seconds = (performance.now() - start) / 1000;
  return { target: options.target, top: options.top, toolVersion: tool.version, seconds, ...record };
}

async function synthesiseFpga(
  tool: FoundTool,
  sources: Sources,
  options: SynthesisOptions,
  run: Omit<YosysRun, 'name' | 'script'>,
  environment: ToolEnvironment,
): Promise<Omit<SynthesisRecord, 'target' | 'top' | 'toolVersion' | 'seconds'>> {
  const target = fpgaTable[options.target as FpgaTarget];
  for (const name of mapFilesOf(options.target))
    await copyFile(join(mapTemplates, name), join(run.folder, mapFile(name)));
  const script = fpgaScript(sources, target, options.synthOptions ?? []);
  const warnings = await runYosys(tool, { ...run, name: 'synth', script }, environment);
  const file = join(run.folder, intermediates.statistics);
  const cells = realCells(readStatistics(await readFile(file, 'utf8'), file));
  return {
    cells,
    ...countResources(cells, target),
    notes: [...target.notes, `block RAMs of ${target.ramUnit}`],
    warnings,
    files: { json: results.json, verilog: results.verilog, log: 'synth.log' },
  };
}

/** The result's folder keeps what was made, not what it was made from. */
async function keepResults(run: string, folder: string): Promise<void> {
  for (const name of await readdir(join(run, 'out'))) {
    if (!name.startsWith('.')) await rename(join(run, 'out', name), join(folder, name));
  }
  await rm(run, { recursive: true, force: true });
}
