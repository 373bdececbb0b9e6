/** A device as a process, for a network: what its neurons remember, and what that costs in accuracy. */
import {
  type Calibration,
  type Cycle,
  calibrate,
  type DeviceFigures,
  deviceFigures,
  driveAt,
  type MtjParameters,
  memoryCurve,
  type ProcessReport,
  readDisturb,
  runMemory,
  type SwitchingCurve,
  switchingTable,
  tmrAt,
} from '../../device/index.ts';
import type { LabelledImages } from '../../estimate/index.ts';
import { classifyImages, type LayerMemory } from '../../golden/index.ts';
import type { Plan } from '../../plan/index.ts';
import { shareRight } from '../accuracy.ts';
import type { Progress } from '../context.ts';

export interface ProcessWish {
  readonly parameters: MtjParameters;
  readonly curve: SwitchingCurve;
  readonly restS: number;
  /** Reset current; that of P = 0.999 when absent. */
  readonly resetA?: number | undefined;
  readonly trials: number;
  readonly seed: number;
  /** Junction in the parallel state and the voltage of its read, for the disturb. */
  readonly read: { readonly parallelOhm: number; readonly volts: number; readonly tmr: number };
}

/** The device over time, with what it does to time and energy. */
export interface ProcessStudy extends ProcessReport {
  readonly calibration: Pick<Calibration, 'i50A' | 'slopeA'>;
  readonly figures: DeviceFigures;
  readonly readDisturb: number;
  readonly tmr: number;
  /** Time steps a second of a device that is written again at once, and until 1e11 writes. */
  readonly stepS: number;
  readonly daysTo1e11Writes: number;
}

/** Potentials that the memory is measured at: from hardly any spikes to nearly always. */
const potentials = [-3, -2, -1, 0, 1, 2, 4];
const restsS = [0, 0.5e-9, 1e-9, 1.5e-9];
/** The bound that the field quotes for the barrier oxide of measured junctions; assumed. */
const boundWrites = 1e11;

/** Simulates whole cycles of a device: write, relaxation, read, reset, rest. */
export async function studyProcess(wish: ProcessWish, progress: Progress): Promise<ProcessStudy> {
  const { parameters, curve, restS, trials, seed, read } = wish;
  const { i50A, slopeA } = calibrate(curve);
  const cycle: Cycle = { resetA: wish.resetA ?? driveAt(curve, 0.999), resetS: parameters.pulseS, restS };
  // At zero drive nothing is written: a potential below it is as if at it.
  const kept = potentials.filter((z) => i50A + z * slopeA > 0);
  const report = await progress.step('cycles of the device', (tell) =>
    runMemory({
      parameters,
      i50A,
      slopeA,
      cycle,
      potentials: kept,
      restsS,
      trials,
      seed,
      onProgress: (share) => tell(share),
    }),
  );
  const stepS = parameters.pulseS + parameters.relaxationS + parameters.readS + cycle.resetS + restS;
  const tmr = tmrAt(read.tmr, parameters.temperatureK, parameters.curieK);
  return {
    ...report,
    calibration: { i50A, slopeA },
    figures: deviceFigures(parameters, { writeA: i50A, resetA: cycle.resetA, resetS: cycle.resetS }),
    // The divider's reference is the geometric mean of both states; the parallel state carries most.
    readDisturb: readDisturb(parameters, read.volts / (read.parallelOhm * (1 + Math.sqrt(1 + tmr))), parameters.readS),
    tmr,
    stepS,
    daysTo1e11Writes: (boundWrites * stepS) / 86_400,
  };
}

/** What the device's memory of the last time step does to accuracy. */
export interface MemoryCost {
  readonly timeSteps: number;
  readonly right: number;
  readonly rightWithMemory: number;
  /** Spikes of all layers with memory over those without, less 1. */
  readonly spikeChange: number;
}

/** The tables of a network's neurons in the time step after a spike of theirs, for the functional golden model. */
export function memoryTables(
  plan: Plan,
  study: Pick<ProcessStudy, 'points' | 'calibration'>,
  restS: number,
  name: string,
): (LayerMemory | undefined)[] {
  const after = memoryCurve(study, restS, name);
  return plan.layers.map((layer) => {
    if (!('stream' in layer.neuron)) return undefined;
    const { table, tableShift, tableOffset } = layer.neuron;
    const zStep = 2 ** (tableShift - layer.fractionBits);
    const place = { entries: table.length, zStep, zMin: -tableOffset * zStep, potentialStep: 2 ** -layer.fractionBits };
    return { afterSpike: switchingTable(after, study.calibration, place).entries };
  });
}

/** Classifies with and without the memory of `restS`, in the functional golden model. */
export async function memoryCost(
  plan: Plan,
  study: ProcessStudy,
  curve: SwitchingCurve,
  restS: number,
  data: LabelledImages,
  timeSteps: number,
): Promise<MemoryCost[]> {
  const memory = memoryTables(plan, study, restS, curve.name);
  const without = await classifyImages(plan, data.pixels, { timeSteps });
  const with_ = await classifyImages(plan, data.pixels, { timeSteps, memory });
  const spikes = (result: typeof without) => result.spikes.layers.reduce((sum, count) => sum + count, 0);
  return Array.from({ length: timeSteps }, (_, step) => ({
    timeSteps: step + 1,
    right: shareRight(without.classes, data.labels, timeSteps, step + 1),
    rightWithMemory: shareRight(with_.classes, data.labels, timeSteps, step + 1),
    spikeChange: spikes(with_) / spikes(without) - 1,
  }));
}
