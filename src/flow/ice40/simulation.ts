/** A mapped iCE40 netlist made ready for a simulation that counts. */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { checkFailed } from '../../errors/index.ts';
import { storeResult } from '../result-folder.ts';
import type { SynthesisResult } from '../synthesis/result.ts';
import type { ToolEnvironment } from '../tools/environment.ts';
import { ice40CellModels } from './cell-models.ts';
import { type Ice40Netlist, readIce40Netlist, shortNamed } from './netlist.ts';

/** What simulates a mapped iCE40 netlist: its Verilog and the cells' models. */
export interface Ice40Simulation {
  readonly netlist: Ice40Netlist;
  /** SHA-256 of the netlist as yosys wrote it, 12 hexadecimal digits. */
  readonly netlistHash: string;
  /** The netlist with short names of cells. */
  readonly file: string;
  /** Models of its cells. */
  readonly cells: string;
}

/**
 * The netlist of a synthesis for iCE40 in a form that Verilator builds quickly, with models of its cells.
 *
 * @throws checkFailed when it has not the cells that yosys counted
 */
export async function ice40Simulation(
  synthesis: SynthesisResult,
  outputDirectory: string,
  environment: ToolEnvironment,
): Promise<Ice40Simulation> {
  const source = join(synthesis.directory, synthesis.files.verilog);
  const text = await readFile(source, 'utf8');
  const netlist = readIce40Netlist(text);
  const expected = Object.values(synthesis.cells).reduce((sum, count) => sum + count, 0);
  if (netlist.cells.length !== expected)
    throw checkFailed('the netlist has not the cells that yosys counted', {
      where: source,
      found: `${netlist.cells.length} cells`,
      expected: `${expected}`,
    });
  const models = await ice40CellModels(new Set(netlist.cells.map(({ type }) => type)), environment);
  const renamed = shortNamed(netlist);
  const { directory } = await storeResult({
    outputDirectory,
    name: 'ice40-simulation',
    ingredients: [renamed, models],
    read: (value) => z.object({ netlist: z.literal('netlist.v'), cells: z.literal('cells.v') }).safeParse(value).data,
    make: async (folder) => {
      await writeFile(join(folder, 'netlist.v'), renamed);
      await writeFile(join(folder, 'cells.v'), models);
      return { netlist: 'netlist.v' as const, cells: 'cells.v' as const };
    },
  });
  const netlistHash = createHash('sha256').update(text).digest('hex').slice(0, 12);
  return { netlist, netlistHash, file: join(directory, 'netlist.v'), cells: join(directory, 'cells.v') };
}
