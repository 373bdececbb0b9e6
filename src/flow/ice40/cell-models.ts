/** Models of the iCE40's cells in Verilog, for those cells that a netlist has, with what is counted. */
import { yosysCellModels } from '../synthesis/yosys-cells.ts';
import type { ToolEnvironment } from '../tools/environment.ts';

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
  const models = await yosysCellModels('ice40/cells_sim.v', types, environment);
  const texts = [...models].map(([type, model]) =>
    type === 'SB_RAM40_4K' ? model.replace('parameter INIT_FILE = "";', (line) => line + counted) : model,
  );
  return [...texts, ''].join('\n');
}
