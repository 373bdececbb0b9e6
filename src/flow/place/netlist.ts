/** The netlist of a core on its board, after synthesis, with a model for each of its cells: what a simulator wants. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plan } from '../../plan/index.ts';
import type { Board } from '../boards/table.ts';
import type { MappedLine } from '../messages.ts';
import type { SynthesisResult } from '../synthesis/result.ts';
import { synthesise } from '../synthesis/synthesise.ts';
import { yosysCellModels } from '../synthesis/yosys-cells.ts';
import type { ToolEnvironment } from '../tools/environment.ts';
import { type BoardDesign, boardDesign } from './board-design.ts';

/** A core, its board, and how fast both run. */
export interface BoardSynthesisOptions {
  /** Holds the core's Verilog files and memories. */
  readonly directory: string;
  readonly verilogFiles: readonly string[];
  readonly board: Board;
  readonly plan: Plan;
  readonly outputDirectory: string;
  readonly clockMHz?: number | undefined;
  readonly baud?: number | undefined;
  /** More options for the family's synthesis command, e.g. `-dsp` on iCE40. */
  readonly synthOptions?: readonly string[];
  readonly sourceMap?: readonly MappedLine[];
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((message: string) => void) | undefined;
}

/** The board's top, synthesised. */
export async function synthesiseBoard(
  options: BoardSynthesisOptions,
  environment: ToolEnvironment,
): Promise<{ readonly design: BoardDesign; readonly synthesis: SynthesisResult }> {
  const { board, plan, directory, verilogFiles, outputDirectory, signal, onProgress } = options;
  const design = boardDesign({ board, plan, clockMHz: options.clockMHz, baud: options.baud });
  const synthesis = await synthesise(
    {
      ...{ directory, verilogFiles, outputDirectory, signal, onProgress },
      top: 'board',
      moreVerilog: design.sources,
      target: board.family,
      synthOptions: options.synthOptions ?? [],
      sourceMap: options.sourceMap ?? [],
    },
    environment,
  );
  return { design, synthesis };
}

/** The netlist and the models of its cells; PLLs are the simulator's own. */
export interface BoardNetlist {
  readonly design: BoardDesign;
  readonly files: readonly { readonly path: string; readonly text: string }[];
  /** Cells that are modelled. */
  readonly cells: number;
}

const ownModels = fileURLToPath(new URL('../../../sim/cells/', import.meta.url));

/** Where the models of a family's cells are: yosys's file, and one of ours for what yosys models as a black box or not at all. */
const models: Readonly<
  Record<Board['family'], { readonly yosys: string; readonly own?: string; readonly mine: RegExp }>
> = {
  ice40: { yosys: 'ice40/cells_sim.v', mine: /^SB_PLL40_/ },
  ecp5: { yosys: 'ecp5/cells_sim.v', own: 'ecp5.v', mine: /^(EHXPLLL|DP16KD|MULT18X18D)$/ },
  gowin: { yosys: 'gowin/cells_sim.v', own: 'gowin.v', mine: /^(rPLL|pROM|pROMX9|SDPB|SDPX9B)$/ },
  xilinx: { yosys: 'xilinx/cells_sim.v', mine: /^MMCME2_BASE$/ },
};

/** @throws missingTool when there is no model of a cell */
export async function boardNetlist(
  options: BoardSynthesisOptions,
  environment: ToolEnvironment,
): Promise<BoardNetlist> {
  const { design, synthesis } = await synthesiseBoard(options, environment);
  const { yosys, own, mine } = models[options.board.family];
  const types = new Set(Object.keys(synthesis.cells).filter((type) => !mine.test(type)));
  const cells = await yosysCellModels(yosys, types, environment);
  const files = [
    { path: 'netlist.v', text: await readFile(join(synthesis.directory, synthesis.files.verilog), 'utf8') },
    { path: 'cells.v', text: `${[...cells.values()].join('\n')}\n` },
    ...(own === undefined ? [] : [{ path: 'own_cells.v', text: await readFile(join(ownModels, own), 'utf8') }]),
  ];
  return { design, files, cells: Object.values(synthesis.cells).reduce((sum, count) => sum + count, 0) };
}
