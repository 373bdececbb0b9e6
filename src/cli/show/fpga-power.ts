/** What a core draws on an iCE40 board, as tables. */
import type { z } from 'zod';
import type { DutyCycle, FpgaPower, Range } from '../../estimate/index.ts';
import { knownBoard } from '../../flow/index.ts';
import { markdownTable, type Table, textTable } from '../../report/index.ts';
import type { ResultOf } from '../command.ts';
import type { fpgaPowerJson } from '../results/power.ts';

/** @param keepMarkdown gets the same as Markdown */
export function showFpgaPower(
  board: string,
  result: FpgaPower,
  duty: DutyCycle | undefined,
  keepMarkdown: (text: string) => void,
): ResultOf<z.output<typeof fpgaPowerJson>> {
  const { synthesis, ...rest } = result;
  const { title } = knownBoard(board);
  keepMarkdown(fpgaPowerText(title, result, duty, markdownTable));
  return {
    json: {
      target: 'ice40',
      board,
      ...rest,
      ...(duty === undefined ? {} : { dutyCycle: duty }),
      cells: synthesis.cells,
      coefficients: 'constraints/ice40/power.json',
    },
    text: fpgaPowerText(title, result, duty, textTable),
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

/** One line: an image, the wait for the next, both. */
export function dutyText({ intervalS, activeS, activeJ, idleJ, totalJ, meanW }: DutyCycle): string {
  const micro = (joule: number) => `${(joule * 1e6).toPrecision(3)} uJ`;
  return (
    `an image every ${(intervalS * 1e3).toPrecision(3)} ms: ${micro(activeJ.typical)} in ${(activeS * 1e3).toPrecision(3)} ms at work, ${micro(idleJ.typical)} while nothing moves but the clock, ` +
    `${micro(totalJ.typical)} together (${micro(totalJ.low)} to ${micro(totalJ.high)}), ${milli(meanW.typical)} mW on average`
  );
}

function fpgaPowerText(
  board: string,
  result: FpgaPower,
  duty: DutyCycle | undefined,
  table: (table: Table) => string,
): string {
  const { powerW, energyPerImageJ: energy, parts, modules, annotated, clockMHz } = result;
  const micro = (joule: number) => (joule * 1e6).toPrecision(3);
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
    ...(duty === undefined ? [] : [dutyText(duty)]),
    `activity: ${annotated.measured} of ${annotated.cells} cells measured (${((100 * annotated.measured) / annotated.cells).toFixed(1)} %), settled values: glitches are in the coefficients`,
    'without pins and without the serial line; coefficients, their ranges and sources: constraints/ice40/power.json',
    `yosys ${result.tools.yosys}${result.cached ? ' (activity kept from an earlier run)' : ''}`,
  ].join('\n\n');
}
