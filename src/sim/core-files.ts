/** A core as `build` left it in a folder. */
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { badInput } from '../errors/index.ts';
import { expectPlainFile, readPlainFile } from '../store/index.ts';
import type { VerilogFile } from './verilog-modules.ts';
import { coreShape, type VerilogRegister } from './verilog-registers.ts';

/** A core's folder as the simulators want it: Verilog, top module, source map. */
export interface CoreFiles {
  /** Absolute. */
  readonly directory: string;
  readonly top: string;
  /** Where its simulators are built and kept, absolute. */
  readonly buildDirectory: string;
  /** The Verilog files of the folder, sorted by name; paths relative to it. */
  readonly verilog: readonly VerilogFile[];
  readonly registers: readonly VerilogRegister[];
  /** Bits of the top's ports, by name. */
  readonly widths: ReadonlyMap<string, number>;
  /** The Verilog was written by yosys, which has unrolled the generate loops; `registers` still has the paths of the source. */
  readonly unrolled?: boolean;
}

/** `buildDirectory` is `build` in the core's folder unless told otherwise; several cores can share one. Throws badInput for a folder without Verilog. */
export async function readCore(directory: string, top: string, buildDirectory?: string): Promise<CoreFiles> {
  const folder = resolve(directory);
  const entries = await readdir(folder).catch((cause: unknown) => {
    throw badInput('no core in this folder', { where: directory, help: 'write one with `spinfire build`' }, cause);
  });
  const names = entries.filter((name) => name.endsWith('.v')).sort();
  if (names.length === 0)
    throw badInput('no Verilog in this folder', { where: directory, help: 'write a core with `spinfire build`' });
  const verilog = names.map((path) => ({ path, text: readPlainFile(join(folder, path)).toString('utf8') }));
  // A simulator would wait for what nobody writes into a pipe.
  for (const name of entries.filter((entry) => entry.endsWith('.mem'))) expectPlainFile(join(folder, name));
  return {
    directory: folder,
    top,
    buildDirectory: buildDirectory === undefined ? join(folder, 'build') : resolve(buildDirectory),
    verilog,
    ...coreShape(verilog, top),
  };
}
