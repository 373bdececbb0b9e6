/** What a run in lockstep needs from the model that the Verilog is compared with. */
import type { CycleInputs, CycleOutputs } from './stimulus.ts';

/** Path, width and sign of a signal that is compared. */
export interface SignalShape {
  /** Instance names and the register's name joined by dots, or an output port of the top. */
  readonly path: string;
  readonly width: number;
  readonly signed: boolean;
}

/** Layer, image, neuron and time step of a value that differs, so that a message can name them; absent where it belongs to none. */
export interface SignalWork {
  readonly layer?: string;
  readonly image?: number;
  /** Neuron as a person reads it: `channel 3, y 4, x 5`. */
  readonly neuron?: string;
  readonly timeStep?: string;
}

/** What each of the words means in which a model keeps its registers. */
export interface RegisterLayout {
  readonly words: number;
  /** For each word the bits that mean something; 0 where there is no register. */
  readonly masks: Int32Array;
  /** For each word its place in a sample; -1 where there is no register. */
  readonly places: Int32Array;
}

/** A core that can be asked for every register and output port on every clock. */
export interface CycleReference {
  readonly signals: readonly SignalShape[];
  /** With `words`, the registers live there from now on: layout.words of them, once `outputs` was asked for as they are just before the edge. */
  reset(words?: Int32Array): void;
  /** The outputs in this cycle, for these inputs. */
  outputs(inputs: CycleInputs): CycleOutputs;
  /** All signals just before the edge, in the order of `signals`, each in ceil(width / 32) words, low first, masked to its width. */
  sample(into: Uint32Array): void;
  readonly layout: RegisterLayout;
  /** The rising edge that ends this cycle. */
  clock(): void;
  /** What the signal's `bit` is working on in this cycle. */
  work?(path: string, bit: number): SignalWork | undefined;
}

/** The model with only those signals that are to be compared. */
export function onlySignals(model: CycleReference, isCompared: (path: string) => boolean): CycleReference {
  const kept: SignalShape[] = [];
  // Where each word of the whole sample goes in that of the kept ones.
  const places: number[] = [];
  let words = 0;
  for (const signal of model.signals) {
    const isKept = isCompared(signal.path);
    if (isKept) kept.push(signal);
    for (let i = signalWords(signal); i > 0; i--) places.push(isKept ? words++ : -1);
  }
  const { layout } = model;
  const whole = new Uint32Array(places.length);
  const newPlaces = layout.places.map((place) => (place < 0 ? -1 : places[place]!));
  return {
    ...model,
    signals: kept,
    layout: {
      words: layout.words,
      masks: layout.masks.map((mask, i) => (newPlaces[i]! < 0 ? 0 : mask)),
      places: newPlaces,
    },
    sample(into) {
      model.sample(whole);
      places.forEach((place, i) => {
        if (place >= 0) into[place] = whole[i]!;
      });
    },
  };
}

export function signalWords(signal: { readonly width: number }): number {
  return Math.ceil(signal.width / 32);
}

export function wordsOf(signals: readonly { readonly width: number }[]): number {
  return signals.reduce((sum, signal) => sum + signalWords(signal), 0);
}

/** The number that a signal's words mean. */
export function signalValue(signal: SignalShape, words: Uint32Array, offset: number): bigint {
  let value = 0n;
  for (let i = signalWords(signal) - 1; i >= 0; i--) value = (value << 32n) | BigInt(words[offset + i]!);
  return signal.signed ? BigInt.asIntN(signal.width, value) : value;
}
