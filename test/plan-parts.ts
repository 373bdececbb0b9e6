/** Parts of a plan that a test knows to be there. */
import type { LayerPlan, Plan, SpikingNeuron, StreamPlan } from '../src/plan/index.ts';

/** The layer's neurons; throws where it has none. */
export function neuronOf(layer: Pick<LayerPlan, 'name' | 'neuron'> | undefined): SpikingNeuron {
  if (layer === undefined || !('stream' in layer.neuron)) throw new Error(`no neurons in layer ${layer?.name}`);
  return layer.neuron;
}

/** The encoder's stream; throws under direct encoding. */
export function inputStreamOf({ name, encoding }: Plan): StreamPlan {
  if (encoding.kind === 'direct') throw new Error(`no encoder in ${name}`);
  return encoding.stream;
}

/** Words of every stream in a time step. */
export function wordsPerTimeStep(plan: Plan): number[] {
  const encoder = plan.encoding.kind === 'bernoulli' ? [plan.encoding.stream] : [];
  return [...encoder, ...layerStreams(plan).map(([, stream]) => stream)].map((stream) => stream.wordsPerTimeStep);
}

/** Streams of the layers that draw, by layer. */
export function layerStreams(plan: Plan): (readonly [string, StreamPlan])[] {
  return plan.layers.flatMap(({ name, neuron }) => ('stream' in neuron ? [[name, neuron.stream] as const] : []));
}
