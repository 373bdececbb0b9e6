/** Folds that take several pixels a beat: a wide engine in front (docs/microarchitecture.md, "Wide engine"). */
import type { QuantisedNetwork } from '../../network/index.ts';
import { inputLanesOf } from '../maker/folds.ts';
import type { LayerFold } from '../maker/options.ts';
import { isDense, type LayerFacts } from './facts.ts';

/** Most pixels a beat that the planner looks at: more make the adder tree deep. */
const mostPixelLanes = 16;
/** Clocks from one hand-over to the next beside loading the seeds and the drain itself. */
const drainOverhead = 2;

/** Pixels a beat that a network can take at all; 1 is always among them. */
export function possiblePixelLanes(network: QuantisedNetwork): number[] {
  const { height, width, channels } = network.input;
  const pixels = height * width * channels;
  const first = network.layers[0]!;
  if (!isDense(first) || first.pool || network.activation === 'integer') return [1];
  return Array.from({ length: mostPixelLanes }, (_, i) => i + 1).filter((lanes) => pixels % lanes === 0);
}

/** Cycles of one pass: the next one is added up while the potentials of this one leave. */
export function widePassCycles({ layer, inputs, biasTaps }: LayerFacts, fold: LayerFold, passSteps: number): number {
  const inputLanes = inputLanesOf(fold);
  const groups = Math.ceil(layer.output.channels / fold.outputLanes);
  const taps = Math.ceil(biasTaps / inputLanes) + inputs / inputLanes;
  const drain = layer.output.channels + passSteps + drainOverhead;
  return Math.max(groups * (taps + 1) + 1, drain);
}
