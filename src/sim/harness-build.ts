/** Builds the simulator of a core with Verilator, once for each content of its Verilog. */

import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { badInput } from '../errors/index.ts';
import { findTool, readSourceMap, runTool, type ToolEnvironment, translateMessages } from '../flow/index.ts';
import type { CoreFiles } from './core-files.ts';
import { busOutputs, outputPorts } from './signals.ts';

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
  readonly signal?: AbortSignal;
  readonly onProgress?: (message: string) => void;
}

const sources = ['harness.cpp', 'sampler.h', 'stimulus.h', 'bus.h'];
const sourceFolder = fileURLToPath(new URL('../../sim/', import.meta.url));

/** -O1 for what runs on every clock: at -O2 the compiler takes much longer than a run of a few images gains. */
const makeFlags = ['OPT_FAST=-O1 -fno-stack-protector', 'OPT_SLOW=-O0', 'OPT_GLOBAL=-O0'];

/** The Verilator control file that makes the registers and the top's output ports readable by name. */
export function publicSignals(core: CoreFiles): string {
  const lines = new Set(core.registers.map(({ module, name }) => publicLine(module, name)));
  for (const port of [...outputPorts, ...(hasBus(core) ? busOutputs : [])]) lines.add(publicLine(core.top, port));
  return `\`verilator_config\n${[...lines].join('\n')}\n`;
}

/** Whether the core has a register bus. */
export function hasBus(core: CoreFiles): boolean {
  return core.registers.some(({ path }) => path === 'device_control.ack');
}

function publicLine(module: string, name: string): string {
  return `public_flat_rd -module "${module}" -var "${name}"`;
}

export async function buildHarness(
  core: CoreFiles,
  options: HarnessOptions,
  environment: ToolEnvironment,
): Promise<Harness> {
  for (const folder of [core.buildDirectory, sourceFolder]) refuseBlanks(folder);
  const verilator = await findTool('verilator', environment);
  const control = options.sampled ? publicSignals(core) : '`verilator_config\n';
  const texts = await Promise.all(sources.map((name) => readFile(join(sourceFolder, name), 'utf8')));
  const hash = createHash('sha256');
  const parts = [verilator.version, core.top, control, String(options.trace), ...makeFlags, ...texts];
  for (const part of [...parts, ...core.verilog.flatMap(({ path, text }) => [path, text])])
    hash.update(`${part.length}:${part}`);
  const directory = join(core.buildDirectory, `verilator-${hash.digest('hex').slice(0, 12)}`);
  const executable = join(directory, 'core');
  const known = await readWidths(directory, core.top);
  if (known) return { executable, directory, widths: known, built: false };

  options.onProgress?.(`building the simulator${options.trace ? ' with traces' : ''}`);
  const work = `${directory}.partial-${process.pid}`;
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  try {
    await writeFile(join(work, 'public.vlt'), control);
    const objects = join(work, 'objects');
    const marginBits = exitMarginBits(core);
    const run = { signal: options.signal, cwd: core.directory, env: environment.env };
    await runTool(
      verilator,
      [
        ...['--cc', '--exe', '--prefix', 'Vcore', '--top-module', core.top, '--Mdir', objects],
        ...['-O3', '--x-assign', 'unique', '--x-initial', 'unique', '-Wno-fatal', '--output-split', '20000'],
        ...(options.trace ? ['--trace-fst', '-CFLAGS', '-DSPINFIRE_TRACE'] : []),
        ...(marginBits === undefined ? [] : ['-CFLAGS', `-DSPINFIRE_EXIT_MARGIN_BITS=${marginBits}`]),
        ...(hasBus(core) ? ['-CFLAGS', '-DSPINFIRE_BUS'] : []),
        join(work, 'public.vlt'),
        ...core.verilog.map(({ path }) => path),
        join(sourceFolder, 'harness.cpp'),
      ],
      {
        ...run,
        logFile: `${directory}.verilator.log`,
        translate: (message) => translateMessages(message, readSourceMap(core.directory)),
      },
    );
    const make = await findTool('make', environment);
    const runtime = join(core.buildDirectory, `runtime-${verilator.version}${options.trace ? '-trace' : ''}`);
    await copyRuntime(runtime, objects);
    const target = ['-s', '-j2', '-C', objects, '-f', 'Vcore.mk', 'Vcore', ...makeFlags];
    await runTool(make, target, { ...run, logFile: `${directory}.make.log` });
    await keepRuntime(objects, runtime, work);
    await rename(join(objects, 'Vcore'), join(work, 'core'));
    const list = await runTool({ ...verilator, command: join(work, 'core'), args: [] }, ['mode=list'], {
      ...run,
      logFile: `${directory}.list.log`,
    });
    await rm(objects, { recursive: true, force: true });
    await rm(join(work, 'runtime'), { recursive: true, force: true });
    await writeFile(join(work, 'signals.txt'), list.stdout);
    // Someone else may have built the same in the meantime: theirs is as good.
    await rename(work, directory).catch(() => undefined);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  await forgetOld(core.buildDirectory);
  const widths = await readWidths(directory, core.top);
  if (!widths) throw new Error(`no signals in ${directory}`);
  return { executable, directory, widths, built: true };
}

/** Verilator's makefiles take a blank for the end of a name. */
function refuseBlanks(folder: string): void {
  if (!/\s/.test(folder)) return;
  throw badInput('no simulator can be built where a folder has a blank in its name', {
    where: folder,
    help: 'make takes the blank for the end of the name; move the core, or spinfire itself, to another folder',
  });
}

/** Width of the port `exit_margin`; undefined on a core without early exit. */
function exitMarginBits(core: CoreFiles): number | undefined {
  const top = core.verilog.find(({ path }) => path === `${core.top}.v`);
  const high = /input\s+(?:wire\s+)?\[(\d+):0\]\s+exit_margin\b/.exec(top?.text ?? '')?.[1];
  return high === undefined ? undefined : Number(high) + 1;
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
  const names = await readdir(runtime).catch(() => []);
  for (const name of names) await copyFile(join(runtime, name), join(objects, name));
}

async function keepRuntime(objects: string, runtime: string, work: string): Promise<void> {
  const part = join(work, 'runtime');
  await mkdir(part);
  for (const name of await readdir(objects))
    if (runtimeObject.test(name)) await copyFile(join(objects, name), join(part, name));
  // There from an earlier build: that one stays.
  await rename(part, runtime).catch(() => undefined);
}

/** Undefined when the simulator isn't there. */
async function readWidths(directory: string, top: string): Promise<ReadonlyMap<string, number> | undefined> {
  let text: string;
  try {
    text = await readFile(join(directory, 'signals.txt'), 'utf8');
  } catch {
    return undefined;
  }
  const prefix = `core.${top}`;
  const widths = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [scope, name, width] = line.split(' ');
    if (scope === undefined || name === undefined || !scope.startsWith(prefix)) continue;
    const instance = scope.slice(prefix.length + 1);
    widths.set(instance === '' ? name : `${instance}.${name}`, Number(width));
  }
  return widths;
}

/** How the harness names a signal: scope, then variable. */
export function harnessSignal(top: string, path: string): string {
  const dot = path.lastIndexOf('.');
  return dot < 0 ? `core.${top} ${path}` : `core.${top}.${path.slice(0, dot)} ${path.slice(dot + 1)}`;
}
