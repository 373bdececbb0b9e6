/** What the wires of the crossbars carry on real images. */
import { countEvents, type NetworkEvents } from '../../golden/index.ts';
import type { Plan } from '../../plan/index.ts';
import type { TileCurrents } from './circuit.ts';
import type { Cell, ChipChoice } from './parts.ts';
import type { Layout } from './tiles.ts';

/** Currents of every layer, from its inputs at every position and time step of some images; wires without resistance, so rather too large. */
export function countCurrents(
  plan: Plan,
  layouts: readonly Layout[],
  pixels: Uint8Array,
  timeSteps: number,
  cell: Cell,
  choice: ChipChoice,
): { readonly events: NetworkEvents; readonly currents: readonly TileCurrents[] } {
  const meters = layouts.map((layout) => new Meter(layout, cell, choice));
  const events = countEvents(plan, pixels, { timeSteps, onWindow: (layer, inputs) => meters[layer]!.add(inputs) });
  return { events, currents: meters.map((meter) => meter.currents()) };
}

interface TilePart {
  readonly taps: readonly number[];
  /** Share of the input's rows that stand here, of the whole row voltage for an input of 1. */
  readonly shares: readonly number[];
  /** [output * taps + tap] */
  readonly plus: Float64Array;
  readonly minus: Float64Array;
  readonly biasRows: number;
  readonly biasPlus: Float64Array;
  readonly biasMinus: Float64Array;
}

class Meter {
  readonly #layout: Layout;
  readonly #cell: Cell;
  readonly #choice: ChipChoice;
  readonly #tiles: readonly TilePart[];
  #windows = 0;
  #most = 0;
  #sum = 0;
  #rows = 0;
  #rowSum = 0;

  constructor(layout: Layout, cell: Cell, choice: ChipChoice) {
    this.#layout = layout;
    this.#cell = cell;
    this.#choice = choice;
    let place = 0;
    this.#tiles = layout.tiles.map(({ rows }) => {
      const inputs = rows.filter(({ tap }) => tap >= 0);
      const taps = inputs.map(({ tap }) => tap);
      const signed = (sign: number) =>
        Float64Array.from(
          layout.layer.weights.flatMap((weights) => taps.map((tap) => Math.max(0, sign * weights[tap]!))),
        );
      const biasRows = rows.reduce((sum, { tap, copies }) => sum + (tap === -1 ? copies : 0), 0);
      const bias = (sign: number) =>
        Float64Array.from(layout.layer.weights, (_, output) =>
          layout.biasRows
            .slice(place, place + biasRows)
            .reduce((sum, row) => sum + Math.max(0, sign * row[output]!), 0),
        );
      const part: TilePart = {
        taps,
        shares: inputs.map(({ copies }) => copies / layout.copies / (layout.graded ? 255 : 1)),
        plus: signed(1),
        minus: signed(-1),
        biasRows,
        biasPlus: bias(1),
        biasMinus: bias(-1),
      };
      place += biasRows;
      return part;
    });
  }

  add(inputs: Float64Array): void {
    const { leastS } = this.#cell;
    const { unitS, layer } = this.#layout;
    const byRows = this.#choice.pair === 'rows';
    this.#windows += 1;
    for (const tile of this.#tiles) {
      const width = tile.taps.length;
      const active = tile.taps.map((tap, k) => inputs[tap]! * tile.shares[k]!);
      const rows = active.reduce((sum, value) => sum + value, tile.biasRows);
      this.#rows += rows * (byRows ? 2 : 1);
      for (let output = 0; output < layer.output.channels; output += 1) {
        let plus = tile.biasPlus[output]!;
        let minus = tile.biasMinus[output]!;
        const at = output * width;
        for (let k = 0; k < width; k += 1) {
          const value = active[k]!;
          if (value === 0) continue;
          plus += value * tile.plus[at + k]!;
          minus += value * tile.minus[at + k]!;
        }
        const both = 2 * leastS * rows + unitS * (plus + minus);
        this.#rowSum += both;
        if (byRows) {
          const net = unitS * Math.abs(plus - minus);
          this.#sum += net;
          if (net > this.#most) this.#most = net;
        } else {
          this.#sum += both;
          const larger = leastS * rows + unitS * Math.max(plus, minus);
          if (larger > this.#most) this.#most = larger;
        }
      }
    }
  }

  currents(): TileCurrents {
    const { layer, unitS } = this.#layout;
    const { leastS } = this.#cell;
    const { rowV, pair } = this.#choice;
    const rowS = layer.weights[0]!.map((_, tap) => {
      const units = layer.weights.reduce((sum, weights) => sum + Math.abs(weights[tap]!), 0);
      return (pair === 'rows' ? 1 : 2) * layer.output.channels * leastS + unitS * units;
    });
    return {
      columnA: rowV * this.#most,
      rowA: rowV * Math.max(...rowS),
      meanA: (rowV * this.#sum) / this.#windows,
      meanRowA: (rowV * this.#rowSum) / this.#windows,
      meanRows: this.#rows / this.#windows,
    };
  }
}
