/** The bench core in Verilator: built once for each content, run for a list of drives, its counts read back. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { planCore } from '../../src/core/index.ts';
import { readCurveFile } from '../../src/device/index.ts';
import { findTool, runTool, systemEnvironment } from '../../src/flow/index.ts';
import { emitVerilog } from '../../src/hdl/index.ts';
import { importOnnx } from '../../src/network/index.ts';
import type { Plan, PotentialTable } from '../../src/plan/index.ts';
import { inputStreamOf, neuronOf } from '../plan-parts.ts';
import { benchCore, benchLayers, type Source, sources } from './bench-core.ts';

export const maxLag = 64;
const lanes = 4;
const cache = fileURLToPath(new URL('../../build/test-simulators', import.meta.url));
const driver = fileURLToPath(new URL('./bench.cpp', import.meta.url));
const repository = new URL('../../', import.meta.url);

/** The plan of the reference core, four time steps side by side. */
export function referencePlan(): Plan {
  const file = (path: string) => readFileSync(new URL(path, repository));
  return planCore({
    name: 'digits',
    network: importOnnx(file('models/digits-cnn.onnx'), 'digits-cnn.onnx'),
    encoding: 'bernoulli',
    readout: 'potential',
    curve: readCurveFile(file('models/devices/spin-hall-300K-0p5ns.csv').toString(), 'spin-hall'),
    options: { timeLanes: lanes },
  });
}

/** What drives a group of passes: a table address for all neurons, a pixel for the encoder. */
export interface Drive {
  readonly address: number;
  readonly pixel: number;
}

/** One lane of one source. */
export interface Series {
  readonly source: Source;
  readonly lane: number;
}

/** Spikes and draws of one series under one drive; `probability` is what they should have. */
export interface SpikeCount {
  readonly series: Series;
  readonly probability: number;
  readonly draws: number;
  readonly spikes: number;
}

/** How often `first` spiked at a draw and `second` `lag` draws later, under one drive. */
export interface Coincidence {
  readonly first: number;
  readonly second: number;
  readonly lag: number;
  readonly draws: number;
  readonly both: number;
  readonly ofFirst: number;
  readonly ofSecond: number;
}

export interface GroupCounts {
  readonly drive: Drive;
  /** By series number. */
  readonly counts: readonly SpikeCount[];
  readonly coincidences: readonly Coincidence[];
}

export interface BenchRun {
  readonly series: readonly Series[];
  readonly groups: readonly GroupCounts[];
  /** Words that lane 0 of the first layer compared with in the first group. */
  readonly words: Uint16Array;
}

export const allSeries: readonly Series[] = sources.flatMap((source) =>
  Array.from({ length: lanes }, (_, lane) => ({ source, lane })),
);

/** Draws of a pass of each source. */
export function drawsOf(plan: Plan): readonly number[] {
  const { first, second } = benchLayers(plan);
  const { wordsPerTimeStep } = first.neuron.stream;
  return [
    wordsPerTimeStep,
    second.neuron.stream.wordsPerTimeStep,
    inputStreamOf(plan).wordsPerTimeStep,
    wordsPerTimeStep,
  ];
}

/** Probability of a spike by the table, and of the encoder by the pixel; exact but for the words' missing state. */
export function probabilityOf(plan: Plan, source: Source, drive: Drive): number {
  if (source === 'encoder') return (drive.pixel * 257 + (drive.pixel >> 7)) / 65536;
  const code = neuronOf(plan.layers[source === 'second layer' ? 1 : 0]).table[drive.address]!;
  return code === 65535 ? 1 : code / 65536;
}

export async function runBench(plan: Plan, drives: readonly Drive[], passes: number): Promise<BenchRun> {
  const executable = await buildBench(plan);
  const { first, second, poor } = benchLayers(plan);
  const potential = ({ tableShift, tableOffset }: PotentialTable, address: number) =>
    Math.round((address - tableOffset) * 2 ** tableShift);
  const input = [`${drives.length} ${passes}`];
  for (const { address, pixel } of drives) {
    const potentials = [first, second, poor].map(({ neuron }) => potential(neuron, address));
    input.push(`${potentials.join(' ')} ${pixel}`);
  }
  const wordFile = join(tmpdir(), `spinfire-words-${process.pid}-${performance.now()}`);
  try {
    const { stdout } = await execa(executable, [wordFile], {
      // The tables are read by relative paths.
      cwd: join(executable, '..'),
      input: `${input.join('\n')}\n`,
      encoding: 'buffer',
      maxBuffer: 2 ** 31,
    });
    const bytes = new Uint8Array(stdout);
    const words = new Uint8Array(readFileSync(wordFile));
    return {
      series: allSeries,
      groups: readGroups(plan, drives, passes, new Uint32Array(bytes.buffer)),
      words: new Uint16Array(words.buffer),
    };
  } finally {
    rmSync(wordFile, { force: true });
  }
}

