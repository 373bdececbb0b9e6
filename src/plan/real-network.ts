/** The network that a plan's integers stand for. */
import { dequantise, type FloatNetwork, type QuantisedLayer } from '../network/index.ts';
import type { LayerPlan, Plan } from './schema/index.ts';

/**
 * The plan's network in floats, its neurons plain sigmoids. A pixel's 0 and 255 are 0 and 1 in its input: what the network was told they stand for
 * (`inputValues`) is in its weights.
 */
export function realNetwork(plan: Plan): FloatNetwork {
  const full = plan.neuron.kind === 'integer' ? 255 : 1;
  const layers: QuantisedLayer[] = [];
  let maxima = new Array<number>(plan.input.channels).fill(plan.layers[0]!.inputMax);
  for (const [index, layer] of plan.layers.entries()) {
    layers.push(quantisedLayer(layer, maxima, index < plan.layers.length - 1));
    const { carry, output, pool } = layer;
    const taps = Array.from({ length: carry?.count ?? 0 }, (_, i) => carry!.tap + i);
    const carried = taps.map((tap) => maxima[tap % maxima.length]!);
    const area = (pool?.height ?? 1) * (pool?.width ?? 1);
    maxima = [...carried, ...new Array<number>(output.channels).fill(full)].map((most) => most * area);
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
