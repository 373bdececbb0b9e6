/** Energy of the MTJ chip against accuracy: time steps, early exit, levels of the weights, temperature. */
import { type Calibration, calibrate, type SwitchingCurve, switchingTable } from '../device/index.ts';
import { badInput } from '../errors/index.ts';
import { type Classification, classifyImages, countEvents } from '../golden/index.ts';
import { type LayerPlan, type Plan, shiftedWeightBits } from '../plan/index.ts';
import { type BuiltInputs, buildChip, builtCurrents, builtEstimate, drawChip } from './array/index.ts';
import type { Assumptions } from './assumptions.ts';
import { type ChipDevice, type ChipEstimate, estimateChip } from './chip.ts';

/** Energy and accuracy of one choice. */
export interface TradePoint {
  readonly label: string;
  /** Mean number of time steps of an image. */
  readonly timeSteps: number;
  readonly energyJ: number;
  readonly accuracy: number;
}

/** Pixels 0..255, image after image in (y, x, channel) order, and a class for each. */
export interface LabelledImages {
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
}

/** Time steps of the early-exit and time-step studies. */
const studiedSteps = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32];

/** Energy is proportional to the time steps: the device remembers nothing, so every time step is like every other. */
export function byTimeSteps(
  results: Classification,
  labels: Uint8Array,
  chip: ChipEstimate,
  steps: number,
): TradePoint[] {
  const perStepJ = chip.totalJ / steps;
  return studiedSteps
    .filter((count) => count <= results.timeSteps)
    .map((timeSteps) => ({
      label: `T = ${timeSteps}`,
      timeSteps,
      energyJ: perStepJ * timeSteps,
      accuracy: share(labels, (image) => results.classes[image * results.timeSteps + timeSteps - 1]!),
    }));
}

/**
 * The image ends after the first time step at which the best class leads the second by `margin` (of the score), or after all. Margins are doubled from one
 * unit of potential (one spike for the count readout) on.
 */
export function byEarlyExit(
  results: Classification,
  labels: Uint8Array,
  chip: ChipEstimate,
  steps: number,
  plan: Plan,
): TradePoint[] {
  const unit = plan.readout.kind === 'potential' ? 2 ** plan.layers.at(-1)!.fractionBits : 1;
  const points: TradePoint[] = [];
  for (const margin of [1, 2, 4, 8, 16, 32]) {
    let total = 0;
    const accuracy = share(labels, (image) => {
      const step = exitStep(results, image, margin * unit);
      total += step + 1;
      return results.classes[image * results.timeSteps + step]!;
    });
    const timeSteps = total / labels.length;
    points.push({
      label: `margin ${margin}`,
      timeSteps,
      energyJ: (chip.totalJ / steps) * timeSteps,
      accuracy,
    });
    if (timeSteps >= results.timeSteps) break;
  }
  return points;
}

function exitStep({ scores, classCount, timeSteps }: Classification, image: number, margin: number): number {
  for (let step = 0; step < timeSteps - 1; step += 1) {
    const from = (image * timeSteps + step) * classCount;
    let best = -Infinity;
    let second = -Infinity;
    for (let i = from; i < from + classCount; i += 1) {
      const score = scores[i]!;
      if (score > best) {
        second = best;
        best = score;
      } else if (score > second) second = score;
    }
    if (best - second >= margin) return step;
  }
  return timeSteps - 1;
}

/** The same network with each weight on the nearest of 2^bits levels of its layer, as a crossbar cell of so many levels would hold it. */
export function withLevels(plan: Plan, bits: number): Plan {
  const round = (layer: LayerPlan): LayerPlan => {
    const { channelShifts: _, ...rest } = layer;
    const weightBits = shiftedWeightBits(layer);
    const step = 2 ** Math.max(0, weightBits - bits);
    const most = 2 ** (weightBits - 1) - step;
    const nearest = (weight: number) => Math.min(most, Math.round(weight / step) * step) + 0;
    const weights = layer.weights.map((row) => row.map(nearest));
    // Rounding may widen a sum by half a step an input.
    return { ...rest, weightBits, weights, accumulatorBits: Math.min(32, layer.accumulatorBits + 1) };
  };
  const last = plan.layers.length - 1;
  return {
    ...plan,
    layers: plan.layers.map(round),
    readout: { ...plan.readout, scoreBits: Math.min(32, plan.readout.scoreBits + (last >= 0 ? 1 : 0)) },
  };
}

/** The same core with devices of another curve, driven with `calibration`. */
export function withCurve(
  plan: Plan,
  curve: SwitchingCurve,
  calibration: Pick<Calibration, 'i50A' | 'slopeA'> = calibrate(curve),
): Plan {
  return {
    ...plan,
    layers: plan.layers.map((layer) => {
      if (!('stream' in layer.neuron)) return layer;
      const { table, tableShift, tableOffset } = layer.neuron;
      const zStep = 2 ** (tableShift - layer.fractionBits);
      const { entries } = switchingTable(curve, calibration, {
        entries: table.length,
        zStep,
        zMin: -tableOffset * zStep,
        potentialStep: 2 ** -layer.fractionBits,
      });
      return { ...layer, neuron: { ...layer.neuron, table: entries } };
    }),
  };
}

