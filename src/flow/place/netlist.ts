/** The netlist of a core on its board, after synthesis, with a model for each of its cells: what a simulator wants. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plan } from '../../plan/index.ts';
import type { Board } from '../boards/table.ts';
import type { MappedLine } from '../messages.ts';
import { familyModels } from '../synthesis/family-models.ts';
import type { SynthesisResult } from '../synthesis/result.ts';
import { synthesise } from '../synthesis/synthesise.ts';
import type { ToolEnvironment } from '../tools/environment.ts';
import { type BoardDesign, boardDesign } from './board-design.ts';
import { synthOptionsOf } from './families.ts';

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
      synthOptions: [...synthOptionsOf(board), ...(options.synthOptions ?? [])],
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

/** @throws missingTool when there is no model of a cell */
export async function boardNetlist(
  options: BoardSynthesisOptions,
  environment: ToolEnvironment,
): Promise<BoardNetlist> {
  const { design, synthesis } = await synthesiseBoard(options, environment);
  const files = [
    { path: 'netlist.v', text: await readFile(join(synthesis.directory, synthesis.files.verilog), 'utf8') },
    ...(await familyModels(options.board.family, Object.keys(synthesis.cells), environment)),
  ];
  return { design, files, cells: Object.values(synthesis.cells).reduce((sum, count) => sum + count, 0) };
}
