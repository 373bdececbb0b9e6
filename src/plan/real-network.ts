/** The network that a plan's integers stand for. */
import { dequantise, type FloatNetwork, maximaBehind, type QuantisedLayer } from '../network/index.ts';
import type { LayerPlan, Plan } from './schema/index.ts';

/**
 * The plan's network in floats, its neurons plain sigmoids. A pixel's 0 and 255 are 0 and 1 in its input: what the network was told they stand for
 * (`inputValues`) is in its weights.
 */
export function realNetwork(plan: Plan): FloatNetwork {
  const full = plan.neuron.kind === 'integer' ? 255 : 1;
  const layers: QuantisedLayer[] = [];
  let maxima: readonly number[] = new Array<number>(plan.input.channels).fill(plan.layers[0]!.inputMax);
  for (const [index, layer] of plan.layers.entries()) {
    const made = quantisedLayer(layer, maxima, index < plan.layers.length - 1);
    layers.push(made);
    maxima = maximaBehind(made, maxima, full);
  }
  const encoding = plan.encoding.kind;
  return dequantise({ name: plan.name, input: plan.input, encoding, layers });
}

/** `maxima`: [input channel], the largest value of each. */
function quantisedLayer(layer: LayerPlan, maxima: readonly number[], sigmoid: boolean): QuantisedLayer {
  const { weights, bias, pool, inputMax, ...same } = layer;
  return {
    ...same,
    inputMax,
    inputScale: 1 / inputMax,
    ...(maxima.some((most) => most !== inputMax) ? { channelMax: maxima } : {}),
    weights: Int32Array.from(weights.flat()),
    bias: Int32Array.from(bias),
    sigmoid,
    ...(pool === null ? {} : { pool }),
  };
}