/** Throws badInput when the core's neurons were made for another device than the one whose currents are to be counted. */
export function checkDevice(plan: Plan, curve: SwitchingCurve): void {
  const made = withCurve(plan, curve);
  for (const [index, layer] of plan.layers.entries()) {
    const wanted = codesOf(made.layers[index]!);
    const codes = codesOf(layer);
    const differs = codes.findIndex((code, i) => Math.abs(code - wanted[i]!) > 1);
    if (differs === -1) continue;
    throw badInput('the neurons of the core are of another device', {
      where: `layer ${layer.name}, table entry ${differs}`,
      found: `${codes[differs]}`,
      expected: `${wanted[differs]} for ${curve.name}`,
      help: "give --device with the core's own curve",
    });
  }
}

function codesOf({ neuron }: LayerPlan): readonly number[] {
  return 'stream' in neuron ? neuron.table : [];
}

export interface TradeOptions {
  readonly images: LabelledImages;
  readonly timeSteps: number;
  readonly device: ChipDevice;
  readonly assumptions: Assumptions;
  /** Images whose events are counted. */
  readonly eventPixels: Uint8Array;
  /** The chip that is built: energy and accuracy are its own; without it they are those of the chip on paper and the plan. */
  readonly built?: Omit<BuiltInputs, 'currents'> | undefined;
}

/** The chip whose accuracy stands for its choice in a trade. */
const tradeSeed = 1;

/** Energy and accuracy with fewer levels of the crossbar's conductances. */
export async function byLevels(plan: Plan, options: TradeOptions): Promise<TradePoint[]> {
  const bits = [2, 3, 4, 5, 6, 8].filter((count) => plan.layers.every((layer) => layer.weightBits >= count));
  const points: TradePoint[] = [];
  for (const cellBits of bits) {
    const { built } = options;
    points.push(
      built === undefined
        ? await point(`${cellBits} bits`, withLevels(plan, cellBits), options)
        : await point(`${cellBits} bits`, plan, {
            ...options,
            built: { ...built, choice: { ...built.choice, cellBits } },
          }),
    );
  }
  return points;
}

/** Energy and accuracy at one temperature. */
export interface TemperaturePoint extends TradePoint {
  readonly temperatureK: number;
  /** Accuracy when the drive stays calibrated for the core's own device. */
  readonly untrimmedAccuracy: number;
  readonly i50A: number;
  readonly slopeA: number;
}

/** Devices at other temperatures, with the drive calibrated anew (energy and accuracy) and not (accuracy). */
export async function byTemperature(
  plan: Plan,
  curves: readonly SwitchingCurve[],
  options: TradeOptions,
): Promise<TemperaturePoint[]> {
  const own = calibrate(options.device.curve);
  const points: TemperaturePoint[] = [];
  for (const curve of curves) {
    const temperatureK = curve.temperatureK ?? options.device.parameters.temperatureK;
    const { i50A, slopeA } = calibrate(curve);
    const device = { curve, parameters: { ...options.device.parameters, temperatureK } };
    const trimmed = await point(`${temperatureK} K`, withCurve(plan, curve), { ...options, device });
    points.push({
      ...trimmed,
      temperatureK,
      untrimmedAccuracy: await accuracyOf(withCurve(plan, curve, own), options),
      i50A,
      slopeA,
    });
  }
  return points;
}

async function point(label: string, plan: Plan, options: TradeOptions): Promise<TradePoint> {
  const { timeSteps, device, assumptions, eventPixels, built } = options;
  const events = countEvents(plan, eventPixels, { timeSteps });
  const chip =
    built === undefined
      ? estimateChip(plan, events, device, assumptions)
      : builtEstimate(plan, events, device, assumptions, {
          ...built,
          currents: builtCurrents(plan, device, assumptions, built, eventPixels, timeSteps),
        });
  return { label, timeSteps, energyJ: chip.totalJ, accuracy: await accuracyOf(plan, options) };
}

async function accuracyOf(plan: Plan, options: TradeOptions): Promise<number> {
  const { images, timeSteps, built, device, assumptions } = options;
  const drawn =
    built === undefined
      ? { plan }
      : drawChip(plan, buildChip(plan, device, assumptions, built.parts, built.choice), assumptions, tradeSeed);
  const devices = 'devices' in drawn ? { devices: drawn.devices } : {};
  const { classes } = await classifyImages(drawn.plan, images.pixels, { timeSteps, ...devices });
  return share(images.labels, (image) => classes[image * timeSteps + timeSteps - 1]!);
}

function share(labels: Uint8Array, answer: (image: number) => number): number {
  let right = 0;
  labels.forEach((label, image) => {
    if (answer(image) === label) right += 1;
  });
  return right / labels.length;
}
