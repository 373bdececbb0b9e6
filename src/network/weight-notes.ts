/** What a person should know of how a network's numbers became integers. */
import { neuronBias, readoutBias } from './bias.ts';
import { tapScale } from './quantise.ts';
import type { ConvolutionLayer, DenseLayer, FloatNetwork, QuantisedLayer, QuantisedNetwork } from './types.ts';

/** A weight this many times its layer's usual largest is an outlier, where it costs the others this share of their size. */
const outlierFactor = 4;
const noticedLoss = 0.1;
/** The largest weight but for these, of a layer's weights, is its usual largest. */
const unusualShare = 0.001;

/** Layers of zeros, weights that spoil the scale of their layer, and biases that were cut. One line each. */
export function weightNotes(network: FloatNetwork, quantised: QuantisedNetwork): string[] {
  const weighted = network.layers.filter((layer) => layer.kind !== 'averagePool');
  return quantised.layers.flatMap((layer, index) => {
    const isLast = index === quantised.layers.length - 1;
    const original = weighted[index]!;
    return [...zeroNote(original), ...outlierNote(original, layer), ...biasNote(original, isLast)];
  });
}

type WeightedLayer = ConvolutionLayer | DenseLayer;

function zeroNote({ name, weights }: WeightedLayer): string[] {
  if (weights.some((weight) => weight !== 0)) return [];
  return [`layer ${name}: all weights are 0, so that its outputs do not depend on the image`];
}

function outlierNote({ name, weights, bias }: WeightedLayer, layer: QuantisedLayer): string[] {
  const sizes = Float64Array.from(weights, Math.abs).sort();
  const largest = sizes.at(-1) ?? 0;
  const usual = sizes[sizes.length - 1 - Math.max(1, Math.floor(unusualShare * sizes.length))] ?? 0;
  if (usual === 0 || largest < outlierFactor * usual) return [];
  let [lost, all] = [0, 0];
  const scaleOf = tapScale(layer);
  for (const [i, weight] of weights.entries()) {
    if (Math.abs(weight) > usual) continue;
    const real = weight * scaleOf(i);
    lost += (layer.weights[i]! * 2 ** -layer.fractionBits - real) ** 2;
    all += real ** 2;
  }
  const share = Math.sqrt(lost / all);
  if (share < noticedLoss) return [];
  const at = weights.findIndex((weight) => Math.abs(weight) === largest);
  const taps = weights.length / bias.length;
  return [
    `layer ${name}: the weight ${weights[at]!.toPrecision(3)} (output ${Math.floor(at / taps)}, tap ${at % taps}) is ${(largest / usual).toFixed(0)} times ` +
      `the usual largest, ${usual.toPrecision(3)}: rounding takes ${(100 * share).toFixed(0)} % of the size of the others; more bits for this layer, or a smaller weight, help`,
  ];
}

function biasNote({ name, weights, bias }: WeightedLayer, isLast: boolean): string[] {
  const cut = isLast ? readoutBias(weights, bias) : neuronBias(weights, bias);
  const changed = [...bias.keys()].filter(
    (output) => Math.abs(cut[output]! - bias[output]!) > 1e-6 * Math.abs(bias[output]!),
  );
  if (changed.length === 0) return [];
  const [first] = changed;
  return [
    `layer ${name}: ${changed.length} of ${bias.length} biases are larger than any input can outweigh and were cut, ` +
      `that of output ${first} from ${bias[first!]!.toPrecision(3)} to ${cut[first!]!.toPrecision(3)}: no answer changes`,
  ];
}
