/** Weights of one plan in the core of another. */
import { badInput } from '../errors/index.ts';
import { channelFactor } from './maker/widths.ts';
import type { LayerPlan, Plan } from './schema/index.ts';

/**
 * The core `plan` with the weights, biases and tables of `other`, a plan of a network of the same shape: what the host loads, and what the golden
 * model then has to know. Where a layer's weights are in another unit they are rounded to the core's.
 *
 * @throws badInput when the other plan is of another core, or its weights do not fit
 */
export function reloadedPlan(plan: Plan, other: Plan): Plan {
  if (plan.monitors?.load !== true)
    throw badInput('the core takes no weights', {
      where: plan.name,
      found: 'a core that was built without a way in for them',
      help: 'build it with --monitors load',
    });
  if (plan.layers.length !== other.layers.length) throw otherShape('layers', plan.layers.length, other.layers.length);
  const same = (what: string, of: (of: Plan) => unknown) => {
    const [own, its] = [JSON.stringify(of(plan)), JSON.stringify(of(other))];
    if (own !== its) throw otherShape(what, own, its);
  };
  same('images', ({ input }) => input);
  same('what a pixel is worth', ({ inputValues }) => inputValues ?? null);
  same('encoding', ({ encoding }) => encoding.kind);
  same('readout', ({ readout: { kind, classes } }) => [kind, classes]);
  return { ...plan, layers: plan.layers.map((layer, index) => reloadedLayer(layer, other.layers[index]!)) };
}

const shapeOf = ({ kind, input, output, kernelHeight, kernelWidth, strideY, strideX, ...layer }: LayerPlan) => [
  ...[kind, input, output, kernelHeight, kernelWidth, strideY, strideX, layer.pool, layer.carry ?? null],
  ...[layer.padTop, layer.padLeft, layer.padBottom, layer.padRight, layer.inputMax, layer.biasValue, layer.neuron.kind],
];

function reloadedLayer(layer: LayerPlan, other: LayerPlan): LayerPlan {
  const [own, its] = [JSON.stringify(shapeOf(layer)), JSON.stringify(shapeOf(other))];
  if (own !== its) throw otherShape(`layer ${layer.name}`, own, its);
  const { neuron } = layer;
  // Scores of a layer that is read out are compared among themselves: their unit does not matter.
  const finer = neuron.kind === 'none' ? 0 : layer.fractionBits - other.fractionBits;
  const factor = (output: number) => channelFactor(layer, output);
  const stored = (value: number, output: number) => Math.round((value * 2 ** finer) / factor(output));
  const weights = other.weights.map((row, output) =>
    row.map((weight) => fitting(stored(weight, output), layer) * factor(output)),
  );
  checkGaps(layer, weights);
  const units = other.bias.map((value, output) => stored(value / layer.biasValue, output));
  return {
    ...layer,
    weights,
    bias: units.map((value, output) => value * factor(output) * layer.biasValue),
    biasRows: biasRowsOf(units, layer).map((row) => row.map((value, output) => value * factor(output))),
    fractionBits: neuron.kind === 'none' ? other.fractionBits : layer.fractionBits,
    neuron: withTable(layer, other.neuron),
  };
}

/** Tables go by the potential itself, so that a layer's does not depend on its weights. */
function withTable({ name, neuron }: LayerPlan, other: LayerPlan['neuron']): LayerPlan['neuron'] {
  if ((neuron.kind !== 'ideal' && neuron.kind !== 'integer') || neuron.kind !== other.kind) return neuron;
  if (neuron.table.length !== other.table.length || neuron.tableOffset !== other.tableOffset)
    throw otherShape(`table of layer ${name}`, `${neuron.table.length} entries`, `${other.table.length} entries`);
  return { ...neuron, table: other.table };
}

function fitting(weight: number, { name, weightBits }: LayerPlan): number {
  const high = 2 ** (weightBits - 1) - 1;
  if (weight >= -high - 1 && weight <= high) return weight;
  throw badInput('a weight does not fit the core', {
    where: `layer ${name}`,
    found: `${weight} in units of the core`,
    expected: `${-high - 1}..${high}`,
    help: "its network's weights are larger than those for which the core was built: build the core from it, or train it with weight decay",
  });
}

/** A core has no place for weights of taps that it does not walk over. */
function checkGaps({ name, runs }: LayerPlan, weights: readonly (readonly number[])[]): void {
  if (runs === undefined) return;
  const isWalked = (at: number) => runs.some(({ tap, count }) => at >= tap && at < tap + count);
  for (const [output, row] of weights.entries()) {
    const at = row.findIndex((weight, tap) => weight !== 0 && !isWalked(tap));
    if (at >= 0)
      throw badInput('a weight has no place in the core', {
        where: `layer ${name}, output ${output}, tap ${at}`,
        found: `${row[at]}`,
        expected:
          '0: the network that the core was built from has no weight there in any output, so the core leaves the tap out',
        help: 'build the core from this network; the other is then the one that is loaded',
      });
  }
}

/** The biases in the rows that the core has. */
function biasRowsOf(units: readonly number[], { name, biasRows, weightBits }: LayerPlan): number[][] {
  const high = 2 ** (weightBits - 1) - 1;
  const rest = [...units];
  const rows = biasRows.map(() =>
    rest.map((value, output) => {
      const part = Math.min(high, Math.max(-high - 1, value));
      rest[output]! -= part;
      return part;
    }),
  );
  const left = rest.findIndex((value) => value !== 0);
  if (left < 0) return rows;
  throw badInput('a bias does not fit the core', {
    where: `layer ${name}, output ${left}`,
    found: `${units[left]} in units of the core`,
    expected: `what ${biasRows.length} rows of ${weightBits} bits add up to`,
    help: 'build the core from this network; the other, with smaller biases, is then the one that is loaded',
  });
}

function otherShape(what: string, own: unknown, other: unknown): Error {
  return badInput('the weights are of another core', {
    where: what,
    found: String(other),
    expected: String(own),
    help: 'build both networks with the same options',
  });
}
