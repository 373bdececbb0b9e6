/** Everything that is computed about a core's energy: the chip of MTJs, its digital equals, what they cost, what changes them. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { calibrate, reportCurve, runCalibration, type SwitchingCurve, spinHallMtj } from '../../device/index.ts';
import { badInput } from '../../errors/index.ts';
import {
  type Assumptions,
  type BreakEven,
  breakEven,
  byEarlyExit,
  byLevels,
  byTemperature,
  byTimeSteps,
  type ChipDevice,
  type Comparison,
  type ComparisonInputs,
  checkDevice,
  compare,
  type DigitalCore,
  type DigitalEstimate,
  extremeRatios,
  type HeadlineIntervals,
  headlineIntervals,
  type Part,
  parseAssumptions,
  type Ratios,
  type RunningCost,
  runningCost,
  type Sensitivity,
  sensitivities,
  type TemperaturePoint,
  type TradePoint,
  withValue,
} from '../../estimate/index.ts';
import { classifyImages, countEvents, type NetworkEvents } from '../../golden/index.ts';
import type { Plan } from '../../plan/index.ts';
import { shareRight, spreadOf } from '../accuracy.ts';
import { classifyDrawn } from '../chip/drawn.ts';
import type { Progress, Surroundings } from '../context.ts';
import { usualCurve } from '../design.ts';
import type { NetworkMemory } from '../device/memory-file.ts';
import { readDevice } from '../device-file.ts';
import { keptFamily } from '../family.ts';
import { readInput } from '../files.ts';
import type { LoadedImages } from '../images.ts';
import { type ChipWishes, choose, type StudiedChip, type TakenChip } from './built.ts';

/** What an energy study is made of. */
export interface StudyInputs {
  readonly plan: Plan;
  readonly data: LoadedImages;
  readonly timeSteps: number;
  readonly device: ChipDevice;
  readonly assumptions: Assumptions;
  readonly digital: DigitalCore;
  /** The same network without chance, as a core of integers. */
  readonly integer?: IntegerBaseline | undefined;
  /** What the devices remember of a spike; only with the chip on paper, whose devices are all alike. */
  readonly memory?: NetworkMemory | undefined;
  /** What the crossbars are built from; without it they are those on paper. */
  readonly chip?: ChipWishes | undefined;
}

/** The same network without chance: its core, measured, and its plan. */
export interface IntegerBaseline {
  readonly core: DigitalCore;
  readonly plan: Plan;
}

/** Everything that is computed about a core's energy. */
export interface EnergyStudy extends Comparison {
  readonly images: number;
  readonly timeSteps: number;
  /** Of the core, which the CMOS side has too. */
  readonly accuracy: number | undefined;
  readonly device: string;
  /** Which chip the MTJ side is, and what it answers itself. */
  readonly chip: StudiedChip;
  readonly integer?: {
    readonly estimate: DigitalEstimate;
    readonly accuracy: number | undefined;
    readonly ratios: Ratios;
  };
  /** The headline's ratios with what all bars together make of them. */
  readonly intervals: HeadlineIntervals;
  readonly bars: readonly Sensitivity[];
  readonly extremes: { readonly least: Ratios; readonly most: Ratios };
  readonly trade?: {
    readonly timeSteps: readonly TradePoint[];
    readonly earlyExit: readonly TradePoint[];
    readonly levels: readonly TradePoint[];
    /** Only for the device whose family is kept. */
    readonly temperature: readonly TemperaturePoint[];
  };
  readonly economics: {
    readonly parts: readonly RunningCost[];
    /** MTJ chip against the CMOS core, and against the integer network. */
    readonly breakEven: readonly { readonly against: string; readonly result: BreakEven }[];
  };
}

/** Images whose events are counted: enough for a mean that stands still within a per cent. */
const countedImages = 500;

/** Time steps that the trade of energy against accuracy goes to. */
const mostSteps = 16;

/** The chip of MTJs beside its digital equals, what they cost, and what changes them. */
export async function studyEnergy(inputs: StudyInputs, progress: Progress): Promise<EnergyStudy> {
  const { plan, data, timeSteps, device, digital, integer, memory } = inputs;
  const assumptions =
    memory === undefined ? inputs.assumptions : withValue(inputs.assumptions, 'chip', 'restS', memory.restS);
  const imageSize = data.pixels.length / data.count;
  const eventPixels = data.pixels.subarray(0, Math.min(data.count, countedImages) * imageSize);
  const events = await progress.step('events of the images', (report) =>
    countEvents(plan, eventPixels, {
      timeSteps,
      ...(memory === undefined ? {} : { memory: memory.layers }),
      onProgress: (done, images) => report(done / images),
    }),
  );
  const chosen = choiceOf(inputs, events, eventPixels);
  const comparison: ComparisonInputs = { plan, events, device, digital, integer, built: chosen.taken?.built };
  const result = compare(comparison, assumptions);
  const bars = sensitivities(comparison, assumptions);
  const trade =
    data.labels === undefined
      ? undefined
      : await studyTrade(inputs, data.labels, eventPixels, chosen.taken, result, progress);
  const { integerEstimate, ...rest } = result;
  const integerAccuracy = integer && (await accuracyOf(integer.plan, data));
  return {
    ...rest,
    intervals: headlineIntervals(result.headline, bars),
    images: data.count,
    timeSteps,
    accuracy: trade?.accuracy,
    device: device.curve.name,
    chip: trade?.chipAccuracy === undefined ? chosen.chip : { ...chosen.chip, accuracy: trade.chipAccuracy },
    ...(integer === undefined || integerEstimate === undefined
      ? {}
      : {
          integer: {
            estimate: integerEstimate,
            accuracy: integerAccuracy,
            ratios: result.headline.integer!,
          },
        }),
    bars,
    extremes: extremeRatios(comparison, assumptions, bars),
    ...(trade === undefined ? {} : { trade: trade.points }),
    economics: studyEconomics(result, integerEstimate, assumptions),
  };
}

