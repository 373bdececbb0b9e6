/** A layer's weights on tiles of crossbar: which row stands where, and the conductances of every cell. */
import { drawNormals } from '../../device/index.ts';
import type { LayerPlan } from '../../plan/index.ts';
import type { Cell, ChipChoice } from './parts.ts';

/** Rows of one input, or of the bias (`tap` -1), on one tile. */
export interface TileRows {
  readonly tap: number;
  /** Weight rows of it here: a pool's count of c drives c of all its rows. */
  readonly copies: number;
}

export interface Tile {
  readonly rows: readonly TileRows[];
  /** Weight rows: the copies of all. Under `pair: 'rows'` each is two wires. */
  readonly weightRows: number;
}

/** How a layer lies on its crossbar. Weights, in their integer unit. */
export interface Layout {
  readonly layer: LayerPlan;
  /** Pixels that are voltages: an input of 255 is the whole row voltage. */
  readonly graded: boolean;
  readonly tiles: readonly Tile[];
  /** Largest weight, integer. */
  readonly largest: number;
  /** Rows of the bias, and how much of the bias each carries: [bias row][output], integer. */
  readonly biasRows: readonly (readonly number[])[];
  /** Rows of each input. */
  readonly copies: number;
  /** Siemens of one unit of weight: the cell's range over the largest weight, or what the write current asks for. */
  readonly unitS: number;
  /** Output current over column current: what the clamp's mirror multiplies by. */
  readonly gain: number;
}

/** Lays a layer out. `slopeA` is the current of one unit of potential. */
export function layOut(layer: LayerPlan, graded: boolean, slopeA: number, cell: Cell, choice: ChipChoice): Layout {
  const largest = Math.max(1, ...layer.weights.map((row) => Math.max(...row.map(Math.abs))));
  const copies = layer.inputMax === 255 ? 1 : layer.inputMax;
  // The bias row of a graded input is at full voltage, as a pixel of 255.
  const biasUnits = layer.bias.map((bias) => bias / (graded ? 255 : 1));
  const biasCount = Math.max(1, Math.ceil(Math.max(...biasUnits.map(Math.abs)) / largest));
  const biasRows = Array.from({ length: biasCount }, () => biasUnits.map((bias) => bias / biasCount));
  const wires = choice.pair === 'rows' ? 2 : 1;
  const weightRows = biasCount + layer.weights[0]!.length * copies;
  const tileCount = Math.ceil((weightRows * wires) / choice.tileRows);
  // A column current is never made smaller: then the cells' range is not used to its end.
  const wantedS = ((graded ? 255 : 1) * slopeA * 2 ** -layer.fractionBits) / choice.rowV;
  const unitS = Math.min((cell.largestS - cell.leastS) / largest, wantedS);
  return {
    layer,
    graded,
    tiles: splitRows(biasCount, layer.weights[0]!.length, copies, Math.ceil(weightRows / tileCount)),
    largest,
    biasRows,
    copies,
    unitS,
    gain: wantedS / unitS,
  };
}

function splitRows(biasCount: number, taps: number, copies: number, perTile: number): Tile[] {
  const tiles: Tile[] = [];
  let rows: TileRows[] = [];
  let left = perTile;
  const close = () => {
    if (rows.length > 0) tiles.push({ rows, weightRows: rows.reduce((sum, row) => sum + row.copies, 0) });
    rows = [];
    left = perTile;
  };
  for (let tap = -1; tap < taps; tap += 1) {
    for (let wanted = tap === -1 ? biasCount : copies; wanted > 0; ) {
      const here = Math.min(wanted, left);
      rows.push({ tap, copies: here });
      wanted -= here;
      left -= here;
      if (left === 0) close();
    }
  }
  close();
  return tiles;
}

/** Weight of an output's cell pair on a tile's row, integer units; `place` counts the bias rows that came before. */
function weightOf({ layer, biasRows }: Layout, tap: number, output: number, place: number): number {
  return tap === -1 ? biasRows[place]![output]! : layer.weights[output]![tap]!;
}

/**
 * Programmed conductances of one tile, [wire][column]: rounded to the cell's levels, with the spread of programming. Pairs of columns stand side by side,
 * pairs of rows under one another.
 */
export function cellConductances(
  layout: Layout,
  tileIndex: number,
  cell: Cell,
  choice: ChipChoice,
  seed: number,
): Float64Array[] {
  const tile = layout.tiles[tileIndex]!;
  const outputs = layout.layer.output.channels;
  const byRows = choice.pair === 'rows';
  const wires = tile.weightRows * (byRows ? 2 : 1);
  const columns = outputs * (byRows ? 1 : 2);
  const normals = drawNormals(wires * columns, seed, tileIndex + 1);
  const steps = 2 ** choice.cellBits - 1;
  const range = layout.unitS * layout.largest;
  const program = (weight: number, at: number): number => {
    const share = Math.round(Math.min(1, Math.max(0, weight) / layout.largest) * steps) / steps;
    const target = cell.leastS + share * range;
    const relative = target / cell.largestS;
    const [constant, linear, square] = cell.spreadS;
    const spread = Math.max(0, constant + relative * (linear + relative * square));
    return Math.max(0, target + spread * normals[at]!);
  };
  const result = Array.from({ length: wires }, () => new Float64Array(columns));
  let wire = 0;
  let place = layout.tiles.slice(0, tileIndex).reduce((sum, { rows }) => sum + biasCopies(rows), 0);
  for (const { tap, copies } of tile.rows) {
    for (let copy = 0; copy < copies; copy += 1) {
      for (let output = 0; output < outputs; output += 1) {
        const weight = weightOf(layout, tap, output, place);
        const [plusRow, minusRow] = byRows ? [2 * wire, 2 * wire + 1] : [wire, wire];
        const [plus, minus] = byRows ? [output, output] : [2 * output, 2 * output + 1];
        result[plusRow]![plus] = program(weight, plusRow * columns + plus);
        result[minusRow]![minus] = program(-weight, minusRow * columns + minus);
      }
      wire += 1;
      if (tap === -1) place += 1;
    }
  }
  return result;
}

function biasCopies(rows: readonly TileRows[]): number {
  return rows.reduce((sum, { tap, copies }) => sum + (tap === -1 ? copies : 0), 0);
}
