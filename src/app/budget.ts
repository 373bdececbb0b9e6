/** What a core may cost, and what there is to choose from. */
import { isDeepStrictEqual } from 'node:util';
import {
  type Budget,
  type Candidate,
  type CoreDesign,
  type CoreEstimate,
  type CostFamily,
  coreSearch,
  estimateCore,
  explore,
  fitBudget,
  quantiseCore,
} from '../core/index.ts';
import { badInput } from '../errors/index.ts';
import { type Board, boardTable } from '../flow/index.ts';
import type { Plan } from '../plan/index.ts';

/** What a core may cost, and how fast it has to be; all by the cost model. */
export interface BudgetOptions {
  /** A board that the core has to find room on. */
  readonly fit?: Board | undefined;
  readonly family?: CostFamily | undefined;
  /** At most so many LUT4. */
  readonly luts?: number | undefined;
  /** At most so many block RAMs. */
  readonly rams?: number | undefined;
  /** At least so many images a second. */
  readonly fps?: number | undefined;
  /** Clock of the core. */
  readonly mhz?: number | undefined;
  /** At most so many clock cycles an image. */
  readonly cycles?: number | undefined;
  /** At most so many clock cycles from an image's last pixel to its class. */
  readonly latency?: number | undefined;
  /** At most so many adders. */
  readonly lanes?: number | undefined;
  /** Time steps done side by side. */
  readonly timeLanes?: number | undefined;
  /** Pixels a beat of the input stream. */
  readonly pixelLanes?: number | undefined;
}

/**
 * Of a board's LUTs that the link leaves: the rest is for flip-flops in cells of their own (a sixth of the reference core's on iCE40), and so
 * that placement and routing succeed. On a UP5K 3,624 of 5,280. On a Tang Nano 9K a
 * core of 78 % was not placed in ten minutes (nextpnr-himbaechel-gowin 0.11), one of 59 % was in four.
 */
const usableShare: Readonly<Record<Board['family'], number>> = { ice40: 0.82, ecp5: 0.87, gowin: 0.6, xilinx: 0.8 };

/** What the link of a core takes: 739 LUTs of a UP5K by yosys 0.23, and 114 flip-flops in cells of their own. */
const linkLuts = 860;

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
const countedAs: Readonly<Record<Board['family'], CostFamily>> = {
  ice40: 'ice40',
  ecp5: 'ecp5',
  gowin: 'ecp5',
  xilinx: 'ecp5',
};

function statedBudget(given: BudgetOptions): Budget {
  const board = given.fit;
  const luts = least(given.luts, board && usableLuts(board));
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
  const board = given.fit;
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

/** Listed boards with room for a core beside its link, and the largest board when there is none. */
export interface Room {
  readonly boards: readonly string[];
  /** By the cost model of each family that has boards. */
  readonly estimates: readonly CoreEstimate[];
  /** The largest board that is counted as each of these families. */
  readonly largest: readonly { readonly board: string; readonly luts: number; readonly rams: number }[];
}

/** Which listed boards hold a plan's core, by the cost model. */
export function roomFor(design: CoreDesign, plan: Plan): Room {
  const boards = Object.entries<Board>(boardTable);
  const families = [...new Set(boards.map(([, { family }]) => countedAs[family]))];
  const estimates = families.map((family) => estimateCore(design, plan, family));
  const holding = boards.filter(([, board]) => {
    const need = estimates.find(({ family }) => family === countedAs[board.family])!;
    return need.luts <= usableLuts(board) && need.rams <= board.rams;
  });
  const largest = families.map((family) => {
    const own = boards.filter(([, board]) => countedAs[board.family] === family);
    const [name, board] = own.reduce((best, next) => (next[1].luts > best[1].luts ? next : best));
    return { board: name, luts: usableLuts(board), rams: board.rams };
  });
  return { boards: holding.map(([name]) => name), estimates, largest };
}

/** What a board's link and its margin leave to the core. */
function usableLuts(board: Board): number {
  return Math.floor((board.luts - linkLuts) * usableShare[board.family]);
}

/** A fold of the whole core, and whether it is the one that the budget takes. */
export interface ExploredCandidate extends Candidate {
  readonly chosen: boolean;
  /** No other one is hardly worse in anything and much better in something. */
  readonly notable: boolean;
}

/** Folds of a design that no other beats, with cycles, LUTs and RAMs as the cost model foretells them. */
export interface Exploration {
  readonly name: string;
  readonly family: CostFamily;
  /** Where the figures of LUTs and RAMs come from. */
  readonly source: string;
  readonly timeSteps: number;
  /** Share of inputs that are not silent, at which cycles are counted; absent: as measured on images. */
  readonly activity?: number;
  /** Names of the layers, in the order of each candidate's folds. */
  readonly layers: readonly string[];
  readonly candidates: readonly ExploredCandidate[];
}

/** All folds that no other beats in cycles, LUTs and RAMs at once, and which one the budget takes. */
export function exploreDesign(design: CoreDesign): Exploration {
  const network = quantiseCore(design);
  const search = coreSearch(design);
  const { fit } = design.options;
  const best = fit && fitBudget(network, search, fit);
  const all = explore(network, search);
  const chosen = all.find((candidate) => isDeepStrictEqual(candidate, best)) ?? best;
  const candidates = chosen === undefined || all.includes(chosen) ? all : [chosen, ...all];
  const { family, source } = search.model;
  return {
    name: design.name,
    family,
    source,
    timeSteps: search.timeSteps,
    ...(typeof search.activity === 'number' ? { activity: search.activity } : {}),
    layers: network.layers.map(({ name }) => name),
    candidates: candidates.map((one) => ({
      ...one,
      chosen: one === chosen,
      notable: one === chosen || !candidates.some((other) => outshines(other, one)),
    })),
  };
}

/** Whether `other` is hardly worse in anything and much better in something. */
function outshines(other: Candidate, one: Candidate): boolean {
  const measures = ({ cyclesPerImage, cost }: Candidate) => [cyclesPerImage, cost.luts, cost.rams];
  const [theirs, ours] = [measures(other), measures(one)];
  return theirs.every((value, i) => value <= 1.05 * ours[i]!) && theirs.some((value, i) => value <= 0.9 * ours[i]!);
}