/** The chip on the MTJ side, with what its wires carry. */
function choiceOf(
  { plan, device, assumptions, chip }: StudyInputs,
  events: NetworkEvents,
  eventPixels: Uint8Array,
): { readonly taken?: TakenChip; readonly chip: StudiedChip } {
  if (chip === undefined) return { chip: { kind: 'paper', refused: [] } };
  const { taken, refused } = choose({ plan, device, assumptions, events, eventPixels, parts: chip.parts });
  if (taken === undefined) return { chip: { kind: 'paper', refused } };
  return { taken, chip: { kind: 'built', choice: taken.built.choice, refused, margin: taken.chip.margin } };
}

async function accuracyOf(plan: Plan, { pixels, labels }: LoadedImages): Promise<number | undefined> {
  if (labels === undefined) return undefined;
  const { classes } = await classifyImages(plan, pixels, { timeSteps: 1 });
  return shareRight(classes, labels);
}

async function studyTrade(
  { plan, data, timeSteps, device, assumptions, chip, memory }: StudyInputs,
  labels: Uint8Array,
  eventPixels: Uint8Array,
  taken: TakenChip | undefined,
  { mtj }: Comparison,
  progress: Progress,
) {
  return progress.step(`accuracy of ${data.count} images against energy`, async (report) => {
    const steps = Math.min(plan.timeSteps.max, Math.max(mostSteps, timeSteps));
    const results = await classifyImages(plan, data.pixels, { timeSteps: steps });
    report(0.1);
    const drawn =
      taken &&
      (await classifyDrawn(plan, taken.chip, assumptions, data, { chips: chip!.chips, timeSteps, firstSteps: steps }));
    report(0.2);
    const images = { pixels: data.pixels, labels };
    const options = { images, timeSteps, device, assumptions, eventPixels, built: taken?.built };
    const remembered = memory && (await classifyImages(plan, data.pixels, { timeSteps: steps, memory: memory.layers }));
    const answers = drawn?.first ?? remembered ?? results;
    const levels = await byLevels(plan, options);
    report(0.6);
    // What a device remembers at another temperature nobody has computed.
    const temperature = memory === undefined ? await byTemperature(plan, familyCurves(device), options) : [];
    const analog = { ...mtj, totalJ: mtj.analogJ };
    const rightOf = ({ classes }: typeof results) => shareRight(classes, labels, steps, timeSteps);
    const rights = drawn?.rights ?? (remembered && [rightOf(remembered)]);
    return {
      accuracy: rightOf(results),
      chipAccuracy: rights && chipAccuracy(rights),
      points: {
        timeSteps: byTimeSteps(answers, labels, analog, timeSteps),
        earlyExit: byEarlyExit(answers, labels, analog, timeSteps, drawn?.plan ?? plan),
        levels,
        temperature,
      },
    };
  });
}

function chipAccuracy(rights: readonly number[]) {
  const { mean, deviation } = spreadOf(rights);
  return { mean, deviation, chips: rights.length };
}

/** The kept device at other temperatures; none for a device of somebody's own. */
export function familyCurves({ curve }: ChipDevice): SwitchingCurve[] {
  if (curve.name !== usualCurve().name) return [];
  return keptFamily('temperature').map(({ curve: member }) => member);
}

function studyEconomics(
  { mtj, cmos }: Comparison,
  integer: DigitalEstimate | undefined,
  assumptions: Assumptions,
): EnergyStudy['economics'] {
  const { economics, chip, cmos: digital } = assumptions;
  const chipPart: Part = {
    name: 'MTJ chip',
    energyPerImageJ: mtj.totalJ,
    imagesPerSecond: 1 / mtj.latency.paceS,
    sleepW: chip.sleepW.value,
    unitPrice: economics.mtjUnitPrice.value,
    development: economics.mtjDevelopment.value,
  };
  const digitalPart = (name: string, estimate: DigitalEstimate): Part => ({
    name,
    energyPerImageJ: estimate.totalJ,
    imagesPerSecond: estimate.clockHz / estimate.cyclesPerImage,
    sleepW: digital.sleepW.value,
    unitPrice: economics.cmosUnitPrice.value,
    development: economics.cmosDevelopment.value,
  });
  const rivals = [
    digitalPart('CMOS stochastic', cmos),
    ...(integer === undefined ? [] : [digitalPart('CMOS integer', integer)]),
  ];
  return {
    parts: [chipPart, ...rivals].map((part) => runningCost(part, assumptions)),
    breakEven: rivals.map((part) => ({ against: part.name, result: breakEven(chipPart, part, assumptions) })),
  };
}

