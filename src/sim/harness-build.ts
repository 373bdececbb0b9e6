/** Builds the simulator of a core with Verilator, once for each content of its Verilog. */

import { createHash } from 'node:crypto';
import { copyFile, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type FoundTool,
  findTool,
  readSourceMap,
  runTool,
  type ToolEnvironment,
  translateMessages,
} from '../flow/index.ts';
import { isSealed, publish, withTemporaryFolder, withWorkFolder } from '../store/index.ts';
import type { CoreFiles } from './core-files.ts';
import { hasBus, probeFiles } from './probe.ts';
import { plainHeaders } from './verilator-make.ts';

export interface Harness {
  /** The simulator; runs with the core's folder as its working directory. */
  readonly executable: string;
  readonly directory: string;
  /** Width of every signal that can be sampled, by path (top's name left out). */
  readonly widths: ReadonlyMap<string, number>;
  /** False when it was there from an earlier run. */
  readonly built: boolean;
}

export interface HarnessOptions {
  /** Registers and ports can be sampled; without, Verilator may optimise them away and runs faster. */
  readonly sampled: boolean;
  /** Can write FST traces. */
  readonly trace: boolean;
  /** Counts lines and toggles, and writes them where `coverage=FILE` says. */
  readonly coverage?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (message: string) => void;
}

const sources = ['harness.cpp', 'sampler.h', 'stimulus.h', 'bus.h'];
const sourceFolder = fileURLToPath(new URL('../../sim/', import.meta.url));

const verilatorFlags = [
  ...['-O3', '--x-assign', 'unique', '--x-initial', 'unique', '-Wno-fatal', '--output-split', '20000'],
];

/** -O1 for what runs on every clock: at -O2 the compiler takes much longer than a run of a few images gains. */
const makeFlags = ['OPT_FAST=-O1 -fno-stack-protector', 'OPT_SLOW=-O0', 'OPT_GLOBAL=-O0', ...plainHeaders];

/** Compiles a core with its harness into a simulator, or takes the one that is kept from an earlier run. */
export async function buildHarness(
  core: CoreFiles,
  options: HarnessOptions,
  environment: ToolEnvironment,
): Promise<Harness> {
  const tools = {
    verilator: await findTool('verilator', environment),
    make: await findTool('make', environment),
    compiler: await findTool('g++', environment),
  };
  const files = await sourceFiles(core, options);
  const directory = join(core.buildDirectory, `verilator-${keyOf(core, options, tools, files)}`);
  const harness = { executable: join(directory, 'core'), directory };
  if (await isSealed(directory)) return { ...harness, widths: await readWidths(directory), built: false };

  options.onProgress?.(`building the simulator${options.trace ? ' with traces' : ''}`);
  const build = { core, options, environment, tools, directory };
  // Everything has a plain name in there: no blank, `$`, `#` or `:` of the core's own path reaches a makefile.
  await withTemporaryFolder(
    async (work) => {
      for (const [name, text] of files) await writeFile(join(work, name), text);
      await compile(build, work, [...files.keys()]);
      await withWorkFolder(core.buildDirectory, async (kept) => {
        await copyFile(join(work, 'objects', 'Vcore'), join(kept, 'core'));
        const list = { ...tools.verilator, command: join(kept, 'core'), args: [] };
        const run = { signal: options.signal, cwd: core.directory, env: environment.env };
        const { stdout } = await runTool(list, ['mode=list'], { ...run, logFile: `${directory}.list.log` });
        await writeFile(join(kept, 'signals.txt'), stdout);
        await publish(kept, directory);
      });
    },
    { plain: true },
  );
  await forgetOld(core.buildDirectory);
  return { ...harness, widths: await readWidths(directory), built: true };
}

/** All that the simulator is made from, by name: the core's Verilog, the harness, and what connects the two. */
async function sourceFiles(core: CoreFiles, options: HarnessOptions): Promise<Map<string, string>> {
  const files = new Map(core.verilog.map(({ path, text }) => [path, text]));
  for (const name of sources) files.set(name, await readFile(join(sourceFolder, name), 'utf8'));
  if (options.sampled) {
    const probe = probeFiles(core);
    files.set('spinfire_probe.sv', probe.module);
    files.set('probe.h', probe.header);
  }
  return files;
}

interface Tools {
  readonly verilator: FoundTool;
  readonly make: FoundTool;
  readonly compiler: FoundTool;
}

function keyOf(core: CoreFiles, options: HarnessOptions, tools: Tools, files: ReadonlyMap<string, string>): string {
  const flags = [...makeFlags, ...verilatorFlags, variantOf(options)];
  return hashOf([...versionsOf(tools), core.top, ...flags, ...[...files].flat()]);
}

/** What Verilator's run-time library is built for. */
const variantOf = ({ trace, coverage = false }: HarnessOptions) => `${trace}${coverage ? ' coverage' : ''}`;

