/** A layer's neurons: potentials and words to spikes, and spikes to the counts of the pool windows. */
import type { LayerPlan, SpikingNeuron } from '../../../../plan/schema/index.ts';
import { geometryOf } from '../../../geometry.ts';
import {
  type Arena,
  type Code,
  constant,
  get,
  i32,
  repeat,
  sequence,
  set,
  type WasmFunction,
  type WasmMemory,
} from '../../wasm.ts';

/** Where the counts of a pool window's channels go. */
export interface Target {
  /** Address of element 0. */
  readonly at: number;
  readonly valueBytes: 1 | 2;
  /** Element of each window's first channel. */
  readonly windows: readonly number[];
}

export class Neurons {
  readonly #area: number;
  readonly #outputs: number;
  readonly #codes: readonly number[];
  readonly #shift: number;
  readonly #offset: number;
  readonly #target: Target;
  readonly #codesAt: number;
  readonly #windowsAt: number;
  readonly #thresholdsAt: number;

  constructor(layer: LayerPlan, plan: SpikingNeuron, target: Target, arena: Arena) {
    const g = geometryOf(layer);
    const { codes, shift, offset } = tableByShift(plan);
    this.#area = g.poolArea;
    this.#outputs = g.outputs;
    this.#codes = codes;
    this.#shift = shift;
    this.#offset = offset;
    this.#target = target;
    this.#codesAt = arena.place(4 * codes.length);
    this.#windowsAt = arena.place(4 * target.windows.length);
    this.#thresholdsAt = arena.place(4 * g.neurons);
  }

  fill({ buffer }: WasmMemory): void {
    const { windows, valueBytes } = this.#target;
    new Int32Array(buffer, this.#codesAt, this.#codes.length).set(this.#codes);
    new Int32Array(buffer, this.#windowsAt, windows.length).set(windows.map((element) => element * valueBytes));
  }

  /** Thresholds for `fireAt`, one for each neuron in visiting order: 0 never spikes, 65536 always. */
  thresholds({ buffer }: WasmMemory, count: number): Int32Array {
    return new Int32Array(buffer, this.#thresholdsAt, count);
  }

  /** Neurons of the plan: the argument is the address of the time step's words, the result the number of spikes. */
  fire(potentialsAt: number): WasmFunction {
    const address = 1;
    return this.#compare(potentialsAt, (potential) => {
      const raw = i32.add(i32.shiftRightSigned(potential, constant(this.#shift)), constant(this.#offset));
      const largest = this.#codes.length - 1;
      return {
        before: sequence(
          set(address, raw),
          set(address, i32.select(get(address), constant(0), i32.less(constant(0), get(address)))),
          set(address, i32.select(get(address), constant(largest), i32.less(get(address), constant(largest)))),
        ),
        threshold: i32.load(i32.shiftLeft(get(address), constant(2)), this.#codesAt),
      };
    });
  }

  /** The same with each neuron's threshold already in place. */
  fireAt(): WasmFunction {
    return this.#compare(this.#thresholdsAt, (threshold) => ({ before: [], threshold }));
  }

  /** Walks over the pool windows, in each over the channels, for each over the window's positions. */
  #compare(numbersAt: number, thresholdOf: (number: Code) => { before: Code; threshold: Code }): WasmFunction {
    const [words, , window, channel, numbers, to, count, total] = [0, 1, 2, 3, 4, 5, 6, 7];
    const outputs = this.#outputs;
    const { at, valueBytes, windows } = this.#target;
    const spikes = Array.from({ length: this.#area }, (_, inside) => {
      const { before, threshold } = thresholdOf(i32.load(get(numbers), numbersAt + 4 * inside * outputs));
      const word = i32.load16(get(words), 2 * inside * outputs);
      // The sign of word - threshold.
      const spike = i32.shiftRight(i32.sub(word, threshold), constant(31));
      return sequence(before, set(count, i32.add(get(count), spike)));
    });
    const skipped = (this.#area - 1) * outputs;
    const body = sequence(
      set(total, constant(0)),
      set(numbers, constant(0)),
      set(window, constant(0)),
      repeat(
        sequence(
          set(to, i32.load(get(window), this.#windowsAt)),
          set(channel, constant(0)),
          repeat(
            sequence(
              set(count, constant(0)),
              ...spikes,
              valueBytes === 1 ? i32.store8(get(to), get(count), at) : i32.store16(get(to), get(count), at),
              set(total, i32.add(get(total), get(count))),
              set(to, i32.add(get(to), constant(valueBytes))),
              set(words, i32.add(get(words), constant(2))),
              set(numbers, i32.add(get(numbers), constant(4))),
              set(channel, i32.add(get(channel), constant(1))),
            ),
            i32.lessUnsigned(get(channel), constant(outputs)),
          ),
          set(words, i32.add(get(words), constant(2 * skipped))),
          set(numbers, i32.add(get(numbers), constant(4 * skipped))),
          set(window, i32.add(get(window), constant(4))),
        ),
        i32.lessUnsigned(get(window), constant(4 * windows.length)),
      ),
      get(total),
    );
    return { integers: 7, vectors: 0, body };
  }
}

/** The table ready for use: 65536 stands for "always", so that one comparison decides; the shift is not negative. */
function tableByShift({ table, tableShift, tableOffset }: SpikingNeuron) {
  const code = (address: number): number => {
    const value = table[Math.max(0, Math.min(table.length - 1, address))]!;
    return value === 65535 ? 65536 : value;
  };
  if (tableShift >= 0) {
    // From 31 on only the sign of a 32-bit potential is left.
    const shift = Math.min(tableShift, 31);
    return { codes: table.map((_, address) => code(address)), shift, offset: tableOffset };
  }
  // Several addresses for each potential: a table by potential, one entry beyond the clamps on both sides.
  const scale = 2 ** -tableShift;
  const lowest = Math.floor(-tableOffset / scale) - 1;
  const highest = Math.ceil((table.length - 1 - tableOffset) / scale) + 1;
  const codes = Array.from({ length: highest - lowest + 1 }, (_, i) => code((lowest + i) * scale + tableOffset));
  return { codes, shift: 0, offset: -lowest };
}
