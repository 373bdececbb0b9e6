/** Runs many circuits at once in Verilator and in Icarus Verilog. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { type Design, emitVerilog } from '../../../src/hdl/index.ts';
import { benchFiles, type Job, unpackMismatch } from './bench.ts';

export interface SimulatorJob extends Job {
  readonly design: Design;
}

export type Simulator = 'verilator' | 'iverilog';

export interface SimulatorResult {
  /** Texts like `c12 o3 in cycle 4: ...`, and complaints of the tool about the emitted Verilog. */
  readonly mismatches: readonly { readonly circuit: string; readonly text: string }[];
  readonly warnings: readonly string[];
}

const main = `#include "Vbench.h"
#include "verilated.h"
double sc_time_stamp() { return 0; }
int main() {
  Vbench bench;
  while (!Verilated::gotFinish()) {
    bench.clk = 0;
    bench.eval();
    bench.clk = 1;
    bench.eval();
  }
}
`;

/** Runs every job's circuit over its cycles in the given simulators; all in one build of each. */
export async function simulate<S extends Simulator>(
  jobs: readonly SimulatorJob[],
  simulators: readonly S[],
): Promise<Record<S, SimulatorResult>> {
  const folder = mkdtempSync(join(tmpdir(), 'spinfire-random-'));
  try {
    const sources = writeSources(folder, jobs);
    const entries: [S, SimulatorResult][] = [];
    for (const simulator of simulators) {
      const { log, output } = await runners[simulator](folder, sources);
      if (!output.includes('DONE')) throw new Error(`${simulator} did not finish:\n${log}\n${output}`);
      entries.push([simulator, { mismatches: mismatches(output, jobs), warnings: warnings(log) }]);
    }
    return Object.fromEntries(entries) as Record<S, SimulatorResult>;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes all files; returns the names of the emitted Verilog. */
function writeSources(folder: string, jobs: readonly SimulatorJob[]): string[] {
  mkdirSync(folder, { recursive: true });
  const emitted = jobs.flatMap(
    ({ design }) => emitVerilog(design, { generator: 'test', configuration: 'random' }).files,
  );
  for (const { path, text } of [...emitted, ...benchFiles(jobs)]) writeFileSync(join(folder, path), text);
  writeFileSync(join(folder, 'main.cpp'), main);
  return emitted.map(({ path }) => path).filter((path) => path.endsWith('.v'));
}

const runners: Record<
  Simulator,
  (cwd: string, sources: readonly string[]) => Promise<{ log: string; output: string }>
> = {
  async verilator(cwd, sources) {
    // Without Verilator's own optimisations, which src/flow/workarounds.md knows to go wrong on circuits like these.
    const flags = ['--cc', '--exe', '--top-module', 'bench', '-Wall', '-Wno-fatal', '--x-initial', 'unique', '-O0'];
    const built = await run('verilator', [...flags, 'main.cpp', 'bench.v', ...sources], cwd);
    const make = [
      '-s',
      '-C',
      'obj_dir',
      '-f',
      'Vbench.mk',
      'Vbench',
      // In one file: Verilator's headers cost the compiler more than the circuits.
      'VM_PARALLEL_BUILDS=0',
      'OPT_FAST=-O0',
      'OPT_SLOW=-O0',
      'OPT_GLOBAL=-O0',
    ];
    await run('make', make, cwd);
    return { log: built, output: await run('obj_dir/Vbench', [], cwd) };
  },
  async iverilog(cwd, sources) {
    const flags = ['-g2001', '-Wall', '-s', 'clocked_bench', '-o', 'bench.vvp'];
    const log = await run('iverilog', [...flags, 'bench.v', ...sources], cwd);
    return { log, output: await run('vvp', ['-n', 'bench.vvp'], cwd) };
  },
};

async function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  const result = await execa(command, args, { cwd, all: true, reject: false });
  if (result.failed) throw new Error(`${command} failed:\n${(result.all ?? '').slice(0, 4000)}`);
  return result.all;
}

function mismatches(output: string, jobs: readonly SimulatorJob[]): SimulatorResult['mismatches'] {
  return output.split('\n').flatMap((line) =>
    unpackMismatch(line, jobs).map(({ circuit, cycle, output: name, expected, found }) => ({
      circuit,
      text: `${circuit}.${name} in cycle ${cycle}: ${found}, by the laws ${expected}`,
    })),
  );
}

/**
 * Complaints about the emitted files; those about the bench are its own. Random circuits ask questions whose answer Verilator knows
 * (`(a == a) < 1`), and it says so rightly.
 */
function warnings(log: string): string[] {
  const own = /\bbench\.v\b|check_\d+_|readmemh|-UNSIGNED|-CMPCONST/;
  return log
    .split('\n')
    .filter((line) => /warning/i.test(line) && !own.test(line) && !/warning description/.test(line));
}
