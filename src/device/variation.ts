/** Devices that differ from one another, that stick, and that are read wrongly. */
import { badInput } from '../errors/index.ts';
import type { Calibration, SwitchingTable } from './calibration.ts';
import { fillGaussians, nextUniform, randomKey, startTrial } from './random.ts';

/** Spread of the devices on one chip, and shares of those that are stuck. */
export interface Variation {
  /** Standard deviation of the threshold i50 and of the slope, as shares of the calibrated device's. */
  readonly thresholdSpread?: number;
  readonly slopeSpread?: number;
  /** Probability that a device always spikes, or never does. */
  readonly stuckAtSpike?: number;
  readonly stuckSilent?: number;
}

/** What a neuron's own device makes of the potential: it behaves as the calibrated one at gain * z + offset. */
export interface DeviceDraw {
  readonly offset: number;
  readonly gain: number;
  readonly stuck?: 'spike' | 'silent';
}

/** A slope that is drawn below this share of the calibrated one is held there: a device without any is not a device. */
const leastSlope = 0.05;

/**
 * Draws `count` devices around `calibration`; device number n depends only on the seed and n, so that a larger layer begins with the same
 * devices. Normal distributions; the core knows the mean device only, so a device of threshold i50' and slope s' sees the potential
 * (i50 + s z - i50') / s'.
 *
 * @throws badInput for a share outside 0..1, and for more stuck devices than there are
 */
export function drawDevices(
  count: number,
  variation: Variation,
  calibration: Pick<Calibration, 'i50A' | 'slopeA'>,
  seed: number,
): DeviceDraw[] {
  const { thresholdSpread = 0, slopeSpread = 0, stuckAtSpike = 0, stuckSilent = 0 } = variation;
  for (const [name, value] of Object.entries({ thresholdSpread, slopeSpread, stuckAtSpike, stuckSilent })) {
    if (value >= 0 && value <= 1) continue;
    throw badInput(`the variation ${name} is out of range`, { found: `${value}`, expected: 'a share, 0 to 1' });
  }
  if (stuckAtSpike + stuckSilent > 1) {
    throw badInput('more devices are stuck than there are', { found: `${stuckAtSpike} + ${stuckSilent}` });
  }
  const key = randomKey(seed, calibration.i50A);
  const state = new Int32Array(4);
  const normal = new Float64Array(2);
  return Array.from({ length: count }, (_, n) => {
    startTrial(state, key, n);
    fillGaussians(normal, 2, state);
    const chance = nextUniform(state);
    const slopeRatio = Math.max(1 + slopeSpread * normal[1]!, leastSlope);
    const shift = (thresholdSpread * normal[0]! * calibration.i50A) / calibration.slopeA;
    const stuck = chance < stuckAtSpike ? 'spike' : chance < stuckAtSpike + stuckSilent ? 'silent' : undefined;
    return { offset: (0 - shift) / slopeRatio, gain: 1 / slopeRatio, ...(stuck === undefined ? {} : { stuck }) };
  });
}

/** The table that one drawn device needs in place of `table`: the same curve seen through its offset and gain. */
export function drawnTable(table: SwitchingTable, device: DeviceDraw): SwitchingTable {
  const { entries, zMin, zStep } = table;
  if (device.stuck !== undefined) {
    const code = device.stuck === 'spike' ? 65535 : 0;
    return { entries: entries.map(() => code), zMin, zStep };
  }
  return {
    entries: entries.map((_, a) => {
      const z = zMin + (a + 0.5) * zStep;
      const place = (device.gain * z + device.offset - zMin) / zStep - 0.5;
      const low = Math.min(Math.max(Math.floor(place), 0), entries.length - 1);
      const high = Math.min(low + 1, entries.length - 1);
      const part = Math.min(Math.max(place - low, 0), 1);
      return Math.round(entries[low]! * (1 - part) + entries[high]! * part);
    }),
    zMin,
    zStep,
  };
}

/** The table with a read that misses a switch, or sees one that wasn't, with these probabilities (both below one half). Throws badInput for others. */
export function withReadErrors(
  table: SwitchingTable,
  errors: { readonly missed: number; readonly false: number },
): SwitchingTable {
  for (const [name, value] of Object.entries(errors)) {
    if (value >= 0 && value < 0.5) continue;
    throw badInput(`the probability of a ${name} read is out of range`, {
      found: `${value}`,
      expected: '0 to below 0.5',
    });
  }
  return {
    ...table,
    entries: table.entries.map((code) => {
      // 65535 stands for certainty.
      const probability = code === 65535 ? 1 : code / 65536;
      const read = probability * (1 - errors.missed) + (1 - probability) * errors.false;
      return Math.min(Math.round(read * 65536), 65535);
    }),
  };
}
