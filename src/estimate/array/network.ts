/**
 * A crossbar as a resistive network: cells between row and column wires that have resistance themselves, rows driven at one end through their driver, columns
 * held at one end by a clamp. Every row is driven, to its voltage or to that of the clamp, so the network is linear whatever the input: the current of column j
 * is the sum over the rows of V[i] G'[i][j]. These effective conductances are what is computed here, by reciprocity: 1 V at the clamp of column j, the rest
 * grounded, drives the current G'[i][j] out of row i.
 */
import { badInput } from '../../errors/index.ts';

/** Resistances around the cells, ohm; all above 0. */
export interface WireOhms {
  /** Of the row wire from one cell to the next, and of the column wire. */
  readonly row: number;
  readonly column: number;
  /** Of a row's driver, before its first cell, and of a column's clamp, behind its last cell. */
  readonly driver: number;
  readonly clamp: number;
}

/** Conductances in siemens, [row][column]. */
export type Conductances = readonly Float64Array[];

/** Work of the exact solution beyond which the approximation is taken: a quarter of a second. */
const exactWork = 3e8;

/** Effective conductances: exact for small arrays, approximate for large ones. Throws badInput when a resistance is not above 0. */
export function effectiveConductances(cells: Conductances, wires: WireOhms): Float64Array[] {
  return networkWork(cells) <= exactWork ? solveNetwork(cells, wires) : approximateNetwork(cells, wires);
}

/** Multiplications of the exact solution. */
function networkWork(cells: Conductances): number {
  const [rows, columns] = [cells.length, cells[0]!.length];
  const band = 2 * Math.min(rows, columns);
  return 2 * rows * columns * band * (band + 2 * columns);
}

/** All nodes at once: banded Cholesky factorisation, then a solution for each column. */
export function solveNetwork(cells: Conductances, wires: WireOhms): Float64Array[] {
  checkWires(wires);
  const [rows, columns] = [cells.length, cells[0]!.length];
  // Neighbours along the longer side are as far apart as the band is wide.
  const along = rows >= columns;
  const node = (i: number, j: number, side: 0 | 1) => 2 * (along ? i * columns + j : j * rows + i) + side;
  const band = 2 * Math.min(rows, columns);
  const nodes = 2 * rows * columns;
  const matrix = new BandedMatrix(nodes, band);
  for (let i = 0; i < rows; i += 1) {
    matrix.ground(node(i, 0, 0), 1 / wires.driver);
    for (let j = 0; j < columns; j += 1) {
      matrix.connect(node(i, j, 0), node(i, j, 1), cells[i]![j]!);
      if (j + 1 < columns) matrix.connect(node(i, j, 0), node(i, j + 1, 0), 1 / wires.row);
      if (i + 1 < rows) matrix.connect(node(i, j, 1), node(i + 1, j, 1), 1 / wires.column);
    }
  }
  for (let j = 0; j < columns; j += 1) matrix.ground(node(rows - 1, j, 1), 1 / wires.clamp);
  matrix.factorise();
  const result = cells.map(() => new Float64Array(columns));
  const volts = new Float64Array(nodes);
  for (let j = 0; j < columns; j += 1) {
    volts.fill(0);
    volts[node(rows - 1, j, 1)] = 1 / wires.clamp;
    matrix.solve(volts);
    for (let i = 0; i < rows; i += 1) result[i]![j] = volts[node(i, 0, 0)]! / wires.driver;
  }
  return result;
}

/**
 * What every cell keeps of its row's voltage when all rows are driven at once, times its conductance: one solution instead of one for each column. The current of
 * each column is then right for that input; what each row has in it is right within a few per cent of what the wires take. Wire by wire, the others held, until nothing moves.
 */
export function approximateNetwork(cells: Conductances, wires: WireOhms, passes = 200): Float64Array[] {
  checkWires(wires);
  const [rows, columns] = [cells.length, cells[0]!.length];
  const rowV = cells.map(() => new Float64Array(columns).fill(1));
  const columnV = Array.from({ length: columns }, () => new Float64Array(rows));
  const rowWire = new Wire(columns, 1 / wires.row);
  const columnWire = new Wire(rows, 1 / wires.column);
  const settled = 1e-7;
  for (let pass = 0; pass < passes; pass += 1) {
    let moved = 0;
    for (let j = 0; j < columns; j += 1) {
      const before = columnV[j]![0]!;
      columnWire.start();
      for (let i = 0; i < rows; i += 1) columnWire.tie(i, cells[i]![j]!, rowV[i]![j]!);
      columnWire.tie(rows - 1, 1 / wires.clamp, 0);
      columnWire.settle(columnV[j]!);
      moved = Math.max(moved, Math.abs(columnV[j]![0]! - before));
    }
    for (let i = 0; i < rows; i += 1) {
      const before = rowV[i]![columns - 1]!;
      rowWire.start();
      for (let j = 0; j < columns; j += 1) rowWire.tie(j, cells[i]![j]!, columnV[j]![i]!);
      rowWire.tie(0, 1 / wires.driver, 1);
      rowWire.settle(rowV[i]!);
      moved = Math.max(moved, Math.abs(rowV[i]![columns - 1]! - before));
    }
    if (moved <= settled) break;
  }
  return cells.map((row, i) => row.map((conductance, j) => conductance * (rowV[i]![j]! - columnV[j]![i]!)));
}

