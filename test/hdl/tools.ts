/** Emits a design into a folder of its own and runs tools on it. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { lintVerilog, systemEnvironment } from '../../src/flow/index.ts';
import { type Design, emitVerilog, type VerilogOutput } from '../../src/hdl/index.ts';

export interface EmittedFolder {
  readonly folder: string;
  readonly output: VerilogOutput;
  /** Standard output and error of a tool that must succeed. */
  run(tool: string, ...args: string[]): string;
}

export const header = { generator: 'spinfire test', configuration: 'test' };

function writeVerilog(design: Design, folder: string): VerilogOutput {
  const output = emitVerilog(design, header);
  for (const { path, text } of output.files) writeFileSync(join(folder, path), text);
  return output;
}

/** Calls back with the emitted files; removes them afterwards. */
export function withVerilog<T>(design: Design, use: (emitted: EmittedFolder) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'spinfire-hdl-'));
  try {
    return use({
      folder,
      output: writeVerilog(design, folder),
      run: (tool, ...args) => execaSync(tool, args, { cwd: folder, all: true, reject: true }).all,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What verilator, Icarus and yosys say about a design; all three are silent about a good one. */
export async function lint(design: Design): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'spinfire-hdl-'));
  try {
    const { top, map } = writeVerilog(design, directory);
    const verilog = readdirSync(directory).filter((name) => name.endsWith('.v'));
    const options = { directory, verilog, top, sourceMap: map, logDirectory: join(directory, 'lint') };
    const said = await lintVerilog(options, systemEnvironment(process.env, process.cwd()));
    return said.map(({ text }) => text).join('\n');
  } finally {
    rmSync(directory, { recursive: true });
  }
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
