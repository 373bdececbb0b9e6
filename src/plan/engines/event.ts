/** The event engine: a dense layer that spends no clock on silent inputs. */
import { badInput } from '../../errors/index.ts';
import type { LayerFold } from '../maker/options.ts';
import { unsignedBits } from '../maker/widths.ts';
import { isDense, type LayerFacts } from '../planner/facts.ts';
import { bits, ones } from '../planner/terms.ts';
import type { EngineKind, EngineParts, PassContext } from './contract.ts';
import { evenLanes, frameElements, groupsOf, serialPassCycles, sharedCounters, weightMemory } from './shared.ts';

const handOver = 4;

export const eventKind: EngineKind<'event'> = {
  check: ({ layer, fold, direct, where }) => {
    if (!isDense(layer) || layer.carry || direct || fold.positionLanes > 1)
      throw badInput('an event engine wants a dense layer of spikes', { where, help: 'choose the window engine here' });
  },
  folds: ({ layer, multiplies }, { inputLanes }) =>
    inputLanes === 1 && isDense(layer) && !layer.carry && !multiplies
      ? evenLanes(layer.output.channels).map(
          (outputLanes): LayerFold => ({ engine: { kind: 'event' }, outputLanes, positionLanes: 1 }),
        )
      : [],
  parts,
  passCycles: (facts, fold, _, activity) =>
    serialPassCycles(facts, fold, facts.biasTaps + Math.ceil(facts.inputs * activity), handOver),
};

function parts(facts: LayerFacts, fold: LayerFold, { passLanes }: PassContext): EngineParts {
  const { inputs, biasTaps, valueBits } = facts;
  const groups = groupsOf(facts, fold);
  const addressBits = unsignedBits(frameElements(facts) - 1);
  const weights = weightMemory(facts, fold, inputs + biasTaps);
  const adders = groups === 1 ? 0 : ones(groups);
  return {
    terms: {
      eventEngine: 1,
      groupBit: adders * bits(weights.depth),
      counterBit: sharedCounters(inputs + biasTaps, facts, fold) + bits(groups) + 5 * addressBits,
    },
    memories: [weights, { depth: 2 ** (addressBits + 1), width: passLanes * valueBits + addressBits, isRom: false }],
  };
}