function checkWires(wires: WireOhms): void {
  for (const [name, ohm] of Object.entries(wires)) {
    if (ohm > 0 && Number.isFinite(ohm)) continue;
    throw badInput('a resistance of the crossbar is not above 0', { where: name, found: `${ohm} ohm` });
  }
}

/** A wire of equal segments whose nodes are tied through conductances to known voltages: a tridiagonal system. */
class Wire {
  readonly #segment: number;
  readonly #diagonal: Float64Array;
  readonly #right: Float64Array;

  constructor(nodes: number, segmentS: number) {
    this.#segment = segmentS;
    this.#diagonal = new Float64Array(nodes);
    this.#right = new Float64Array(nodes);
  }

  start(): void {
    const last = this.#diagonal.length - 1;
    this.#diagonal.fill(2 * this.#segment);
    if (last === 0) this.#diagonal[0] = 0;
    else this.#diagonal[0] = this.#diagonal[last] = this.#segment;
    this.#right.fill(0);
  }

  tie(node: number, conductanceS: number, volts: number): void {
    this.#diagonal[node]! += conductanceS;
    this.#right[node]! += conductanceS * volts;
  }

  settle(volts: Float64Array): void {
    const diagonal = this.#diagonal;
    const right = this.#right;
    const segment = this.#segment;
    for (let k = 1; k < diagonal.length; k += 1) {
      const share = segment / diagonal[k - 1]!;
      diagonal[k]! -= share * segment;
      right[k]! += share * right[k - 1]!;
    }
    for (let k = diagonal.length - 1; k >= 0; k -= 1) {
      const next = k + 1 < diagonal.length ? volts[k + 1]! : 0;
      volts[k] = (right[k]! + segment * next) / diagonal[k]!;
    }
  }
}

/** A symmetric positive definite matrix of conductances, its lower band row by row. */
class BandedMatrix {
  readonly #size: number;
  readonly #band: number;
  /** Row i: elements i-band .. i. */
  readonly #lower: Float64Array;

  constructor(size: number, band: number) {
    this.#size = size;
    this.#band = band;
    this.#lower = new Float64Array(size * (band + 1));
  }

  ground(node: number, conductanceS: number): void {
    this.#lower[node * (this.#band + 1) + this.#band]! += conductanceS;
  }

  connect(a: number, b: number, conductanceS: number): void {
    this.ground(a, conductanceS);
    this.ground(b, conductanceS);
    const [low, high] = a < b ? [a, b] : [b, a];
    this.#lower[high * (this.#band + 1) + this.#band - (high - low)]! -= conductanceS;
  }

  factorise(): void {
    const lower = this.#lower;
    const band = this.#band;
    const width = band + 1;
    for (let i = 0; i < this.#size; i += 1) {
      const first = Math.max(0, i - band);
      const atI = i * width + band - i;
      for (let j = first; j <= i; j += 1) {
        const atJ = j * width + band - j;
        let sum = lower[atI + j]!;
        for (let k = Math.max(first, j - band); k < j; k += 1) sum -= lower[atI + k]! * lower[atJ + k]!;
        lower[atI + j] = i === j ? Math.sqrt(sum) : sum / lower[atJ + j]!;
      }
    }
  }

  /** Right side in, solution out. */
  solve(values: Float64Array): void {
    const lower = this.#lower;
    const band = this.#band;
    const width = band + 1;
    for (let i = 0; i < this.#size; i += 1) {
      const at = i * width + band - i;
      let sum = values[i]!;
      for (let k = Math.max(0, i - band); k < i; k += 1) sum -= lower[at + k]! * values[k]!;
      values[i] = sum / lower[at + i]!;
    }
    for (let i = this.#size - 1; i >= 0; i -= 1) {
      const at = i * width + band - i;
      const value = values[i]! / lower[at + i]!;
      values[i] = value;
      for (let k = Math.max(0, i - band); k < i; k += 1) values[k]! -= lower[at + k]! * value;
    }
  }
}
