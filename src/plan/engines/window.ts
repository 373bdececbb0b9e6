/** The window engine: every tap of every position, one after the other. */
import { badInput } from '../../errors/index.ts';
import { channelsBehind } from '../../network/index.ts';
import type { LayerFold } from '../maker/options.ts';
import { unsignedBits } from '../maker/widths.ts';
import { isDense, type LayerFacts } from '../planner/facts.ts';
import { bits } from '../planner/terms.ts';
import type { EngineKind, EngineParts, PassContext } from './contract.ts';
import { evenLanes, frameElements, serialPassCycles, sharedCounters, weightMemory } from './shared.ts';

const handOver = 3;

export const windowKind: EngineKind<'window'> = {
  check: ({ engine, direct, where }) => {
    if (engine.inputBanks === 1 && direct)
      throw badInput('only a frame buffer can have one bank', { where, help: "the image's own is imageBanks" });
  },
  folds: (facts, { inputLanes, seeding }) => {
    const { layer, multiplies } = facts;
    // An event engine does as much with a dense layer of spikes; only its list of events wants a second bank of memory.
    if (inputLanes > 1 || (isDense(layer) && !layer.carry && !multiplies && seeding !== 'none')) return [];
    const pool = layer.pool ?? { height: 1, width: 1 };
    // Channels that are handed on pass by a position at a time.
    const positions = isDense(layer) || layer.carry ? [1] : [...new Set([1, pool.width, pool.width * pool.height])];
    return evenLanes(layer.output.channels).flatMap((outputLanes) =>
      positions
        .filter((positionLanes) => positionLanes === 1 || outputLanes === layer.output.channels)
        .map((positionLanes): LayerFold => ({ engine: { kind: 'window', inputBanks: 2 }, outputLanes, positionLanes })),
    );
  },
  parts,
  passCycles: (facts, fold) => serialPassCycles(facts, fold, facts.biasTaps + facts.walked, handOver),
};

function parts(facts: LayerFacts, fold: LayerFold, { passLanes }: PassContext): EngineParts {
  const { layer, walked, runs, biasTaps, valueBits, direct } = facts;
  const taps = walked + biasTaps;
  const { positionLanes } = fold;
  const addressBits = unsignedBits(frameElements(facts) - 1);
  const weights = weightMemory(facts, fold, taps);
  const walk = isDense(layer) ? [] : positionCounts(facts, positionLanes);
  const banks = fold.engine.kind === 'window' ? fold.engine.inputBanks : 2;
  const buffer = { depth: banks * 2 ** addressBits, width: passLanes * valueBits, isRom: false };
  return {
    terms: {
      windowEngine: 1,
      handOn: layer.carry ? 1 : 0,
      counterBit:
        sharedCounters(taps, facts, fold) +
        // Where a row ends is counted, or each run's last tap is known.
        (runs ? Math.ceil(((runs.length - 1) * bits(taps + 1)) / 3) : bits(layer.kernelWidth * layer.input.channels)) +
        bits(weights.depth) +
        2 * addressBits +
        walk.reduce((sum, count) => sum + bits(count), 0) +
        // The turn of the channels handed on, and two bounds of their taps.
        (layer.carry ? bits(channelsBehind(layer)) + 2 * bits(taps + 1) : 0),
      walkBit: walk.length * addressBits,
      ...(direct ? {} : { frameBuffer: 1, secondBank: banks - 1, shiftedLane: positionLanes - 1 }),
    },
    memories: [weights, ...(direct ? [] : Array.from({ length: positionLanes }, () => buffer))],
  };
}

/** The counters over positions that exist. */
function positionCounts({ layer }: LayerFacts, positionLanes: number): number[] {
  const pool = layer.pool ?? { height: 1, width: 1 };
  return [
    positionLanes === 1 ? pool.width : 1,
    positionLanes <= pool.width ? pool.height : 1,
    Math.floor(layer.output.width / pool.width),
    Math.floor(layer.output.height / pool.height),
  ].filter((count) => count > 1);
}
