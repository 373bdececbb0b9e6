/** Neurons that behave like their devices. */
import type { DeviceOptions } from '../maker/device.ts';
import { unsignedBits } from '../maker/widths.ts';
import { bits, multiplierRows, sumOfTerms } from '../planner/terms.ts';
import type { NeuronParts } from './contract.ts';
import { codeBits, drawTerms, neuronsOf, streamTerms, tableOf } from './shared.ts';

/** Bits of a trim's factor with its sign. */
const factorBits = 11;

/** Neurons of one draw, with what their devices really do (docs/microarchitecture-device.md). */
export const deviceParts: NeuronParts = (facts, context) => {
  const { passLanes, timeLanes, equipment, seeding } = context;
  const { phases, counters, trim, loadTable, faults, variation, selfTest } = equipment.device ?? {};
  const { width } = facts;
  const count = neuronsOf(facts);
  const trimmed = trim ? width + 2 : width;
  const product = (potential: number, factor: number) => ({
    productBit: timeLanes * multiplierRows(potential, factor) * (potential + factor),
    productSumBit: timeLanes * (potential + factor),
  });
  const drawn = variation ? deviceBits(variation, count) : { gain: 0, row: 0 };
  return {
    terms: sumOfTerms([
      drawTerms(facts, context),
      { deviceLayer: 1 },
      phases ? { phasedLayer: 1 } : {},
      counters ? { eventCounterBit: 4 * 40, countedLane: 2 * passLanes, shownBit: 4 * 40 } : {},
      trim
        ? { ...product(width, factorBits), setBit: factorBits - 1 + trimmed, shownBit: factorBits - 1 + trimmed }
        : {},
      variation ? { ...product(trimmed, drawn.gain + 1), counterBit: 2 * bits(count) } : {},
      loadTable ? { loadedTable: passLanes, setBit: 8, shownBit: 8 } : {},
      faults ? { faultLane: passLanes, counterBit: 2 * bits(count) } : {},
      faults && seeding !== 'none' ? streamTerms(passLanes, seeding) : {},
      selfTest ? { testedLayer: 1, claimedBit: timeLanes * width } : {},
    ]),
    memories: [
      ...Array.from({ length: passLanes }, () => tableOf(codeBits, !loadTable)),
      ...(drawn.row > 0 ? [{ depth: count, width: drawn.row, isRom: true }] : []),
      ...(faults ? [{ depth: count, width: 1, isRom: false }] : []),
    ],
  };
};

/**
 * Bits of the largest of `count` drawn gains as it is expected, in 1/256 (one over a slope that is normally spread about 1), and of a
 * device's row in memory: what all devices have in common yosys takes out of it.
 */
function deviceBits(variation: NonNullable<DeviceOptions['variation']>, count: number) {
  const { slopeSpread = 0, thresholdSpread = 0, stuckAtSpike = 0, stuckSilent = 0 } = variation;
  const deviations = Math.sqrt(2 * Math.log(Math.max(2, count)));
  const gain = slopeSpread > 0 ? unsignedBits(Math.round(256 / Math.max(0.1, 1 - slopeSpread * deviations))) : 0;
  // Offsets are places in the table, in 1/256 of an entry.
  const offset = thresholdSpread > 0 ? 16 : 0;
  return { gain, row: gain + offset + (stuckAtSpike > 0 ? 1 : 0) + (stuckSilent > 0 ? 1 : 0) };
}
