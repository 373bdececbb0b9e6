/** What a core draws on an iCE40 board, and how that is shown. */
import { join, resolve } from 'node:path';
import { type FpgaPower, measureFpgaPower, type Range } from '../../estimate/index.ts';
import { type BoardName, boardTable, readSourceMap, systemEnvironment } from '../../flow/index.ts';
import type { Plan } from '../../plan/index.ts';
import { markdownTable, type Table, textTable } from '../../report/index.ts';
import { verilogFiles } from '../folder/parts.ts';
import type { CommandResult } from '../io.ts';
import { writeFileWhole } from '../output.ts';
import type { CommandContext } from '../run.ts';

export interface FpgaPowerWish {
  readonly directory: string;
  readonly plan: Plan;
  readonly board: BoardName;
  readonly pixels: Uint8Array;
  readonly count: number;
  readonly timeSteps: number;
  /** The board's usual one by default. */
  readonly mhz: number | undefined;
  /** A file that gets the result as Markdown. */
  readonly markdown: string | undefined;
}

export async function fpgaPower(wish: FpgaPowerWish, { io, progress }: CommandContext): Promise<CommandResult> {
  const { directory, plan } = wish;
  const board = boardTable[wish.board];
  const result = await progress.step(`power of ${plan.name} on ${board.title}`, (report) =>
    measureFpgaPower(
      {
        directory,
        plan,
        verilogFiles: verilogFiles(directory),
        part: wish.board === 'hx8k' ? 'hx8k' : 'up5k',
        images: wish.pixels,
        timeSteps: wish.timeSteps,
        count: wish.count,
        clockMHz: wish.mhz ?? board.coreMHz,
        hasPll: true,
        sourceMap: readSourceMap(directory),
        outputDirectory: join(directory, 'build', 'synth'),
        signal: io.signal,
        onProgress: (message) => report(0, message),
      },
      systemEnvironment(io.env, io.cwd),
    ),
  );
  const { synthesis, ...rest } = result;
  const title = board.title;
  if (wish.markdown !== undefined)
    writeFileWhole(resolve(io.cwd, wish.markdown), `${describe(title, result, markdownTable)}\n`);
  return {
    json: {
      target: 'ice40',
      board: wish.board,
      ...rest,
      cells: synthesis.cells,
      coefficients: 'constraints/ice40/power.json',
    },
    text: describe(title, result, textTable),
  };
}

const milli = (watts: number) => (watts * 1e3).toFixed(2);
const rangeOf = (range: Range) => [range.low, range.typical, range.high].map(milli);

const partNames = {
  static: 'static',
  pll: 'PLL',
  clock: 'clock network and flip-flops',
  logic: 'logic and wires',
  rams: 'block RAMs',
  dsps: 'DSPs',
} as const;

function describe(board: string, result: FpgaPower, table: (table: Table) => string): string {
  const { powerW, energyPerImageJ: energy, parts, modules, annotated, clockMHz } = result;
  const micro = (joule: number) => (joule * 1e6).toFixed(1);
  return [
    `${result.top} on ${board}, ${clockMHz} MHz, T = ${result.timeSteps}: ${milli(powerW.typical)} mW (${milli(powerW.low)} to ${milli(powerW.high)}), ` +
      `${micro(energy.typical)} uJ an image (${micro(energy.low)} to ${micro(energy.high)}; ${result.cyclesPerImage.toFixed(0)} cycles)`,
    table({
      title: `Power in mW, with the activity of ${result.images} images in the netlist ${result.netlistHash}, which answered as the golden model does`,
      columns: ['part', 'low', 'typical', 'high'],
      rows: [
        ...Object.entries(partNames).map(([part, name]) => [name, ...rangeOf(parts[part as keyof typeof parts])]),
        ['all', ...rangeOf(powerW)],
      ],
    }),
    table({
      title: 'What each block adds (static, PLL and the clock network are shared)',
      columns: ['block', 'LUTs', 'FFs', 'RAMs', 'toggles a cycle', 'low', 'typical', 'high'],
      rows: modules.map(({ module, luts, flipFlops, rams, togglesPerCycle, powerW: own }) => [
        module || '(top)',
        ...[luts, flipFlops, rams].map(String),
        togglesPerCycle.toFixed(1),
        ...rangeOf(own),
      ]),
    }),
    `activity: ${annotated.measured} of ${annotated.cells} cells measured (${((100 * annotated.measured) / annotated.cells).toFixed(1)} %), settled values: glitches are in the coefficients`,
    'without pins and without the serial line; coefficients, their ranges and sources: constraints/ice40/power.json',
    `yosys ${result.tools.yosys}${result.cached ? ' (activity kept from an earlier run)' : ''}`,
  ].join('\n\n');
}
