/**
 * Registers of a block, declared once: the declaration names them for comparison, gives them their place, and is where they live. A cell is
 * read as it is before the clock's edge; what `next` is given becomes its value when the block's `tick` is called.
 */
import type { RegisterFile, RegisterList, Registers } from './registers.ts';

/** One register. */
export interface Cell {
  readonly now: number;
  next: number;
}

interface Declared {
  readonly name: string;
  readonly width: number;
  readonly reset: number;
}

export class Cells implements Registers {
  readonly words: Int32Array;
  readonly #declared: readonly Declared[];
  readonly #next: Int32Array;

  private constructor(file: RegisterFile, declared: readonly Declared[]) {
    this.#declared = declared;
    this.words = file.take(this);
    declared.forEach(({ reset }, at) => {
      this.words[at] = reset;
    });
    this.#next = this.words.slice();
  }

  /** Registers of up to 32 bits by key: name, width (0: it does not exist in hardware) and value after reset. */
  static declare<Key extends string>(
    file: RegisterFile,
    shape: Readonly<Record<Key, readonly [name: string, width: number, reset?: number]>>,
  ): { readonly cells: Cells; readonly at: Readonly<Record<Key, Cell>> } {
    const entries = Object.entries(shape) as [Key, readonly [string, number, number?]][];
    const cells = new Cells(
      file,
      entries.map(([, [name, width, reset = 0]]) => ({ name, width, reset })),
    );
    const at = Object.fromEntries(entries.map(([key], index) => [key, cells.#cell(index)])) as Record<Key, Cell>;
    return { cells, at };
  }

  #cell(index: number): Cell {
    const now = this.words;
    const next = this.#next;
    return {
      get now() {
        return now[index]! >>> 0;
      },
      get next() {
        return next[index]! >>> 0;
      },
      set next(value: number) {
        next[index] = value;
      },
    };
  }

  /** The clock's edge. */
  tick(): void {
    this.words.set(this.#next);
  }

  list(list: RegisterList): void {
    for (const { name, width } of this.#declared) list.word(name, width);
  }
}
