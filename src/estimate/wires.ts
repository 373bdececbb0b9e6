/**
 * Wires and clock tree of a netlist that nobody has placed, from the number of its cells: Rent's rule with Donath's hierarchical placement (W. E. Donath, IEEE Trans.
 * Circuits Syst. 26 (1979) 272, formula recalled), and the Steiner tree of as many random sinks. An estimate beside `power`, not part of it.
 */
export interface LayoutInputs {
  readonly cells: number;
  /** Area of all cells, m2. */
  readonly areaM2: number;
  /** Flip-flops whose clock arrives in a mean cycle: those behind a gate count by the share of cycles in which it is open. */
  readonly flipFlops: number;
  /** Mean capacitance of a flip-flop's clock input, F; undefined when the library does not say. */
  readonly clockPinF: number | undefined;
  /** Toggles of a cell's output in a mean clock cycle. */
  readonly activity: number;
  readonly volts: number;
  readonly hertz: number;
}

/** Ranges as low and high ends, W and metres. */
export interface LayoutEstimate {
  /** Mean length of a connection between two cells. */
  readonly connectionM: { readonly low: number; readonly high: number };
  readonly wiresW: { readonly low: number; readonly high: number };
  /** Wire and clock pins; buffers double it at the high end. */
  readonly clockTreeW: { readonly low: number; readonly high: number };
}

/** Logic has 0.57 to 0.75 (Landman and Russo; recalled). */
const rentExponent = 0.6;
const wireFPerM = 2e-10;
/** Of a flip-flop's clock input, where the library does not say: 0.95 fF in Nangate45, 8.2 fF in gscl45nm. */
const usualClockPinF = 1.5e-15;
/** Share of the area that cells fill. */
const utilisation = 0.7;
/** Branches of a net beyond its first, each as long as a connection: a fan-out of two and a half. Ours. */
const connectionsPerNet = 2;

/** Mean connection of N cells in units of their pitch, if they are placed by halving again and again: an upper bound, placers do about half. */
export function donathLength(cells: number, exponent: number = rentExponent): number {
  const p = exponent;
  const first = (7 * (cells ** (p - 0.5) - 1)) / (4 ** (p - 0.5) - 1);
  const second = (1 - cells ** (p - 1.5)) / (1 - 4 ** (p - 1.5));
  return (2 / 9) * (first - second) * ((1 - 4 ** (p - 1)) / (1 - cells ** (p - 1)));
}

export function estimateLayout(inputs: LayoutInputs): LayoutEstimate {
  const { cells, areaM2, flipFlops, clockPinF = usualClockPinF, activity, volts, hertz } = inputs;
  const placedM2 = areaM2 / utilisation;
  const high = donathLength(cells) * Math.sqrt(placedM2 / cells);
  const connectionM = { low: high / 2, high };
  const wire = (metres: number) => 0.5 * connectionsPerNet * metres * wireFPerM * volts ** 2 * activity * cells * hertz;
  // The shortest tree through n random points of an area is about 0.7 sqrt(n A) long.
  const treeF = 0.7 * Math.sqrt(flipFlops * placedM2) * wireFPerM + flipFlops * clockPinF;
  const tree = treeF * volts ** 2 * hertz;
  return {
    connectionM,
    wiresW: { low: wire(connectionM.low), high: wire(connectionM.high) },
    clockTreeW: { low: tree, high: 2 * tree },
  };
}
