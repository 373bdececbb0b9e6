/** Which lines of a core's Verilog the hostile stimulus runs, and which bits it toggles, counted by Verilator and added up over several runs. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readSourceMap, type ToolEnvironment, translateMessages } from '../flow/index.ts';
import { withTemporaryFolder } from '../store/index.ts';
import { readCore } from './core-files.ts';
import { buildHarness } from './harness-build.ts';
import { runHarness } from './harness-run.ts';
import { hostileStimulus, withTies } from './hostile.ts';
import { resetClocks } from './reset.ts';
import { type CoreRun, stimulusOf } from './run.ts';
import type { ImageResult } from './stimulus.ts';

/** How much of one kind was reached. */
export interface Covered {
  readonly of: number;
  readonly covered: number;
  /** Never reached: `file:line signal[bit]`, with lines of TypeScript and Verilog; sorted. */
  readonly holes: readonly string[];
}

/** Of all instances of a module together. */
export interface VerilogCoverage {
  /** Lines, and the branches of statements. */
  readonly lines: Covered;
  /** Bits of ports, wires and registers; the contents of memories are left out. */
  readonly toggles: Covered;
  /** Runs that are added up. */
  readonly runs: number;
}

/** Hostile stimuli, each with mishaps in another order; the later ones start from random bits and are reset in the middle of their work. */
const seeds = [1, 2, 3];

/** @throws missingTool without Verilator; checkFailed when the simulator fails */
export async function verilogCoverage(options: CoreRun, environment: ToolEnvironment): Promise<VerilogCoverage> {
  const { plan, signal, directory } = options;
  const core = await readCore(directory, plan.name, options.buildDirectory);
  const cancel = signal ? { signal } : {};
  const harness = await buildHarness(core, { sampled: false, trace: false, coverage: true, ...cancel }, environment);
  const counts = new Map<string, number>();
  let results: ImageResult[] = [];
  for (const seed of seeds) {
    const hostile = hostileStimulus(plan, options.images, seed);
    const before = seed === 1 ? {} : { before: resetClocks(results, seed) };
    const stimulus = {
      ...stimulusOf({ ...options, ...(seed === 1 ? await withTies(plan, hostile) : hostile) }),
      ...before,
    };
    await withTemporaryFolder(async (folder) => {
      const file = join(folder, 'coverage.dat');
      const words = [`coverage=${file}`, `unset=${seed}`];
      const own: ImageResult[] = [];
      await runHarness({ core, harness, stimulus, maxTimeSteps: plan.timeSteps.max, words, signal }, undefined, {
        onResult: (result) => own.push(result),
      });
      if (seed === 1) results = own;
      for (const [point, count] of readCoverage(await readFile(file, 'latin1')))
        counts.set(point, (counts.get(point) ?? 0) + count);
    });
  }
  const sourceMap = readSourceMap(directory);
  return { ...summary(counts, (line) => translateMessages(line, sourceMap)), runs: seeds.length };
}

/** A bit of a word. */
const ofMemory = /\[\d+\]\[\d+\]/;

/** `kind file:line what` of each point of a file of Verilator's, instances added up, and how often it was reached. */
export function readCoverage(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, keys, count] = /^C '(.*)' (\d+)$/.exec(line) ?? [];
    if (keys === undefined) continue;
    const key = new Map(
      keys.split('\u0001').flatMap((item) => {
        const [name, value] = item.split('\u0002');
        return value === undefined ? [] : [[name!, value] as const];
      }),
    );
    const kind = key.get('page')?.split('/')[0] === 'v_toggle' ? 'toggle' : 'line';
    if (kind === 'toggle' && ofMemory.test(key.get('o') ?? '')) continue;
    const file = (key.get('f') ?? '').split('/').at(-1)!;
    const point = `${kind} ${file}:${key.get('l')} ${key.get('o') ?? ''}${kind === 'line' ? `:${key.get('n')}` : ''}`;
    counts.set(point, (counts.get(point) ?? 0) + Number(count));
  }
  return counts;
}

function summary(counts: ReadonlyMap<string, number>, translate: (line: string) => string) {
  const of = (kind: string): Covered => {
    const points = [...counts].filter(([point]) => point.startsWith(`${kind} `));
    const never = points.filter(([, count]) => count === 0).map(([point]) => point.slice(kind.length + 1));
    return { of: points.length, covered: points.length - never.length, holes: joined(never).map(translate) };
  };
  return { lines: of('line'), toggles: of('toggle') };
}

/** Bits of one signal are one hole; of a line's branches the kinds. */
function joined(points: readonly string[]): string[] {
  const bits = new Map<string, number[]>();
  for (const point of points) {
    const [, line, name, bit] = /^(\S+) (.*?)(?:\[(\d+)\])?$/.exec(point) ?? [];
    const key = `${line} ${(name ?? '').replace(/:\d+$/, '')}`;
    bits.set(key, [...(bits.get(key) ?? []), ...(bit === undefined ? [] : [Number(bit)])]);
  }
  return [...bits]
    .map(([key, all]) => {
      const sorted = all.sort((a, b) => b - a);
      return sorted.length === 0 ? key : `${key}[${sorted.length === 1 ? sorted[0] : `${sorted.join(',')}`}]`;
    })
    .sort();
}
