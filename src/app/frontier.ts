/** The frontier of a network: accuracy against area, time and energy, over time steps, weight bits, readout, folds and early exit. */
import { type CoreDesign, type CostFamily, planCore } from '../core/index.ts';
import { spinHallMtj } from '../device/index.ts';
import { type Assumptions, builtEstimate, type ChipDevice, type ChipParts, estimateChip } from '../estimate/index.ts';
import { type Classification, classifyImages, countEvents, exitEarly } from '../golden/index.ts';
import type { Plan } from '../plan/index.ts';
import type { Plot } from '../report/index.ts';
import { shareRight, spreadOf } from './accuracy.ts';
import { exploreDesign } from './budget.ts';
import type { Progress } from './context.ts';
import { choose } from './energy/built.ts';
import { withDriver } from './energy/driver.ts';
import { usualChipDevice } from './energy/study.ts';

export interface FrontierWish {
  readonly design: CoreDesign;
  readonly timeSteps: readonly number[];
  readonly weightBits: readonly number[];
  readonly readouts: readonly CoreDesign['readout'][];
  readonly family: CostFamily;
  readonly images: { readonly pixels: Uint8Array; readonly labels: Uint8Array };
  /** Seeds of the random streams; accuracies are means over them. */
  readonly seeds: readonly number[];
  readonly assumptions: Assumptions;
  /** What crossbars are built from. */
  readonly parts: ChipParts;
}

/** One core that could be built. */
export interface FrontierPoint {
  readonly timeSteps: number;
  readonly weightBits: number;
  readonly readout: CoreDesign['readout'];
  /** Lead that ends an image early, in units of the scores; absent: none does. Time is then the mean's. */
  readonly margin?: number;
  readonly timeLanes: number;
  readonly luts: number;
  readonly rams: number;
  readonly cyclesPerImage: number;
  readonly accuracy: number;
  /** Standard deviation over the seeds, 0 for one. */
  readonly deviation: number;
  /** Analog part of a chip of MTJs, mean of the first images; absent where the device's own figures do not tell. */
  readonly chipJ?: number;
  /** Whether that chip can be built, as `energy` has it; `paper`: none of the choices carries its currents. */
  readonly chip?: 'built' | 'paper';
  /** No other point is at least as good in accuracy, LUTs, RAMs, cycles and, where it can be told, the chip's energy, and better in one. */
  readonly onFrontier: boolean;
}

const eventImages = 100;
/** Leads that are tried, in the unit of the scores. */
const margins = [64, 128, 256, 512, 1024] as const;

/** Accuracy, area, time and energy of everything that there is to choose for a core, and which choices no other beats. */
export async function exploreFrontier(wish: FrontierWish, progress: Progress): Promise<FrontierPoint[]> {
  const { design, readouts, weightBits, family } = wish;
  const points: Omit<FrontierPoint, 'onFrontier'>[] = [];
  for (const readout of readouts) {
    for (const bits of weightBits) {
      const own = {
        ...design,
        readout,
        options: { ...design.options, weightBits: bits, family, folds: undefined, fit: undefined },
      } as unknown as CoreDesign;
      points.push(
        ...(await progress.step(`${bits} bits, ${readout} readout`, (tell) =>
          frontierOf(own, wish, bits, (share) => tell(share)),
        )),
      );
    }
  }
  return points.map((point) => ({ ...point, onFrontier: !points.some((other) => beats(other, point)) }));
}

async function frontierOf(
  design: CoreDesign,
  { timeSteps, images, seeds, assumptions, parts }: FrontierWish,
  weightBits: number,
  tell: (share: number) => void,
): Promise<Omit<FrontierPoint, 'onFrontier'>[]> {
  const most = Math.max(...timeSteps);
  const planOf = (seed: number, steps: number) =>
    planCore(withOptions(design, { seed, maxTimeSteps: steps, timeSteps: steps }));
  const runs: { readonly plan: Plan; readonly result: Classification }[] = [];
  for (const [i, seed] of seeds.entries()) {
    const plan = planOf(seed, most);
    runs.push({ plan, result: await classifyImages(plan, images.pixels, { timeSteps: most }) });
    tell((i + 1) / (seeds.length + 1));
  }
  const { plan } = runs[0]!;
  const perImage = images.pixels.length / images.labels.length;
  const firstPixels = images.pixels.subarray(0, Math.min(images.labels.length, eventImages) * perImage);
  const found = chipEnergy(plan, design, firstPixels, most, assumptions, parts);
  // A time step costs the same whatever came before it.
  const chipOf = (steps: number) => found && { chip: found.chip, chipJ: (found.joules * steps) / most };
  const points = timeSteps.flatMap((steps) => {
    const rights = runs.map(({ result }) => shareRight(result.classes, images.labels, most, steps));
    return coresOf(withOptions(design, { maxTimeSteps: steps, timeSteps: steps })).map((core) => ({
      ...{ timeSteps: steps, weightBits, readout: design.readout, ...core, ...accuracyOf(rights) },
      ...chipOf(steps),
    }));
  });
  // One time step can't end early.
  const exits = { maxTimeSteps: most, timeSteps: most, earlyExit: true, timeLanes: 1 };
  const oneByOne = most === 1 ? [] : coresOf(withOptions(design, exits));
  const early = (most === 1 ? [] : margins).flatMap((margin) => {
    const answers = runs.map(({ plan: own, result }) =>
      exitEarly({ ...own, timeSteps: { ...own.timeSteps, lanes: 1 } }, result, margin),
    );
    const steps = answers.flatMap(({ stepsUsed }) => [...stepsUsed]);
    const mean = steps.reduce((sum, used) => sum + used, 0) / steps.length;
    const rights = answers.map(({ classes }) => shareRight(classes, images.labels));
    return oneByOne.map((core) => ({
      ...{ timeSteps: most, weightBits, readout: design.readout, margin, ...core, ...accuracyOf(rights) },
      cyclesPerImage: Math.round((core.cyclesPerImage * mean) / most),
      ...chipOf(mean),
    }));
  });
  return [...points, ...early];
}

