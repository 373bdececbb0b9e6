/** Models of the iCE40's cells in Verilog, as yosys ships them, for those cells that a netlist has. */
import { join } from 'node:path';
import { missingTool } from '../../errors/index.ts';
import { withTemporaryFolder } from '../../store/index.ts';
import type { ToolEnvironment } from '../tools/environment.ts';
import { findTool } from '../tools/find.ts';
import { runTool } from '../tools/run.ts';

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
  // `+/` is yosys's own name for the folder of what comes with it, wherever that is. Verilator knows no default values of ports; yosys
  // connects all that matter.
  const read = `read_verilog -defer -ppdump -DNO_ICE40_DEFAULT_ASSIGNMENTS +/${modelFile}`;
  const { stdout } = await withTemporaryFolder((cwd) =>
    runTool(yosys, ['-p', read], { cwd, logFile: join(cwd, 'models.log'), env: environment.env }),
  );
  const text = /^-- Verilog code after preprocessor --$([\s\S]*?)^-- END OF DUMP --$/m.exec(stdout)?.[1];
  if (text !== undefined) return cutModels(text, types);
  throw missingTool("yosys's models of the iCE40's cells are missing", {
    where: yosys.command,
    found: `yosys ${yosys.version} does not print +/${modelFile}`,
    expected: 'a yosys with the files that belong to it',
  });
}

const modelFile = 'ice40/cells_sim.v';

function cutModels(text: string, types: ReadonlySet<string>): string {
  const models = [...types].sort().map((type) => {
    const model = new RegExp(`^module ${type} [\\s\\S]*?^endmodule`, 'm').exec(text)?.[0];
    if (model === undefined) throw missingTool('yosys has no model of a cell', { where: modelFile, found: type });
    return type === 'SB_RAM40_4K' ? model.replace('parameter INIT_FILE = "";', (line) => line + counted) : model;
  });
  return [...models, ''].join('\n');
}
