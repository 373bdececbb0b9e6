/** Emits a design into a folder of its own and runs tools on it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { type Design, emitVerilog, type VerilogOutput } from '../../src/hdl/index.ts';

export interface EmittedFolder {
  readonly folder: string;
  readonly output: VerilogOutput;
  /** Standard output and error of a tool that must succeed. */
  run(tool: string, ...args: string[]): string;
}

export const header = { generator: 'spinfire test', configuration: 'test' };

/** Calls back with the emitted files; removes them afterwards. */
export function withVerilog<T>(design: Design, use: (emitted: EmittedFolder) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'spinfire-hdl-'));
  try {
    const output = emitVerilog(design, header);
    for (const { path, text } of output.files) writeFileSync(join(folder, path), text);
    return use({
      folder,
      output,
      run: (tool, ...args) => execaSync(tool, args, { cwd: folder, all: true, reject: true }).all,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What verilator, Icarus and yosys say about a design; all three are silent about a good one. */
export function lint(design: Design): string {
  return withVerilog(design, ({ output, run }) => {
    const sources = output.files.map(({ path }) => path).filter((path) => path.endsWith('.v'));
    const yosys = run(
      'yosys',
      '-q',
      '-p',
      `read_verilog ${sources.join(' ')}; hierarchy -check -top ${output.top}; proc; check; select -assert-none t:$dlatch`,
    );
    return [
      run('verilator', '--lint-only', '-Wall', '--top-module', output.top, ...sources),
      run('iverilog', '-g2001', '-Wall', '-o', 'compiled', ...sources),
      yosys,
    ].join('');
  });
}

/** Number of cells of each kind after synthesis for iCE40. */
export function iceCells(design: Design): Record<string, number> {
  return withVerilog(design, ({ output, run }) => {
    const sources = output.files.map(({ path }) => path).filter((path) => path.endsWith('.v'));
    const log = run('yosys', '-p', `read_verilog ${sources.join(' ')}; synth_ice40 -top ${output.top}; stat`);
    const cells: Record<string, number> = {};
    for (const [, kind, count] of log.slice(log.lastIndexOf('Number of cells')).matchAll(/^ +(SB_\w+) +(\d+)$/gm)) {
      cells[kind!] = Number(count);
    }
    return cells;
  });
}
