/** A layer's weights as pairs of conductances, and what an active row costs. */
import type { LayerPlan } from '../plan/index.ts';
import type { Values } from './assumptions.ts';

export interface CrossbarRow {
  /** Sum of the conductances of the row's cells, siemens, when the row is at full voltage. */
  readonly conductanceS: number;
  readonly cells: number;
}

export interface Crossbar {
  /** Conductance of one unit of integer weight. */
  readonly unitS: number;
  readonly leastS: number;
  readonly largestS: number;
  /** [tap, without bias] */
  readonly taps: readonly CrossbarRow[];
  /** Always active. */
  readonly bias: CrossbarRow;
  /** Two cells a weight. */
  readonly cells: number;
}

/**
 * An input of 1 on a row at voltage V drives V * (G+ - G-) into a column; so that the sum over the rows is slopeA * z, one unit of integer weight is slopeA *
 * 2^-fractionBits / V siemens. Of a pair one cell carries |w| units over the least conductance, the other the least. A pixel p under direct encoding is a
 * row at p/255 of the voltage, so its unit is 255 times larger.
 */
export function layerCrossbar(layer: LayerPlan, graded: boolean, slopeA: number, chip: Values<'chip'>): Crossbar {
  const unitS = ((graded ? 255 : 1) * slopeA * 2 ** -layer.fractionBits) / chip.crossbarRowV;
  // The bias row may be several rows of weights: it is as strong as it needs to be.
  const biases = layer.bias.map((bias) => Math.abs(bias) / (graded ? 255 : 1));
  const largestS = unitS * Math.max(...layer.weights.map((row) => Math.max(...row.map(Math.abs))), 0);
  const leastS = largestS / chip.crossbarOnOff;
  const columns = 2 * layer.output.channels;
  const row = (units: readonly number[]): CrossbarRow => ({
    conductanceS: columns * leastS + unitS * units.reduce((sum, value) => sum + value, 0),
    cells: columns,
  });
  const taps = layer.weights[0]!.map((_, tap) => row(layer.weights.map((weights) => Math.abs(weights[tap]!))));
  return { unitS, leastS, largestS, taps, bias: row(biases), cells: columns * (taps.length + 1) };
}
