/** A core as `build` left it in a folder. */
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { badInput } from '../errors/index.ts';
import { coreShape, type VerilogFile, type VerilogRegister } from './verilog-registers.ts';

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
  const verilog = await Promise.all(
    names.map(async (path) => ({ path, text: await readFile(join(folder, path), 'utf8') })),
  );
  return {
    directory: folder,
    top,
    buildDirectory: buildDirectory === undefined ? join(folder, 'build') : resolve(buildDirectory),
    verilog,
    ...coreShape(verilog, top),
  };
}
