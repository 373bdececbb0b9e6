/** Biases no larger than what they decide: in hardware a bias is a row of weights for every so many steps of it. */

/** Potentials beyond this, of either sign, are the same to a neuron: its sigmoid is 0 or 1 to seven digits. */
const certain = 16;

/** The least and the largest value that the weights of an output can add; inputs are 0 to 1. */
interface Reach {
  readonly down: Float64Array;
  readonly up: Float64Array;
}

function reachOf(weights: Float32Array, outputs: number): Reach {
  const [down, up] = [new Float64Array(outputs), new Float64Array(outputs)];
  const taps = weights.length / outputs;
  for (let output = 0; output < outputs; output += 1) {
    for (let i = output * taps; i < (output + 1) * taps; i += 1) {
      if (weights[i]! < 0) down[output]! += weights[i]!;
      else up[output]! += weights[i]!;
    }
  }
  return { down, up };
}

/**
 * Biases of neurons, cut where no input can bring the neuron back into doubt.
 *
 * @param weights [output][tap]
 */
export function neuronBias(weights: Float32Array, bias: Float32Array): Float32Array {
  const { down, up } = reachOf(weights, bias.length);
  return bias.map((value, output) => Math.min(Math.max(value, -certain - up[output]!), certain - down[output]!));
}

/**
 * Biases of the last layer, whose sums are compared with each other: as those of neurons, and the order of those that are
 * cut is kept by gaps that no input can close.
 */
export function readoutBias(weights: Float32Array, bias: Float32Array): Float32Array {
  const { down, up } = reachOf(weights, bias.length);
  const gap = up.reduce((a, b) => Math.max(a, b), 0) - down.reduce((a, b) => Math.min(a, b), 0) + 1;
  const limit = certain + gap;
  const result = Float32Array.from(bias);
  for (const sign of [1, -1]) {
    const beyond = Array.from(bias.keys())
      .filter((output) => bias[output]! * sign > limit)
      .sort((a, b) => (bias[a]! - bias[b]!) * sign);
    let [previous, before] = [limit, limit];
    for (const output of beyond) {
      const value = bias[output]! * sign;
      previous += Math.min(value - before, gap);
      before = value;
      result[output] = previous * sign;
    }
  }
  return result;
}
