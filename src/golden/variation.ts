/**
 * Neurons whose devices differ: each sees the potential through a gain and an offset of its own, or is stuck. Fixed point throughout, so that
 * hardware can do the same.
 */
import { badInput } from '../errors/index.ts';
import type { LayerPlan, Plan, SpikingNeuron } from '../plan/schema/index.ts';
import type { Thresholds } from './functional/neurons/contract.ts';
import { geometryOf } from './geometry.ts';

/** One neuron's device: it behaves as the plan's one at gain * z + offset (potential z), unless it is stuck. */
export interface DeviceDraw {
  readonly offset: number;
  readonly gain: number;
  readonly stuck?: 'spike' | 'silent';
}

/** The devices of one layer, a value for each neuron in visiting order; plain data. */
export interface LayerDevices {
  /** In 1/4096. The address of potential v is floor((v * gain / 2^tableShift + offset) / 4096), clamped to the table. */
  readonly gain: Int32Array;
  /** In 1/4096 of a table entry; holds the plan's tableOffset. */
  readonly offset: Int32Array;
  /** 0 works, 1 always switches, 2 never does. */
  readonly stuck: Uint8Array;
  /** Codes of a device that never and that always switches: 0 and 65535 but for read errors. */
  readonly silentCode: number;
  readonly spikeCode: number;
}

const fraction = 4096;
/** Beyond this a device is far outside any table, whatever the potential. */
const largestOffset = 2 ** 30;

export interface LayerDevicesOptions {
  /** Codes 0..65535 that a stuck device shows, when the read is not perfect. */
  readonly silentCode?: number;
  readonly spikeCode?: number;
}

/** Rounds one draw for each neuron of the layer to the hardware's fixed point. Throws badInput when their number is not the layer's. */
export function layerDevices(
  layer: LayerPlan,
  draws: readonly DeviceDraw[],
  options: LayerDevicesOptions = {},
): LayerDevices {
  const { neuron } = layer;
  const where = `layer ${layer.name}`;
  if (!('stream' in neuron)) throw badInput('the layer has no neurons', { where });
  const count = geometryOf(layer).neurons;
  if (draws.length !== count) {
    throw badInput('a layer needs one device for each neuron', {
      where,
      found: `${draws.length}`,
      expected: `${count}`,
    });
  }
  const zStep = 2 ** (neuron.tableShift - layer.fractionBits);
  const bounded = (value: number) => Math.max(-largestOffset, Math.min(largestOffset, Math.round(value)));
  return {
    gain: Int32Array.from(draws, (draw) => bounded(draw.gain * fraction)),
    // Half a potential's step, so that the plan's own device finds the entry of its potential, and a varied one the nearest.
    offset: Int32Array.from(draws, (draw) =>
      bounded((draw.offset / zStep + neuron.tableOffset + 2 ** -Math.max(0, neuron.tableShift) / 2) * fraction),
    ),
    stuck: Uint8Array.from(draws, (draw) => (draw.stuck === 'spike' ? 1 : draw.stuck === 'silent' ? 2 : 0)),
    silentCode: options.silentCode ?? 0,
    spikeCode: options.spikeCode ?? 65535,
  };
}

/** Returns its argument, or throws badInput when the devices do not suit the plan's layers. */
export function checkDevices(
  plan: Plan,
  devices: readonly (LayerDevices | undefined)[],
): readonly (LayerDevices | undefined)[] {
  for (const [index, own] of devices.entries()) {
    if (own === undefined) continue;
    const layer = plan.layers[index];
    if (layer === undefined || !('stream' in layer.neuron)) {
      throw badInput('there are devices for a layer without neurons', { where: `layer ${layer?.name ?? index}` });
    }
    const count = geometryOf(layer).neurons;
    for (const { length } of [own.gain, own.offset, own.stuck]) {
      if (length === count) continue;
      const where = `layer ${layer.name}`;
      throw badInput('a layer needs one device for each neuron', { where, found: `${length}`, expected: `${count}` });
    }
  }
  return devices;
}

/** The neurons of one layer ready for use. */
export class VariedNeurons implements Thresholds {
  /** The table, then the silent and the stuck code; 65536 stands for "always". */
  readonly #codes: Int32Array;
  /** Factor and addend of the potential, in table addresses. */
  readonly #gain: Float64Array;
  readonly #offset: Float64Array;
  /** Lowest and highest address of each neuron: the whole table, or one stuck code. */
  readonly #lowest: Int32Array;
  readonly #highest: Int32Array;
  readonly #thresholds: Int32Array;

  constructor({ table, tableShift }: SpikingNeuron, devices: LayerDevices) {
    const code = (value: number) => (value === 65535 ? 65536 : value);
    this.#codes = Int32Array.from([...table, devices.silentCode, devices.spikeCode], code);
    // Integers times powers of two: exact in doubles.
    this.#gain = Float64Array.from(devices.gain, (gain) => gain / (fraction * 2 ** tableShift));
    this.#offset = Float64Array.from(devices.offset, (offset) => offset / fraction);
    const place = (working: number) => (stuck: number) =>
      stuck === 0 ? working : table.length + (stuck === 1 ? 1 : 0);
    this.#lowest = Int32Array.from(devices.stuck, place(0));
    this.#highest = Int32Array.from(devices.stuck, place(table.length - 1));
    this.#thresholds = new Int32Array(devices.gain.length);
  }

  /** Devices that differ remember nothing. */
  nextImage(): void {}

  /** For each neuron the threshold below which a word makes it spike, 0..65536. The array is used again by the next call. */
  thresholds(potentials: Int32Array): Int32Array {
    const codes = this.#codes;
    const gain = this.#gain;
    const offset = this.#offset;
    const lowest = this.#lowest;
    const highest = this.#highest;
    const thresholds = this.#thresholds;
    for (let n = 0; n < thresholds.length; n += 1) {
      const address = Math.floor(potentials[n]! * gain[n]! + offset[n]!);
      const low = lowest[n]!;
      const high = highest[n]!;
      thresholds[n] = codes[address < low ? low : address > high ? high : address]!;
    }
    return thresholds;
  }
}
