/** The planner on the command line: what a core may cost, and the table of what there is. */
import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import {
  type Budget,
  type Candidate,
  type CoreDesign,
  type CostFamily,
  coreSearch,
  costFamilies,
  explore,
  fitBudget,
  quantiseCore,
} from '../core/index.ts';
import { badInput } from '../errors/index.ts';
import { type Board, boardNames, boardTable } from '../flow/index.ts';
import { textTable } from '../report/index.ts';
import type { CommandResult } from './io.ts';
import { decimal, oneOf, wholeNumber } from './options.ts';

export const budgetOptions = {
  fit: oneOf(boardNames[0]!, ...boardNames.slice(1)).optional(),
  family: oneOf(costFamilies[0]!, ...costFamilies.slice(1)).optional(),
  luts: wholeNumber(1, 10_000_000).optional(),
  rams: wholeNumber(0, 1_000_000).optional(),
  fps: decimal(0.001, 1e9).optional(),
  mhz: decimal(0.001, 10_000).optional(),
  cycles: wholeNumber(1, 1_000_000_000).optional(),
  latency: wholeNumber(1, 1_000_000_000).optional(),
  lanes: wholeNumber(1, 1_000_000).optional(),
  timeLanes: wholeNumber(1, 32).optional(),
  pixelLanes: wholeNumber(1, 64).optional(),
};

export const budgetFlags: readonly (readonly [flags: string, description: string])[] = [
  ['--fit <board>', `with room on a board: ${boardNames.join(', ')}`],
  [
    '--family <family>',
    `FPGA family whose LUTs and RAMs are counted: ${costFamilies.join(', ')} (the board's, or ice40)`,
  ],
  ['--luts <N>', 'at most N LUT4 (by the cost model)'],
  ['--rams <N>', 'at most N block RAMs'],
  ['--fps <N>', 'at least N images a second, at the clock of --mhz'],
  ['--mhz <F>', "clock of the core (the board's)"],
  ['--cycles <N>', 'at most N clock cycles an image'],
  ['--latency <N>', "at most N clock cycles from an image's last pixel to its class"],
  ['--lanes <N>', 'at most N adders at work at once'],
  ['--time-lanes <N>', 'time steps done side by side (chosen by the planner)'],
  ['--pixel-lanes <K>', 'pixels a beat of the input stream (1; more where --cycles wants them)'],
];

type BudgetOptions = z.output<z.ZodObject<typeof budgetOptions>>;

/**
 * Of a board's LUTs: the rest is for the serial line and so that placement and routing succeed. On a UP5K 4,593 of 5,280. On a Tang Nano 9K a
 * core of 78 % was not placed in ten minutes (nextpnr-himbaechel-gowin 0.11), one of 59 % was in four.
 */
const usableShare: Readonly<Record<Board['family'], number>> = { ice40: 0.87, ecp5: 0.87, gowin: 0.6 };

/** The design with the budget of the command line, where there is one. */
export function withBudget(design: CoreDesign, given: BudgetOptions): CoreDesign {
  const fit = statedBudget(given);
  const family = statedFamily(given);
  const { timeLanes, pixelLanes } = given;
  const { folds, ...options } = design.options;
  const stated = Object.keys(fit).length > 0;
  if (!stated && timeLanes === undefined && pixelLanes === undefined && family === undefined) return design;
  return {
    ...design,
    options: {
      ...options,
      ...(stated ? { fit } : {}),
      ...(family === undefined ? {} : { family }),
      ...(timeLanes === undefined ? {} : { timeLanes }),
      ...(pixelLanes === undefined ? {} : { pixelLanes }),
    },
  };
}

/**
 * The cost model of each family of boards. Gowin's parts are counted as ECP5: LUTs with four inputs and RAMs of 18 kbit, too. yosys
 * gives the reference core 4,235 LUTs and 13 RAMs there, and 4,113 and 13 on ECP5.
 */
const countedAs: Readonly<Record<Board['family'], CostFamily>> = { ice40: 'ice40', ecp5: 'ecp5', gowin: 'ecp5' };

function statedBudget(given: BudgetOptions): Budget {
  const board = boardOf(given);
  const luts = least(given.luts, board && Math.floor(board.luts * usableShare[board.family]));
  const rams = least(given.rams, board?.rams);
  const cyclesPerImage = least(given.cycles, frameCycles(given, board));
  const { latency: latencyCycles, lanes } = given;
  return {
    ...(luts === undefined ? {} : { luts }),
    ...(rams === undefined ? {} : { rams }),
    ...(cyclesPerImage === undefined ? {} : { cyclesPerImage }),
    ...(latencyCycles === undefined ? {} : { latencyCycles }),
    ...(lanes === undefined ? {} : { lanes }),
  };
}

