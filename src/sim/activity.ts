/**
 * What the cells of a mapped netlist do while real images run through it: toggles of every cell's output, and the accesses of every
 * memory. The netlist must answer as the golden model does, beat by beat and in the same clock cycles, or its activity is refused:
 * what is measured is what was verified.
 */
import { createHash } from 'node:crypto';
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { badInput, checkFailed } from '../errors/index.ts';
import { findTool, runTool, storeResult, type ToolEnvironment } from '../flow/index.ts';
import type { Plan } from '../plan/index.ts';
import { isSealed, publish, withTemporaryFolder, withWorkFolder } from '../store/index.ts';
import { goldenReference } from './golden.ts';
import { expectedBeats } from './testbench.ts';
import { netlistFlags, plainHeaders } from './verilator-make.ts';

export interface ActivityOptions {
  readonly plan: Plan;
  /** Verilog files of the netlist, its memories first or last. */
  readonly netlist: readonly string[];
  /** Models of the library's cells. */
  readonly cells: string;
  /** Pixels, image after image; three more than `count` keep the pipeline full while it is measured. */
  readonly images: Uint8Array;
  readonly timeSteps: number;
  /** Images that are measured, after the first. */
  readonly count: number;
  readonly buildDirectory: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((message: string) => void) | undefined;
}

/** One bit of a traced signal over the measured cycles. */
export interface BitActivity {
  readonly toggles: number;
  /** Cycles in which it was 1. */
  readonly high: number;
  /** Cycles in which any bit of its signal changed. */
  readonly changes: number;
}

/** Toggles and levels of the nets of a netlist, over some clock cycles. */
export interface Activity {
  /** Clock cycles measured: those between two results, `images` images apart. */
  readonly cycles: number;
  readonly images: number;
  /** SHA-256 of the netlist, 12 hexadecimal digits. */
  readonly netlistHash: string;
  /** An earlier run with the same netlist and images measured it. */
  readonly cached: boolean;
  /** By instance path and pin, `conv1/lane[0].unit/_567_/Q`; the bits of a bus from the lowest on. */
  readonly signals: ReadonlyMap<string, readonly BitActivity[]>;
}

/** Images that go through before the measurement, and those that follow it, so that all layers are at work all the time. */
export const warmImages = 1;
/** Images that follow those whose activity is measured, so that all layers stay busy. */
export const trailingImages = 2;

const harness = fileURLToPath(new URL('../../sim/activity.cpp', import.meta.url));

const verilatorFlags = [
  ...['-O3', ...netlistFlags, '--trace', '--trace-underscore', '-Wno-fatal', '-Wno-lint', '--output-split', '20000'],
];

/** The simulator is compiled once and runs a few images: the compiler's time counts, not the program's. */
const makeFlags = ['OPT_FAST=-O1', 'OPT_SLOW=-O0', 'OPT_GLOBAL=-O1', ...plainHeaders];

/** @throws checkFailed when the netlist does not do what the golden model does */
export async function netlistActivity(options: ActivityOptions, environment: ToolEnvironment): Promise<Activity> {
  const { plan, count, timeSteps } = options;
  const imageSize = plan.input.height * plan.input.width * plan.input.channels;
  const needed = warmImages + count + trailingImages;
  if (options.images.length < needed * imageSize)
    throw badInput('too few images for a measurement of activity', {
      found: `${options.images.length / imageSize}`,
      expected: `${needed}: ${count} and ${warmImages + trailingImages} around them`,
    });
  const images = options.images.subarray(0, needed * imageSize);
  const texts = await Promise.all(options.netlist.map((file) => readFile(file, 'utf8')));
  const netlistHash = createHash('sha256').update(texts.join('\n')).digest('hex').slice(0, 12);
  const directory = await buildSimulator(options, texts, environment);

  const expected = goldenBeats(options, images, imageSize);
  // The golden model's answers are among them: when it changes, what was kept is of no use.
  const parts = [directory, images, String(timeSteps), String(warmImages), String(count), expected.join('\n')];
  const { record, cached, ...stored } = await storeResult({
    outputDirectory: options.buildDirectory,
    name: 'activity',
    ingredients: parts,
    read: (value) => z.object({ cycles: z.number().positive() }).safeParse(value).data,
    make: async (folder) => {
      options.onProgress?.(`${count} images through the netlist`);
      await writeFile(join(folder, 'images.bin'), images);
      const verilator = await findTool('verilator', environment);
      const args = [
        'images.bin',
        String(imageSize),
        String(timeSteps),
        String(warmImages),
        String(count),
        'activity.txt',
        String(plan.pixelLanes),
      ];
      const { stdout } = await runTool({ ...verilator, command: join(directory, 'netlist'), args: [] }, args, {
        cwd: folder,
        logFile: `${directory}.run.log`,
        signal: options.signal,
        env: environment.env,
      });
      await rm(join(folder, 'images.bin'));
      return { cycles: compareBeats(stdout, expected) };
    },
  });
  return {
    cycles: record.cycles,
    images: count,
    netlistHash,
    cached,
    signals: readSignals(await readFile(join(stored.directory, 'activity.txt'), 'utf8')),
  };
}

