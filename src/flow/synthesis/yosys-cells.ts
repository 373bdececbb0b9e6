/** Models of an FPGA's cells in Verilog, as yosys ships them, for those cells that a netlist has. */

import { join } from 'node:path';
import { missingTool } from '../../errors/index.ts';
import { withTemporaryFolder } from '../../store/index.ts';
import type { ToolEnvironment } from '../tools/environment.ts';
import { findTool } from '../tools/find.ts';
import { runTool } from '../tools/run.ts';

/**
 * @param modelFile among yosys's files: `ice40/cells_sim.v`
 * @param types cells of the netlist
 * @throws missingTool when yosys has no such file beside it, or no model of a cell
 */
export async function yosysCellModels(
  modelFile: string,
  types: ReadonlySet<string>,
  environment: ToolEnvironment,
): Promise<ReadonlyMap<string, string>> {
  const yosys = await findTool('yosys', environment);
  // `+/` is yosys's own name for the folder of what comes with it, wherever that is. Verilator knows no default values of ports; yosys
  // connects all that matter.
  const read = `read_verilog -defer -ppdump -DNO_ICE40_DEFAULT_ASSIGNMENTS +/${modelFile}`;
  const { stdout } = await withTemporaryFolder((cwd) =>
    runTool(yosys, ['-p', read], { cwd, logFile: join(cwd, 'models.log'), env: environment.env }),
  );
  const text = /^-- Verilog code after preprocessor --$([\s\S]*?)^-- END OF DUMP --$/m.exec(stdout)?.[1];
  if (text === undefined)
    throw missingTool("yosys's models of the cells are missing", {
      where: yosys.command,
      found: `yosys ${yosys.version} does not print +/${modelFile}`,
      expected: 'a yosys with the files that belong to it',
    });
  const known = new Map(
    [...text.matchAll(/^module (\w+)\b[\s\S]*?\bendmodule/gm)].map(([model, name]) => [name!, untimed(model)]),
  );
  const models = new Map<string, string>();
  const pending = [...types].sort().reverse();
  for (let type = pending.pop(); type !== undefined; type = pending.pop()) {
    const model = known.get(type);
    if (model === undefined) throw missingTool('yosys has no model of a cell', { where: modelFile, found: type });
    if (models.has(type)) continue;
    models.set(type, model);
    // A model may be made of others: `LUT2 lut2_0(...)`.
    for (const [, inner] of model.matchAll(/^\s*(\w+)\s*(?:#\s*\(|\w+\s*\()/gm))
      if (inner !== type && known.has(inner!)) pending.push(inner!);
  }
  return models;
}

/** Without its delays, which Verilator does not read where they hang on a parameter: `if (PREG == 0) specify ... endspecify`. */
function untimed(model: string): string {
  return model
    .replace(/(\)|\belse)(\s*)\bspecify\b[\s\S]*?\bendspecify\b/g, '$1$2begin end')
    .replace(/\bspecify\b[\s\S]*?\bendspecify\b/g, '');
}
