/** Names of a module of Verilog, and of its generate loops. */

/** A generate loop from 0. */
export interface Loop {
  readonly label: string;
  readonly limit: string;
}

export interface Declared {
  readonly name: string;
  /** Around it, the outermost first. */
  readonly loops: readonly Loop[];
  readonly line: number;
  /** Between the brackets: `7:0`, `WIDTH-1:0`; undefined: one bit. */
  readonly range: string | undefined;
}

/** What a module declares, and what its clocked blocks assign of that; a name inside a loop is another's outside. */
export class DeclaredNames {
  readonly assigned = new Set<Declared>();
  readonly reset = new Set<Declared>();
  readonly arrays = new Set<Declared>();
  readonly #levels: { readonly loop: Loop | undefined; readonly names: Map<string, Declared> }[] = [
    { loop: undefined, names: new Map() },
  ];
  readonly #all: Declared[] = [];

  get declared(): readonly Declared[] {
    return this.#all;
  }

  /** Those around what is read now. */
  get loops(): Loop[] {
    return this.#levels.flatMap(({ loop }) => (loop === undefined ? [] : [loop]));
  }

  enter(loop: Loop): void {
    this.#levels.push({ loop, names: new Map() });
  }

  leave(): void {
    if (this.#levels.length > 1) this.#levels.pop();
  }

  declare(what: Omit<Declared, 'loops'>, isArray: boolean): void {
    const declared = { ...what, loops: this.loops };
    const { names } = this.#levels.at(-1)!;
    const before = names.get(what.name);
    if (before !== undefined) this.#all.splice(this.#all.indexOf(before), 1);
    names.set(what.name, declared);
    this.#all.push(declared);
    if (isArray) this.arrays.add(declared);
  }

  find(name: string): Declared | undefined {
    return this.#levels.findLast(({ names }) => names.has(name))?.names.get(name);
  }

  assign(assigned: ReadonlySet<string>, reset: ReadonlySet<string>): void {
    for (const [from, to] of [
      [assigned, this.assigned],
      [reset, this.reset],
    ] as const) {
      for (const name of from) {
        const declared = this.find(name);
        if (declared !== undefined) to.add(declared);
      }
    }
  }
}