/** `cycle data last` of each result beat of the images that are waited for. */
function goldenBeats({ plan, timeSteps, count }: ActivityOptions, pixels: Uint8Array, imageSize: number): string[] {
  return expectedBeats(
    goldenReference(plan),
    { pixels, imageSize, pixelLanes: plan.pixelLanes, timeSteps },
    plan.timeSteps.max,
  )
    .map(({ cycle, data, last }) => `${cycle} ${data} ${last ? 1 : 0}`)
    .slice(0, (warmImages + count) * (plan.readout.classes + 1));
}

/** Every result beat, and its clock cycle, as the golden model has it. @returns the measured cycles */
function compareBeats(stdout: string, expected: readonly string[]): number {
  const lines = stdout.trim().split('\n');
  const cycles = Number(/^cycles (\d+)$/.exec(lines.pop() ?? '')?.[1]);
  const wrong = lines.findIndex((line, beat) => line !== expected[beat]);
  if (wrong < 0 && lines.length === expected.length && cycles > 0) return cycles;
  throw checkFailed('the netlist differs from the golden model', {
    where: `result beat ${wrong < 0 ? lines.length : wrong} (cycle, data, last)`,
    found: wrong < 0 ? 'the end of the results' : (lines[wrong] ?? ''),
    expected: wrong < 0 ? `${expected.length} beats` : (expected[wrong] ?? 'no more beats'),
    help: 'spinfire verify tells whether the Verilog or its synthesis is wrong',
  });
}

function readSignals(text: string): Map<string, BitActivity[]> {
  const signals = new Map<string, BitActivity[]>();
  for (const line of text.split('\n')) {
    const [name, bit, toggles, high, changes] = line.split(' ');
    if (name === undefined || bit === undefined) continue;
    let bits = signals.get(name);
    if (bits === undefined) {
      bits = [];
      signals.set(name, bits);
    }
    bits[Number(bit)] = { toggles: Number(toggles), high: Number(high), changes: Number(changes) };
  }
  return signals;
}

/** @returns the folder that holds the program `netlist` */
async function buildSimulator(
  options: ActivityOptions,
  netlist: readonly string[],
  environment: ToolEnvironment,
): Promise<string> {
  const verilator = await findTool('verilator', environment);
  const make = await findTool('make', environment);
  const sources = [...netlist.map(traceInstances), traceOutputs(await readFile(options.cells, 'utf8'))];
  const hash = createHash('sha256');
  const versions = [verilator.version, verilator.build ?? '', (await findTool('g++', environment)).version];
  const told = [...versions, options.plan.name, ...verilatorFlags, ...makeFlags, await readFile(harness, 'utf8')];
  for (const part of [...told, ...sources]) hash.update(`${part.length}:${part}`);
  const directory = join(resolve(options.buildDirectory), `netlist-${hash.digest('hex').slice(0, 12)}`);
  if (await isSealed(directory)) return directory;

  options.onProgress?.('building the simulator of the netlist');
  await withTemporaryFolder(
    async (work) => {
      const names = sources.map((_, index) => `netlist_${index}.v`);
      await Promise.all(sources.map((text, index) => writeFile(join(work, names[index]!), text)));
      await copyFile(harness, join(work, 'activity.cpp'));
      // A netlist is nobody's handwriting: what the linter says of it helps nobody.
      await writeFile(join(work, 'quiet.vlt'), '`verilator_config\nlint_off\n');
      const run = { signal: options.signal, cwd: work, env: environment.env };
      await runTool(
        verilator,
        [
          ...['--cc', '--exe', '--prefix', 'Vcore', '--top-module', options.plan.name, '--Mdir', 'objects'],
          ...verilatorFlags,
          ...['quiet.vlt', ...names, 'activity.cpp'],
        ],
        { ...run, logFile: `${directory}.verilator.log` },
      );
      await runTool(make, ['-s', '-j2', '-C', 'objects', '-f', 'Vcore.mk', 'Vcore', ...makeFlags], {
        ...run,
        logFile: `${directory}.make.log`,
      });
      await withWorkFolder(resolve(options.buildDirectory), async (kept) => {
        await copyFile(join(work, 'objects', 'Vcore'), join(kept, 'netlist'));
        await publish(kept, directory);
      });
    },
    { plain: true },
  );
  return directory;
}

const on = '/*verilator tracing_on*/';
const off = '/*verilator tracing_off*/';

/** Cell models with only their outputs traced. */
function traceOutputs(text: string): string {
  return text
    .replace(/\boutput\b/g, `${on} output`)
    .replace(/\b(input|inout|assign|always)\b/g, `${off} $1`)
    .replace(/\bendmodule\b/g, `${off} endmodule`);
}

/** A netlist as yosys writes it: wires are the outputs of cells, which are traced there; instances keep their scopes. */
function traceInstances(text: string): string {
  if (!/^ {2}[\w\\]\S* \S+ +\($/m.test(text)) return text;
  let inside = false;
  return text
    .split('\n')
    .map((line) => {
      if (line.startsWith('module ')) {
        inside = false;
        return `${off}${line}`;
      }
      if (inside || !/^ {2}[\w\\]\S* \S+ +\($/.test(line)) return line;
      inside = true;
      return `${on}${line}`;
    })
    .join('\n');
}
