/** How the neurons of a core behave like devices: from what a design asks for to the plan. */
import { drawDevices, type Variation } from '../../device/index.ts';
import { badInput } from '../../errors/index.ts';
import type { DeviceNeuron, DevicePlan, IdealNeuron, StreamPlan, VariationPlan } from '../schema/index.ts';
import { signedBits, unsignedBits } from './widths.ts';

/** What of the device's behaviour the hardware has; with any of it comes the register bus. Absent or false: none of it. */
export interface DeviceOptions {
  /** Clocks of write, read and reset, 0..255 each (1 when absent); `fast`: all in one clock until the host says otherwise. */
  readonly phases?:
    | {
        readonly write?: number | undefined;
        readonly read?: number | undefined;
        readonly reset?: number | undefined;
        readonly fast?: boolean | undefined;
      }
    | undefined;
  /** Counts writes, reads, resets and spikes of each layer. */
  readonly counters?: boolean | undefined;
  /** Trim registers for each layer. */
  readonly trim?: boolean | undefined;
  /** The host can load the switching tables. */
  readonly loadTable?: boolean | undefined;
  /** Probabilities 0..1 after reset; the host can set others. */
  readonly faults?:
    | {
        readonly missed?: number | undefined;
        readonly falseRead?: number | undefined;
        readonly failedReset?: number | undefined;
      }
    | undefined;
  /** Each neuron has a device of its own, drawn from `seed` (the core's when absent). */
  readonly variation?: (Variation & { readonly seed?: number | undefined }) | undefined;
  /** The host can have the curve of a layer's neurons measured. */
  readonly selfTest?: boolean | undefined;
}

/** i50A and slopeA of the calibration, for spreads that are shares of them. */
export type DeviceScale = Parameters<typeof drawDevices>[2];

const clocks = (what: string, value: number): number => {
  if (Number.isInteger(value) && value >= 0 && value <= 255) return value;
  throw badInput(`the ${what} phase is out of range`, { found: `${value}`, expected: '0..255 clocks' });
};

/** A probability as a code: 65535 is always. Below that the probability times 65536, rounded. Throws badInput outside 0..1. */
export function probabilityCode(what: string, probability: number): number {
  if (!(probability >= 0 && probability <= 1))
    throw badInput(`the probability ${what} is out of range`, { found: `${probability}`, expected: '0..1' });
  return Math.min(65535, Math.round(probability * 65536));
}

/** `ideal` when nothing is asked for. */
export function planDevice(options: DeviceOptions | undefined): DevicePlan | { readonly kind: 'ideal' } {
  const { phases, counters, loadTable, faults, selfTest, trim, variation } = options ?? {};
  if (![phases, counters, loadTable, faults, selfTest, trim, variation].some(Boolean)) return { kind: 'ideal' };
  return {
    kind: 'device',
    phases: phases
      ? {
          fast: phases.fast ?? false,
          writeClocks: clocks('write', phases.write ?? 1),
          readClocks: clocks('read', phases.read ?? 1),
          resetClocks: clocks('reset', phases.reset ?? 1),
        }
      : null,
    counters: counters === true,
    loadTable: loadTable === true,
    faults: faults
      ? {
          missed: probabilityCode('of a missed read', faults.missed ?? 0),
          falseRead: probabilityCode('of a false read', faults.falseRead ?? 0),
          failedReset: probabilityCode('of a failed reset', faults.failedReset ?? 0),
        }
      : null,
    selfTest: selfTest === true,
  };
}

interface DeviceContext {
  readonly index: number;
  readonly fractionBits: number;
  readonly seed: number;
  readonly scale: DeviceScale | undefined;
  readonly faultStream: StreamPlan | null;
}

/** Ideal neurons of a layer with what is asked for. */
export function deviceNeuron(
  ideal: IdealNeuron,
  options: DeviceOptions | undefined,
  { scale, faultStream, ...layer }: DeviceContext,
): DeviceNeuron {
  const { trim, variation } = options ?? {};
  if (variation && scale === undefined)
    throw badInput('spreads are shares of a device that was calibrated', { help: 'give its i50A and slopeA' });
  return {
    ...ideal,
    kind: 'device',
    trim: trim ? { gain: 256, offset: 0 } : null,
    variation: variation && scale ? planVariation(ideal, variation, { ...layer, scale }) : null,
    faultStream,
  };
}

function planVariation(
  { stream, tableShift, tableOffset }: IdealNeuron,
  { seed, ...variation }: NonNullable<DeviceOptions['variation']>,
  layer: { readonly index: number; readonly fractionBits: number; readonly seed: number; readonly scale: DeviceScale },
): VariationPlan {
  const key = ((seed ?? layer.seed) + layer.index * 0x9e3779b9) >>> 0;
  const devices = drawDevices(stream.wordsPerTimeStep, variation, layer.scale, key);
  const zStep = 2 ** (tableShift - layer.fractionBits);
  const gain = devices.map((device) => Math.round(device.gain * 256));
  // Half a potential's step, so that the nominal device finds the entry that the plan gives its potential, and a varied one the nearest.
  const half = 2 ** -Math.max(0, tableShift) / 2;
  const offset = devices.map((device) => Math.round((device.offset / zStep + tableOffset + half) * 256));
  return {
    gain,
    offset,
    stuck: devices.map(({ stuck }) => (stuck === 'spike' ? 1 : stuck === 'silent' ? 2 : 0)),
    gainBits: unsignedBits(Math.max(0, ...gain)),
    offsetBits: signedBits(Math.min(0, ...offset), Math.max(0, ...offset)),
  };
}
