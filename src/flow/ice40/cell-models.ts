/** Models of the iCE40's cells in Verilog, as yosys ships them, for those cells that a netlist has. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { missingTool } from '../../errors/index.ts';
import type { ToolEnvironment } from '../tools/environment.ts';
import { findTool } from '../tools/find.ts';

/** Names of signals that are added to the model of a block RAM: whether this clock edge reads or writes, and where it reads. */
export const ramSignals = { read: 'counted_read', write: 'counted_write', address: 'counted_address' } as const;

const counted = `
  /*verilator tracing_on*/
  wire ${ramSignals.read} = RCLKE & RE;
  wire ${ramSignals.write} = WCLKE & WE;
  wire [10:0] ${ramSignals.address} = RADDR;
  /*verilator tracing_off*/
`;

/**
 * @param types cells of the netlist
 * @throws missingTool when yosys has no models beside it
 */
export async function ice40CellModels(types: ReadonlySet<string>, environment: ToolEnvironment): Promise<string> {
  const yosys = await findTool('yosys', environment);
  const file = join(dirname(environment.which(yosys.command) ?? yosys.command), '../share/yosys/ice40/cells_sim.v');
  const text = await readFile(file, 'utf8').catch(() => {
    throw missingTool("yosys's models of the iCE40's cells are missing", {
      where: file,
      found: `yosys ${yosys.version} (${yosys.origin})`,
      expected: 'the folder share/yosys beside the folder of the program',
      help: 'use the yosys of Debian or of another package that has its share folder',
    });
  });
  return cutModels(text, types, file);
}

function cutModels(text: string, types: ReadonlySet<string>, file: string): string {
  const firstModule = text.search(/^module /m);
  const macros = text.slice(0, firstModule);
  const models = [...types].sort().map((type) => {
    const model = new RegExp(`^module ${type} [\\s\\S]*?^endmodule`, 'm').exec(text)?.[0];
    if (model === undefined) throw missingTool('yosys has no model of a cell', { where: file, found: type });
    return type === 'SB_RAM40_4K' ? model.replace('parameter INIT_FILE = "";', (line) => line + counted) : model;
  });
  // Verilator knows no default values of ports; yosys connects all that matter.
  return ['`define NO_ICE40_DEFAULT_ASSIGNMENTS', macros, ...models, ''].join('\n');
}