function versionsOf({ verilator, compiler }: Tools): string[] {
  return [verilator, compiler].map(({ version, build }) => `${version} ${build ?? ''}`);
}

/** SHA-256, 12 hexadecimal digits; the parts' lengths count, so that text cannot move from one to the next. */
function hashOf(parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:${part}`);
  return hash.digest('hex').slice(0, 12);
}

interface Build {
  readonly core: CoreFiles;
  readonly options: HarnessOptions;
  readonly environment: ToolEnvironment;
  readonly tools: Tools;
  readonly directory: string;
}

async function compile(
  { core, options, environment, tools, directory }: Build,
  work: string,
  names: readonly string[],
) {
  const run = { signal: options.signal, cwd: work, env: environment.env };
  const marginBits = exitMarginBits(core);
  const defines = [
    ...(options.sampled ? ['SPINFIRE_PROBE'] : []),
    ...(options.trace ? ['SPINFIRE_TRACE'] : []),
    ...(options.coverage === true ? ['SPINFIRE_COVERAGE'] : []),
    ...(marginBits === undefined ? [] : [`SPINFIRE_EXIT_MARGIN_BITS=${marginBits}`]),
    ...(hasBus(core) ? ['SPINFIRE_BUS'] : []),
    ...(core.widths.has('image_dropped') ? ['SPINFIRE_DROPS'] : []),
  ];
  await runTool(
    tools.verilator,
    [
      ...['--cc', '--exe', '--prefix', 'Vcore', '--top-module', core.top, '--Mdir', 'objects', ...verilatorFlags],
      ...(options.trace ? ['--trace-fst'] : []),
      ...(options.coverage === true ? ['--coverage-line', '--coverage-toggle'] : []),
      ...['-I..', ...defines.map((define) => `-D${define}`)].flatMap((flag) => ['-CFLAGS', flag]),
      ...names.filter((name) => /\.s?v$/.test(name)),
      'harness.cpp',
    ],
    {
      ...run,
      logFile: `${directory}.verilator.log`,
      translate: (message) => translateMessages(message, readSourceMap(core.directory)),
    },
  );
  const objects = join(work, 'objects');
  const runtime = join(
    core.buildDirectory,
    `runtime-${hashOf([...versionsOf(tools), ...makeFlags, variantOf(options)])}`,
  );
  await copyRuntime(runtime, objects);
  const target = ['-s', '-j2', '-C', 'objects', '-f', 'Vcore.mk', 'Vcore', ...makeFlags];
  await runTool(tools.make, target, { ...run, logFile: `${directory}.make.log` });
  await keepRuntime(objects, runtime);
}

/** Width of the port `exit_margin`; undefined on a core without early exit. */
function exitMarginBits(core: CoreFiles): number | undefined {
  return core.widths.get('exit_margin');
}

/** Simulators that stay in a build folder; each is about a megabyte. */
const keptSimulators = 50;

async function forgetOld(buildDirectory: string): Promise<void> {
  const names = (await readdir(buildDirectory)).filter((name) => name.startsWith('verilator-'));
  const ages = await Promise.all(
    names.map(async (name) => ({
      name,
      time: (await stat(join(buildDirectory, name)).catch(() => undefined))?.mtimeMs ?? Date.now(),
    })),
  );
  const newest = new Set<string>();
  for (const { name } of ages.sort((a, b) => b.time - a.time)) {
    // A simulator's logs are called after it.
    const simulator = name.split('.')[0]!;
    if (newest.size < keptSimulators) newest.add(simulator);
    else if (!newest.has(simulator)) await rm(join(buildDirectory, name), { recursive: true, force: true });
  }
}

/** Verilator's own run-time library is the same for every core, and most of the compiler's work for a small one. */
const runtimeObject = /^verilated.*\.o$/;

async function copyRuntime(runtime: string, objects: string): Promise<void> {
  if (!(await isSealed(runtime))) return;
  for (const name of await readdir(runtime))
    if (runtimeObject.test(name)) await copyFile(join(runtime, name), join(objects, name));
}

async function keepRuntime(objects: string, runtime: string): Promise<void> {
  if (await isSealed(runtime)) return;
  await withWorkFolder(join(runtime, '..'), async (part) => {
    for (const name of await readdir(objects))
      if (runtimeObject.test(name)) await copyFile(join(objects, name), join(part, name));
    await publish(part, runtime);
  });
}

async function readWidths(directory: string): Promise<ReadonlyMap<string, number>> {
  const widths = new Map<string, number>();
  for (const line of (await readFile(join(directory, 'signals.txt'), 'utf8')).split('\n')) {
    const [path, width] = line.split(' ');
    if (path !== undefined && width !== undefined) widths.set(path, Number(width));
  }
  return widths;
}