export const usualAssumptions = fileURLToPath(new URL('../../../models/energy/assumptions.json', import.meta.url));

/** Reads the assumptions of the energy; the kept ones when no file is named. */
export function readAssumptions(path: string | undefined, io: Pick<Surroundings, 'cwd'>): Assumptions {
  const file = path === undefined ? usualAssumptions : resolve(io.cwd, path);
  return parseAssumptions(Buffer.from(readInput(file)).toString('utf8'), path ?? 'models/energy/assumptions.json');
}

/** The device of an energy study, as a person names it. */
export interface ChosenDevice {
  /** Parameters (.json), a measured curve or dwell times (.csv); the usual device when absent. */
  readonly device?: string | undefined;
  /** Nanoseconds that a telegraphic junction is looked at in each time step; for cores of such neurons, and none other. */
  readonly samplingNs?: number | undefined;
}

/**
 * The device whose currents are counted: the usual one, a measured curve in the usual geometry, or parameters to compute a curve from. A core of
 * telegraphic neurons wants their dwell times and the interval that it was built for, since its plan holds only codes.
 *
 * @throws badInput where the device is of another kind than the core's neurons, or cannot be read
 */
export async function energyDevice(
  plan: Plan,
  { device: path, samplingNs }: ChosenDevice,
  io: Pick<Surroundings, 'cwd'>,
  progress: Progress,
): Promise<ChipDevice> {
  const telegraphic = plan.neuron.kind === 'telegraph';
  if (telegraphic && (path === undefined || samplingNs === undefined))
    throw badInput('the energy of telegraphic neurons wants their device and how long it is looked at', {
      where: plan.name,
      found: path === undefined ? 'no --device' : 'no --sampling-ns',
      help: 'give --device and --sampling-ns as for build',
    });
  if (!telegraphic && samplingNs !== undefined)
    throw badInput('a sampling interval is for a core of telegraphic neurons', {
      where: plan.name,
      found: `--sampling-ns ${samplingNs}, ${plan.neuron.kind} neurons`,
      help: 'leave it out, or build the core with --sampling-ns',
    });
  const found = await readChipDevice(path, io, progress);
  if (telegraphic && found.telegraphS === undefined)
    throw badInput('the device of telegraphic neurons has dwell times', {
      where: path ?? plan.name,
      found: 'a switching curve',
    });
  const device = samplingNs === undefined ? found : { ...found, telegraphS: samplingNs * 1e-9 };
  checkDevice(plan, device.curve);
  return device;
}

/** A measured curve is not costed with the pulse or the strip of another device: it brings its own, or they are asked for. */
function measuredChip(curve: SwitchingCurve, stepS: number | undefined, path: string): ChipDevice {
  const missing = [
    ...(curve.writeResistanceOhm === undefined ? ["'# write resistance: 776 ohm'"] : []),
    ...(curve.pulseS === undefined && stepS === undefined ? ["'# pulse: 0.5 ns'"] : []),
  ];
  if (missing.length > 0) {
    throw badInput('the energy of a measured device needs its own pulse and the resistance of its writing path', {
      where: path,
      found: `a curve without ${missing.length === 2 ? 'either' : missing[0]!.includes('pulse') ? 'a pulse' : 'a resistance'}`,
      help: `write ${missing.join(' and ')} into the file (also '# parallel resistance: 4.9 kohm' and '# tmr: 100 %' where they are known)`,
    });
  }
  return { curve, parameters: spinHallMtj(), ...(stepS === undefined ? {} : { telegraphS: stepS }) };
}

/** The device that neurons are made for when nobody names another. */
export function usualChipDevice(): ChipDevice {
  return { curve: usualCurve(), parameters: spinHallMtj() };
}

async function readChipDevice(
  path: string | undefined,
  io: Pick<Surroundings, 'cwd'>,
  progress: Progress,
): Promise<ChipDevice> {
  if (path === undefined) return usualChipDevice();
  const device = readDevice(path, {}, io);
  if (device.kind === 'measured') return measuredChip(device.curve, device.stepS, path);
  const report = await progress.step('calibrate', (tell) =>
    runCalibration({ parameters: device.parameters }, { onProgress: (done, total) => tell(done / total) }),
  );
  const curve = reportCurve(report);
  calibrate(curve);
  return { curve, parameters: device.parameters };
}
