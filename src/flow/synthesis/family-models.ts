/** A model for each cell of a family's netlist: yosys's, and ours for what it has as a black box, wrongly or not at all. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { ToolEnvironment } from '../tools/environment.ts';
import type { FpgaTarget } from './targets.ts';
import { yosysCellModels } from './yosys-cells.ts';

const ownModels = new URL('../../../sim/cells/', import.meta.url);

/** yosys's file, ours, and the cells that are not taken from yosys's; PLLs among them are the simulator's own (sim/board/pll_models.v). */
const families: Readonly<Record<FpgaTarget, { readonly yosys: string; readonly own?: string; readonly mine: RegExp }>> =
  {
    ice40: { yosys: 'ice40/cells_sim.v', mine: /^SB_PLL40_/ },
    ecp5: { yosys: 'ecp5/cells_sim.v', own: 'ecp5.v', mine: /^(EHXPLLL|DP16KD|MULT18X18D)$/ },
    gowin: { yosys: 'gowin/cells_sim.v', own: 'gowin.v', mine: /^(rPLL|ALU|pROM|pROMX9|SDPB|SDPX9B)$/ },
    xilinx: { yosys: 'xilinx/cells_sim.v', own: 'xilinx.v', mine: /^(MMCME2_BASE|BUFG|RAMB18E1|RAMB36E1)$/ },
  };

/**
 * @param types cells of the netlist
 * @returns Verilog files to simulate it with
 * @throws missingTool when there is no model of a cell
 */
export async function familyModels(
  family: FpgaTarget,
  types: Iterable<string>,
  environment: ToolEnvironment,
): Promise<readonly { readonly path: string; readonly text: string }[]> {
  const { yosys, own, mine } = families[family];
  const theirs = new Set([...types].filter((type) => !mine.test(type)));
  const cells = await yosysCellModels(yosys, theirs, environment);
  return [
    { path: 'cells.v', text: `${[...cells.values()].join('\n')}\n` },
    ...(own === undefined
      ? []
      : [{ path: 'own_cells.v', text: await readFile(fileURLToPath(new URL(own, ownModels)), 'utf8') }]),
  ];
}