function readGroups(plan: Plan, drives: readonly Drive[], passes: number, numbers: Uint32Array): GroupCounts[] {
  const draws = drawsOf(plan);
  let at = 0;
  const next = () => {
    if (at >= numbers.length) throw new Error('the bench printed too little');
    return numbers[at++]!;
  };
  const groups = drives.map((drive): GroupCounts => {
    const counts = allSeries.map((series): SpikeCount => {
      const probability = probabilityOf(plan, series.source, drive);
      return { series, probability, draws: draws[sources.indexOf(series.source)]! * passes, spikes: next() };
    });
    const coincidences: Coincidence[] = [];
    for (let first = 0; first < allSeries.length; first += 1) {
      for (let second = first; second < allSeries.length; second += 1) {
        const poor = [first, second].map((i) => allSeries[i]!.source === 'one bit a word');
        if (poor[0] !== poor[1]) continue;
        for (let lag = first === second ? 1 : -maxLag; lag <= maxLag; lag += 1) {
          const [both, ofFirst, ofSecond, drawn] = [next(), next(), next(), next()];
          coincidences.push({ first, second, lag, draws: drawn, both, ofFirst, ofSecond });
        }
      }
    }
    return { drive, counts, coincidences };
  });
  if (at !== numbers.length) throw new Error('the bench printed too much');
  return groups;
}

/** Returns the program; its folder holds the tables. */
async function buildBench(plan: Plan): Promise<string> {
  const output = emitVerilog(benchCore(plan), { generator: 'spinfire', configuration: 'bench' });
  const { first, second } = benchLayers(plan);
  const draws = drawsOf(plan);
  const shape = {
    LANES: lanes,
    MAX_LAG: maxLag,
    MAX_STEPS: plan.timeSteps.max,
    LONGEST: Math.max(...draws),
    FIRST_DRAWS: draws[0]!,
    SECOND_DRAWS: draws[1]!,
    ENCODER_DRAWS: draws[2]!,
    FIRST_BITS: first.accumulatorBits,
    SECOND_BITS: second.accumulatorBits,
  };
  const files = [
    ...output.files,
    { path: 'bench.cpp', text: readFileSync(driver, 'utf8') },
    {
      path: 'bench_shape.h',
      text: Object.entries(shape)
        .map((entry) => `#define ${entry.join(' ')}\n`)
        .join(''),
    },
    { path: 'words.vlt', text: `\`verilator_config\npublic_flat_rd -module "bench*_neurons*" -var "word"\n` },
  ];
  const environment = systemEnvironment(process.env, process.cwd());
  const verilator = await findTool('verilator', environment);
  const hash = createHash('sha256').update(verilator.version);
  for (const { path, text } of files) hash.update(`${path}\n${text}\n`);
  const folder = join(cache, `spikes-${hash.digest('hex').slice(0, 12)}`);
  const executable = join(folder, 'bench');
  if (existsSync(executable)) return executable;
  const work = `${folder}.partial-${process.pid}`;
  mkdirSync(work, { recursive: true });
  try {
    for (const { path, text } of files) writeFileSync(join(work, path), text);
    const verilog = output.files.filter(({ path }) => path.endsWith('.v')).map(({ path }) => path);
    const flags = ['--cc', '--exe', '--build', '-O3', '--x-assign', 'fast', '-Wno-fatal', '--top-module', 'bench'];
    const compiler = ['-CFLAGS', '-O2', '-MAKEFLAGS', 'OPT_FAST=-O2', '-MAKEFLAGS', 'OPT_SLOW=-O0'];
    await runTool(verilator, [...flags, ...compiler, '--Mdir', 'objects', 'words.vlt', ...verilog, 'bench.cpp'], {
      cwd: work,
      logFile: `${folder}.log`,
    });
    renameSync(join(work, 'objects', 'Vbench'), join(work, 'bench'));
    rmSync(join(work, 'objects'), { recursive: true });
    if (!existsSync(folder)) renameSync(work, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return executable;
}
