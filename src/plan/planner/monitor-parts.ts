/** What watching over a core takes (docs/monitors.md): in its layers, and once. */
import type { QuantisedNetwork } from '../../network/index.ts';
import { coveredPositions } from '../engines/index.ts';
import { unsignedBits } from '../maker/widths.ts';
import type { Made } from '../neurons/index.ts';
import { checksMemories, type Equipment, hasDevices, hasMonitors, loadsMemories } from './equipment.ts';
import type { LayerFacts } from './facts.ts';
import type { LayerContext } from './parts.ts';
import type { PlannedMemory } from './ram.ts';
import { bits, sumOfTerms, type Terms } from './terms.ts';

const activityBits = 32;
const abstentionBits = 16;
const checksumBits = 32;

/** Bits that the host writes, and reads. */
const register = (width: number): Terms => ({ setBit: width, shownBit: width });
/** A counter of events, which the host reads. */
const eventCounter = (width: number): Terms => ({ eventCounterBit: width, shownBit: width });

/** Of a layer; `memories` are those of its weights and tables. */
export function layerMonitorTerms(
  { layer, isInteger, hasNeurons }: LayerFacts,
  { equipment, passLanes, maxTimeSteps }: LayerContext,
  memories: readonly PlannedMemory[],
): Terms {
  const { rates, activity, lockup } = equipment.monitors ?? {};
  const limitBits = unsignedBits(coveredPositions(layer) * layer.output.channels);
  const balanceBits = limitBits + unsignedBits(maxTimeSteps) + 2;
  const steps = unsignedBits(passLanes);
  const watch: readonly Terms[] = [
    rates || activity ? { countedLane: passLanes } : {},
    rates
      ? {
          rateBit: 2 * balanceBits,
          rateProductBit: 2 * (steps - 1) * (limitBits + steps),
          statusBit: 2,
          ...register(2 * limitBits),
        }
      : {},
    activity ? eventCounter(activityBits) : {},
    lockup ? { guardedStream: 1 } : {},
  ];
  return sumOfTerms([
    ...(hasNeurons && !isInteger ? watch : []),
    ...memories.map((memory) => memoryTerms(memory, equipment)),
  ]);
}

/** Of a memory that is read for its checksum, and that the host may load. */
function memoryTerms({ depth, width }: PlannedMemory, equipment: Equipment): Terms {
  if (!checksMemories(equipment)) return {};
  const checked = {
    checkedMemory: 1,
    checkedAddressBit: bits(depth),
    checkedBit: Math.max(0, width - checksumBits),
    shownBit: 1,
  };
  const loaded = { loadedMemory: 1, loadedAddressBit: bits(depth), loadedBit: width };
  return loadsMemories(equipment) ? { ...checked, ...loaded } : checked;
}

export interface Watched {
  readonly equipment: Equipment;
  readonly passLanes: number;
  readonly pixelLanes: number;
  readonly scoreBits: number;
  /** Memories of weights and tables. */
  readonly memories: number;
}

/** The registers and what watches over the whole core, early exit and self-test among it. */
export function coreEquipmentParts(network: QuantisedNetwork, watched: Watched): Made {
  const { equipment, passLanes, pixelLanes, scoreBits, memories } = watched;
  const { abstain, stallClocks, activity, lockup } = equipment.monitors ?? {};
  const encodes = network.encoding === 'bernoulli';
  const loads = loadsMemories(equipment);
  const isAbstaining = abstain !== undefined;
  const judges = Number(isAbstaining) + Number(equipment.earlyExit === true);
  const tests = equipment.device?.selfTest === true;
  const loadRegister = 2 + checksumBits + bits(memories);
  return {
    terms: sumOfTerms([
      {
        bus: Number(hasMonitors(equipment)) + Number(hasDevices(equipment)),
        leadBit: judges > 0 ? scoreBits : 0,
        marginBit: judges * scoreBits,
      },
      isAbstaining ? sumOfTerms([register(scoreBits), eventCounter(abstentionBits), { statusBit: 1 }]) : {},
      stallClocks !== undefined ? { stallBit: bits(stallClocks + 1), statusBit: 1 } : {},
      activity
        ? { ...eventCounter((encodes ? 3 : 2) * activityBits), countedLane: passLanes * (encodes ? pixelLanes : 1) }
        : {},
      lockup ? { guardedStream: encodes ? 1 : 0, statusBit: 1 } : {},
      checksMemories(equipment) ? sumOfTerms([{ memoryCheck: 1, statusBit: 1 }, eventCounter(16)]) : {},
      loads ? { memoryLoad: 1, ...register(loadRegister) } : {},
      deviceRegisterTerms(equipment),
      tests ? { selfTest: 1 } : {},
      equipment.earlyExit ? { earlyExit: 1, exitLayer: network.layers.length } : {},
    ]),
    memories: [
      ...(loads ? [{ depth: memories, width: checksumBits, isRom: false }] : []),
      ...(tests ? [{ depth: 64, width: 32, isRom: false }] : []),
    ],
  };
}

/** What all layers of devices share: three lengths and a mode, three probabilities. */
function deviceRegisterTerms({ device: { phases, faults } = {} }: Equipment): Terms {
  return sumOfTerms([phases ? register(25) : {}, faults ? register(48) : {}]);
}
