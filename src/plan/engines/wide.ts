/** The wide engine: a dense layer of several inputs a clock, through a tree of adders (docs/microarchitecture.md, "Wide engine"). */
import { badInput } from '../../errors/index.ts';
import type { QuantisedNetwork } from '../../network/index.ts';
import type { LayerFold } from '../maker/options.ts';
import { checkRange } from '../maker/ranges.ts';
import { shiftedWeightBits, unsignedBits } from '../maker/widths.ts';
import { isDense, type LayerFacts } from '../planner/facts.ts';
import { bits } from '../planner/terms.ts';
import type { EngineKind, EngineParts, PassContext } from './contract.ts';
import { evenLanes, inputLanesOf, sharedCounters, weightMemory } from './shared.ts';

/** Most pixels a beat that the planner looks at: more make the adder tree deep. */
const mostPixelLanes = 16;
/** Clocks from one hand-over to the next beside loading the seeds and the drain itself. */
const drainOverhead = 2;

export const wideKind: EngineKind<'wide'> = {
  check: ({ layer, fold, engine: { inputLanes }, where }) => {
    const inputs = layer.input.height * layer.input.width * layer.input.channels;
    checkRange(`input lanes of ${where}`, inputLanes, 1, 64);
    if (!isDense(layer) || layer.carry || layer.pool || fold.positionLanes > 1)
      throw badInput('a wide engine wants a dense layer without a pool', {
        where,
        help: 'choose the window engine here',
      });
    if (inputs % inputLanes !== 0)
      throw badInput('input lanes do not divide the inputs', {
        where,
        found: `${inputLanes} input lanes, ${inputs} inputs`,
        expected: `a divisor of ${inputs}`,
      });
  },
  folds: ({ layer }, { inputLanes }) =>
    inputLanes === 1
      ? []
      : evenLanes(layer.output.channels).map(
          (outputLanes): LayerFold => ({ engine: { kind: 'wide', inputLanes }, outputLanes, positionLanes: 1 }),
        ),
  parts,
  // The next pass is added up while the potentials of this one leave.
  passCycles: ({ layer, inputs, biasTaps }, fold, passLanes) => {
    const inputLanes = inputLanesOf(fold);
    const groups = Math.ceil(layer.output.channels / fold.outputLanes);
    const taps = Math.ceil(biasTaps / inputLanes) + inputs / inputLanes;
    const drain = layer.output.channels + passLanes + drainOverhead;
    return Math.max(groups * (taps + 1) + 1, drain);
  },
};

/** Pixels a beat that a network can take at all; 1 is always among them. */
export function possiblePixelLanes(network: QuantisedNetwork): number[] {
  const { height, width, channels } = network.input;
  const pixels = height * width * channels;
  const first = network.layers[0]!;
  if (!isDense(first) || first.carry || first.pool || network.activation === 'integer') return [1];
  return Array.from({ length: mostPixelLanes }, (_, i) => i + 1).filter((lanes) => pixels % lanes === 0);
}

function parts(facts: LayerFacts, fold: LayerFold, { passLanes, timeLanes }: PassContext): EngineParts {
  const { layer, inputs, biasTaps, valueBits, direct } = facts;
  const inputLanes = inputLanesOf(fold);
  const elements = inputs / inputLanes;
  const taps = elements + Math.ceil(biasTaps / inputLanes);
  const addressBits = unsignedBits(elements - 1);
  const weights = weightMemory(facts, fold, taps);
  const buffer = { depth: 2 * 2 ** addressBits, width: inputLanes * passLanes * valueBits, isRom: false };
  const weightBits = shiftedWeightBits(layer);
  const termBits = weightBits + (valueBits === 1 ? 0 : valueBits);
  return {
    terms: {
      wideEngine: 1,
      treeBit: fold.outputLanes * timeLanes * treeBits(inputLanes, termBits),
      gateBit: valueBits === 1 ? fold.outputLanes * timeLanes * inputLanes * weightBits : 0,
      counterBit: sharedCounters(taps, facts, fold) + bits(weights.depth) + addressBits,
      ...(direct ? {} : { frameBuffer: 1, secondBank: 1 }),
    },
    memories: [weights, ...(direct ? [] : [buffer])],
  };
}

/** Bits of all adders of a balanced tree over so many terms; each level is a bit wider. */
function treeBits(terms: number, termBits: number): number {
  let sum = 0;
  for (let left = terms, width = termBits + 1; left > 1; left = Math.ceil(left / 2), width += 1)
    sum += Math.floor(left / 2) * width;
  return sum;
}
