/** The chip that one could build: every choice of its crossbars, with accuracy, energy and area of the same chip. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { badInput } from '../../errors/index.ts';
import {
  type ArrayEstimate,
  type Assumptions,
  type BuiltChip,
  buildChip,
  type ChipChoice,
  type ChipChoices,
  type ChipDevice,
  type ChipParts,
  chipObjections,
  countCurrents,
  estimateArray,
  type LabelledImages,
  parseParts,
  type TileCurrents,
} from '../../estimate/index.ts';
import { classifyImages, type NetworkEvents } from '../../golden/index.ts';
import type { Plan } from '../../plan/index.ts';
import { shareRight, spreadOf } from '../accuracy.ts';
import type { Progress, Surroundings } from '../context.ts';
import { readInput } from '../files.ts';
import { classifyDrawn } from './drawn.ts';

/** What is explored, on which images. */
export interface ChipWish {
  readonly plan: Plan;
  readonly device: ChipDevice;
  readonly assumptions: Assumptions;
  readonly parts: ChipParts;
  readonly images: LabelledImages;
  readonly timeSteps: number;
  /** Chips that are drawn of each choice; accuracies are means over them. */
  readonly chips: number;
}

/** One chip: refused with the reasons, or with its figures. */
export interface ChipPoint {
  readonly choice: ChipChoice;
  readonly objections: readonly string[];
  readonly figures?: ChipFigures;
  /** No other chip is at least as good in accuracy, energy and area, and better in one. */
  readonly onFrontier: boolean;
}

/** What a chip that can be built does and costs. */
export interface ChipFigures {
  readonly accuracy: number;
  /** Standard deviation over the chips, 0 for one. */
  readonly deviation: number;
  /** Share of a column's ideal current that arrives, least of all columns of the first chip. */
  readonly leastReach: number;
  readonly margin: BuiltChip['margin'];
  readonly estimate: ArrayEstimate;
}

/** All chips of the choices, refused ones too. */
export interface ChipExploration {
  readonly points: readonly ChipPoint[];
  /** The same network without a crossbar's faults: the plan as the core computes it. */
  readonly idealAccuracy: number;
}

/** Images whose currents are counted. */
const countedImages = 20;
const mostChips = 2000;

const usualParts = fileURLToPath(new URL('../../../models/chip/crossbars.json', import.meta.url));

/** Reads the parts of a chip; the kept ones when no file is named. */
export function readChipParts(path: string | undefined, io: Pick<Surroundings, 'cwd'>): ChipParts {
  const file = path === undefined ? usualParts : resolve(io.cwd, path);
  return parseParts(Buffer.from(readInput(file)).toString('utf8'), path ?? 'models/chip/crossbars.json');
}

/** Every chip of the parts' choices. */
export async function exploreChip(wish: ChipWish, progress: Progress): Promise<ChipExploration> {
  const { plan, images, timeSteps, parts } = wish;
  checkNetwork(plan);
  const choices = combinations(parts.choices);
  const ideal = await classifyImages(plan, images.pixels, { timeSteps });
  const points = await progress.step(`${choices.length} chips`, async (tell) => {
    const seen = new Map<string, Counted>();
    const found: Omit<ChipPoint, 'onFrontier'>[] = [];
    for (const [index, choice] of choices.entries()) {
      found.push(await pointOf(choice, wish, seen));
      tell((index + 1) / choices.length);
    }
    return found;
  });
  return {
    points: points.map((point) => ({ ...point, onFrontier: !points.some((other) => beats(other, point)) })),
    idealAccuracy: shareRight(ideal.classes, images.labels, timeSteps),
  };
}

/** Whether its neurons are junctions that a pulse switches: what crossbars are laid out for. */
export function isBuildable({ neuron }: Plan): boolean {
  return neuron.kind === 'ideal' || neuron.kind === 'device';
}

function checkNetwork(plan: Plan): void {
  const { neuron, name } = plan;
  if (isBuildable(plan)) return;
  throw badInput('a chip of crossbars is explored for switching junctions', {
    where: name,
    found: `${neuron.kind} neurons`,
    help: 'build the core without --activation and with a device that is written by pulses',
  });
}

interface Counted {
  readonly events: NetworkEvents;
  readonly currents: readonly TileCurrents[];
}

async function pointOf(
  choice: ChipChoice,
  wish: ChipWish,
  seen: Map<string, Counted>,
): Promise<Omit<ChipPoint, 'onFrontier'>> {
  const { plan, device, assumptions, parts, images, timeSteps } = wish;
  const chip = buildChip(plan, device, assumptions, parts, choice);
  const counted = currentsOf(chip, wish, seen);
  const objections = chipObjections(chip, counted.currents, assumptions, parts);
  if (objections.length > 0) return { choice, objections };
  const estimate = estimateArray(chip, plan, counted.events, counted.currents, device, assumptions, parts);
  const { rights, leastReach } = await classifyDrawn(plan, chip, assumptions, images, { chips: wish.chips, timeSteps });
  const { mean: accuracy, deviation } = spreadOf(rights);
  return { choice, objections, figures: { accuracy, deviation, leastReach, margin: chip.margin, estimate } };
}

/** Currents go with the row voltage; the rest of what they depend on is the layout. */
function currentsOf(chip: BuiltChip, wish: ChipWish, seen: Map<string, Counted>): Counted {
  const { plan, images, timeSteps } = wish;
  const { choice } = chip;
  const key = [choice.cell, choice.cellsPerWeight, choice.tileRows, choice.pair, choice.rowV].join(' ');
  const before = seen.get(key);
  if (before !== undefined) return before;
  const size = images.pixels.length / images.labels.length;
  const pixels = images.pixels.subarray(0, Math.min(countedImages, images.labels.length) * size);
  const counted = countCurrents(plan, chip.layouts, pixels, timeSteps, chip.cell, choice);
  seen.set(key, counted);
  return counted;
}

/** One value of each choice, all combinations. Throws badInput when there are too many. */
export function combinations(choices: ChipChoices): ChipChoice[] {
  const names = Object.keys(choices) as (keyof ChipChoices)[];
  const count = names.reduce((product, name) => product * choices[name].length, 1);
  if (count > mostChips) {
    throw badInput('there are too many chips to explore', { found: `${count}`, expected: `at most ${mostChips}` });
  }
  let all: Record<string, unknown>[] = [{}];
  for (const name of names) {
    all = all.flatMap((chosen) => choices[name].map((value) => ({ ...chosen, [name]: value })));
  }
  return all as unknown as ChipChoice[];
}

/** A refused chip beats nobody and is beaten by every other. */
function beats(a: Omit<ChipPoint, 'onFrontier'>, b: Omit<ChipPoint, 'onFrontier'>): boolean {
  if (b.figures === undefined) return true;
  if (a.figures === undefined) return false;
  const measures = ({ accuracy, estimate }: ChipFigures) => [-accuracy, estimate.totalJ, estimate.areaM2];
  const [ours, theirs] = [measures(a.figures), measures(b.figures)];
  return ours.every((value, i) => value <= theirs[i]!) && ours.some((value, i) => value < theirs[i]!);
}