function withOptions(design: CoreDesign, options: Partial<CoreDesign['options']>): CoreDesign {
  return { ...design, options: { ...design.options, ...options } };
}

/** Folds that no other outshines, by the cost model. */
function coresOf(design: CoreDesign) {
  return exploreDesign(design)
    .candidates.filter(({ notable }) => notable)
    .map(({ cyclesPerImage, cost, timeLanes }) => ({ cyclesPerImage, luts: cost.luts, rams: cost.rams, timeLanes }));
}

/** Energy of an image on a chip of MTJs. */
export interface ChipEnergy {
  readonly joules: number;
  readonly chip: 'built' | 'paper';
}

/**
 * Energy of the analog part of an image on a chip of MTJs, as `energy` has it; undefined where the device's own figures do not tell. Without `parts` the chip is on paper: crossbars without wires, which
 * are quick to count and cannot be built.
 */
export function chipEnergy(
  plan: Plan,
  design: Pick<CoreDesign, 'curve' | 'law'>,
  pixels: Uint8Array,
  timeSteps: number,
  stated: Assumptions,
  parts?: ChipParts,
): ChipEnergy | undefined {
  const device = deviceOf(design);
  if (device === undefined) return undefined;
  const assumptions = withDriver(stated, device);
  const events = countEvents(plan, pixels, { timeSteps });
  const taken = parts && choose({ plan, device, assumptions, events, eventPixels: pixels, parts }).taken;
  return taken === undefined
    ? { joules: estimateChip(plan, events, device, assumptions).totalJ, chip: 'paper' }
    : { joules: builtEstimate(plan, events, device, assumptions, taken.built).totalJ, chip: 'built' };
}

/** A measured curve is not costed with the pulse or the strip of another device; a telegraphic junction is biased for as long as it is looked at, which a plan does not say: `energy` asks for both. */
function deviceOf({ curve, law }: Pick<CoreDesign, 'curve' | 'law'>): ChipDevice | undefined {
  if (law?.kind === 'telegraph') return undefined;
  const usual = usualChipDevice();
  if (curve.name === usual.curve.name) return usual;
  return curve.writeResistanceOhm === undefined || curve.pulseS === undefined
    ? undefined
    : { curve, parameters: spinHallMtj() };
}

function accuracyOf(rights: readonly number[]): { accuracy: number; deviation: number } {
  const { mean: accuracy, deviation } = spreadOf(rights);
  return { accuracy, deviation };
}

function beats(a: Omit<FrontierPoint, 'onFrontier'>, b: Omit<FrontierPoint, 'onFrontier'>): boolean {
  const measures = (point: typeof a) => [
    ...[-point.accuracy, point.luts, point.rams, point.cyclesPerImage],
    point.chipJ ?? 0,
  ];
  const [ours, theirs] = [measures(a), measures(b)];
  return ours.every((value, i) => value <= theirs[i]!) && ours.some((value, i) => value < theirs[i]!);
}

/**
 * The choices as CSV with a header, a line each: cycles an image, accuracy and its deviation over seeds as shares, energy of an image on the chip of
 * junctions in joule (NaN where it cannot be told), 1 where no other choice is better in everything.
 */
export function frontierCsv(points: readonly FrontierPoint[]): string {
  const rows = points.map((point) =>
    [
      ...[
        point.timeSteps,
        point.weightBits,
        point.readout,
        point.margin ?? '',
        point.timeLanes,
        point.luts,
        point.rams,
      ],
      ...[point.cyclesPerImage, point.accuracy, point.deviation, point.chipJ ?? Number.NaN, point.onFrontier ? 1 : 0],
    ].join(','),
  );
  const header = 'time_steps,weight_bits,readout,margin,time_lanes,luts,rams,cycles,accuracy,deviation,chip_J,frontier';
  return `${[header, ...rows].join('\n')}\n`;
}

/** The choices as a chart. */
export function frontierPlot(name: string, points: readonly FrontierPoint[]): Plot {
  const dot = ({ luts, cyclesPerImage, accuracy }: FrontierPoint) => ({ x: luts * cyclesPerImage, y: 100 * accuracy });
  const series = [
    ...new Set(points.map(({ timeSteps, margin }) => (margin === undefined ? `T = ${timeSteps}` : 'early exit'))),
  ];
  return {
    title: `${name}: what accuracy costs`,
    subtitle: 'each point a core; area and time by the cost model, accuracy counted on real images',
    xTitle: 'LUT4 x cycles an image',
    yTitle: 'right, %',
    xLogarithmic: true,
    series: series.map((label) => ({
      name: label,
      mark: 'points' as const,
      points: points
        .filter(({ timeSteps, margin }) => (margin === undefined ? `T = ${timeSteps}` : 'early exit') === label)
        .map(dot),
    })),
  };
}