function boardOf({ fit }: BudgetOptions): Board | undefined {
  return fit === undefined ? undefined : boardTable[fit];
}

/** Clock cycles of an image at the wanted rate. */
function frameCycles({ fps, mhz }: BudgetOptions, board: Board | undefined): number | undefined {
  const clockMHz = mhz ?? board?.coreMHz;
  if (fps === undefined) {
    if (mhz === undefined) return undefined;
    throw badInput('--mhz alone says nothing', { help: 'add --fps, the images a second that the core must reach' });
  }
  if (clockMHz === undefined)
    throw badInput('--fps wants a clock', { help: "add --mhz, or --fit BOARD to take the board's" });
  const cycles = Math.floor((clockMHz * 1e6) / fps);
  if (cycles >= 1) return cycles;
  throw badInput('--fps is more than the clock', { found: `${fps} images a second at ${clockMHz} MHz` });
}

function statedFamily(given: BudgetOptions): CostFamily | undefined {
  const board = boardOf(given);
  if (board === undefined) return given.family;
  const family = countedAs[board.family];
  if (given.family !== undefined && given.family !== family)
    throw badInput('--family is not that of the board', { where: board.title, found: given.family, expected: family });
  return family;
}

function least(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}

/** All folds that no other beats in cycles, LUTs and RAMs at once, and which one the budget takes. */
export function exploreDesign(design: CoreDesign): CommandResult {
  const network = quantiseCore(design);
  const search = coreSearch(design);
  const { fit } = design.options;
  const best = fit && fitBudget(network, search, fit);
  const all = explore(network, search);
  const chosen = all.find((candidate) => isDeepStrictEqual(candidate, best)) ?? best;
  const candidates = chosen === undefined || all.includes(chosen) ? all : [chosen, ...all];
  const shown = candidates.filter((one) => one === chosen || !candidates.some((other) => outshines(other, one)));
  const severalPixels = shown.some(({ pixelLanes }) => pixelLanes !== undefined);
  const names = network.layers.map(({ name }) => name);
  const { family, source } = search.model;
  return {
    json: {
      name: design.name,
      family,
      source,
      candidates: candidates.map((candidate) => ({ ...fields(candidate, names), chosen: candidate === chosen })),
    },
    text: [
      textTable({
        title: `${design.name}: folds that no other beats, ${search.timeSteps} time steps`,
        columns: [
          '',
          'cycles an image',
          'latency',
          'LUT4',
          'RAMs',
          'lanes',
          'utilisation',
          'time lanes',
          ...(severalPixels ? ['pixels a beat'] : []),
          `outputs x positions: ${names.join(' ')}`,
        ],
        rows: shown.map((candidate) => [
          candidate === chosen ? '>' : '',
          String(candidate.cyclesPerImage),
          String(candidate.latencyCycles),
          String(candidate.cost.luts),
          String(candidate.cost.rams),
          String(candidate.lanes),
          `${(100 * candidate.utilisation).toFixed(0)} %`,
          String(candidate.timeLanes),
          ...(severalPixels ? [String(candidate.pixelLanes ?? 1)] : []),
          showFolds(candidate),
        ]),
      }),
      ...(shown.length === candidates.length
        ? []
        : [`${shown.length} of ${candidates.length}: the others gain little over one of these; --json has all`]),
      `LUT4 and RAMs of ${family}: ${source}`,
      'utilisation: additions of the network / (lanes x cycles); above 100 % where silent inputs are skipped',
      ...(chosen ? ['>: what the budget takes'] : []),
    ].join('\n'),
  };
}

/** Whether `other` is hardly worse in anything and much better in something. */
function outshines(other: Candidate, one: Candidate): boolean {
  const measures = ({ cyclesPerImage, cost }: Candidate) => [cyclesPerImage, cost.luts, cost.rams];
  const [theirs, ours] = [measures(other), measures(one)];
  return theirs.every((value, i) => value <= 1.05 * ours[i]!) && theirs.some((value, i) => value <= 0.9 * ours[i]!);
}

function fields(candidate: Candidate, names: readonly string[]) {
  const { cost, folds, ...rest } = candidate;
  return { ...rest, ...cost, folds: folds.map((fold, index) => ({ layer: names[index]!, ...fold })) };
}

function showFolds(candidate: Candidate): string {
  return candidate.folds.map((fold) => `${fold.outputLanes}x${fold.positionLanes}`).join('  ');
}
