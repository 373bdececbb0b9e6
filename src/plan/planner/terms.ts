/**
 * What a core is made of, as quantities: adder bits, multiplexer bits, counters. Each has a price in LUTs that scripts/cost-model.ts fits
 * to what yosys makes of a grid of cores (docs/cost-model.md says how to add one).
 */
import { unsignedBits } from '../maker/widths.ts';

export const termTable = {
  accumulatorBit: 'a bit of an accumulator with its drain register',
  accumulator: 'enable and gate of an accumulator',
  chosenBit: 'a bit of choosing 0, w, 2w, 3w or 4w for a pooled count, in each accumulator',
  tripleBit: 'a bit of 3w, once for all time lanes',
  multiplier: 'any other product, beside the additions in it',
  multiplierBit: 'a bit of it, for each addition',
  windowEngine: 'control of a window engine',
  eventEngine: 'control of an event engine and its list of events',
  wideEngine: 'control of a wide engine',
  treeBit: "a bit of an adder in a wide engine's trees",
  gateBit: 'a bit of a weight there that a spike lets through',
  groupBit: "a bit of the event engine's product of index and groups",
  counterBit: 'a bit of a counter or address: tap, row, group, position, drain',
  handOn: 'what a window engine takes more that hands inputs on',
  walkBit: "a bit of a window's next address, for each counter of positions",
  frameBuffer: 'a frame buffer in front of a window engine',
  secondBank: 'its second bank',
  shiftedLane: 'a copy of a frame buffer for one more position lane',
  ramMultiplexerBit:
    'a bit that is chosen: among blocks of one memory, among the shifts of a weight, or a block that is written',
  romColumn: 'a bit of each of the first 16 words of a ROM in LUTs',
  romBit: '16 more words of it',
  distributedRam: 'a RAM of 16 words of 4 bits in LUTs',
  flipFlopRamBit: 'a bit of a RAM that is too small for anything but flip-flops',
  neuron: 'an MTJ neuron: LFSR, comparator, table address',
  neuronBit: "a bit of its potential above the table's resolution",
  loadedLane: 'what an LFSR takes more to be loaded with a start state',
  seeder: 'the start states of a stream',
  unseededStream: 'what counts the words of a stream that has no seeder',
  pool: 'an average pool',
  poolBit: 'a bit of its counts, in each time lane',
  readout: 'readout of the potentials',
  readoutBit: 'a bit of a score',
  readoutSumBit: 'a bit of the sum over time lanes',
  countReadout: 'readout of spikes',
  image: 'top and image buffer',
  imageBank: 'its second bank',
  guardBit: 'a bit of a beat of pixels, which is 0 where a short image is filled up',
  encoder: 'encoder of pixels',
  encoderLane: 'a lane of it',
  encoderPixel: 'what a lane takes more for each further pixel of a beat, beside its word',
  jumpLut: 'a LUT of the XORs that make the words of further pixels from the state',
  direct: 'direct input',
  integerNeuron: 'neurons without chance, in place of junctions',
  stateTable: 'a table of a junction that keeps its state, with its comparator',
  deviceLayer: 'what neurons take more that behave like devices, in a layer',
  phasedLayer: 'phases of write, read and reset',
  productBit: "a bit of a potential's product with a trim or with a device's gain, for each addition in it",
  productSumBit: 'a bit of it with the offset',
  loadedTable: 'the way into a table that the host loads, in each time lane',
  faultLane: 'faults of one time lane: their words and comparators',
  testedLayer: 'what a self-test takes in a layer',
  claimedBit: 'a bit of a potential there that the test may replace',
  selfTest: 'the self-test',
  bus: 'a register bus',
  setBit: 'a bit of a register that the host writes',
  shownBit: 'a bit that the host reads',
  statusBit: 'a bit of what monitors have seen',
  eventCounterBit: 'a bit of a counter of events',
  countedLane: 'a time lane whose spikes are counted',
  leadBit: 'a bit of the lead of the best score',
  marginBit: 'a bit of a margin that it is held against',
  rateBit: 'a bit of a balance of spikes against a limit',
  rateProductBit: 'a bit of the product of limit and time steps, for each addition in it',
  guardedStream: 'a random stream that is started again from the state 0',
  stallBit: 'a bit of the counter of clocks without progress',
  memoryCheck: 'the walk over memories with its checksum',
  checkedMemory: 'a memory that is read for its checksum',
  checkedAddressBit: 'a bit of its address',
  checkedBit: 'a bit of its words beyond those of a checksum',
  memoryLoad: "the host's way into memories",
  loadedMemory: 'a memory that the host loads',
  loadedAddressBit: 'a bit of its address',
  loadedBit: 'a bit of its words',
  earlyExit: 'early exit, in the readout and in front of it',
  exitLayer: 'a layer that drops images which are answered',
} as const;

/** One of the quantities that a price is paid for. */
export type Term = keyof typeof termTable;
/** Keys of the cost model: what a core has so many of, each with a price in LUTs, flip-flops and carry cells. */
export const termNames = Object.keys(termTable) as readonly Term[];
/** How much of each term a part of a core has. */
export type Terms = Readonly<Partial<Record<Term, number>>>;

/** Term by term: two parts may both have some of one, which a spread of objects would lose. */
export function sumOfTerms(parts: readonly Terms[]): Terms {
  return Object.fromEntries(termNames.map((term) => [term, parts.reduce((sum, terms) => sum + (terms[term] ?? 0), 0)]));
}

/** Bits of a counter of so many values; none of one value. */
export function bits(values: number): number {
  return values <= 1 ? 0 : unsignedBits(values - 1);
}

/** Ones of a 32-bit number. */
export function ones(value: number): number {
  return (value >>> 0).toString(2).replaceAll('0', '').length;
}

/** Additions of a signed value times a signed one: one less than the bits of the narrower one. */
export function multiplierRows(bits: number, others: number): number {
  return Math.min(bits, others) - 1;
}
