/** Runs a design without any tool, for unit tests: poke inputs, step the clock, peek anything by name. */
import { badInput } from '../../errors/index.ts';
import { designError } from '../diagnostics.ts';
import type { Design } from '../elaborate/design.ts';
import { literalExpr } from '../values/literals.ts';
import type { Values } from './expressions.ts';
import { Netlist, type Node, type SlotInfo } from './netlist.ts';

/** A design in the interpreter: poke inputs, step the clocks, peek at any signal. */
export interface Simulation {
  /** Power-on contents of memories, then one clock with every reset active, then resets inactive. */
  reset(): void;
  /** Sets an input of the top module; numbers, states of enumerations, or truth values. */
  poke(port: string, value: number | bigint | boolean | string): void;
  /** The value of any signal by path (`conv1.acc_0`); signed signals give signed values. Combinational logic is settled first. */
  peek(path: string): bigint;
  /**
   * Whether a signal is the output of a memory that was read while the same word was written, in a memory whose collision is undefined: a real
   * memory gives anything. Here it gives the inverse of the stored word, so that a design that relies on it differs from its Verilog.
   */
  isUnknown(path: string): boolean;
  /** The state of an enumeration's signal. */
  peekState(path: string): string;
  /** One word of a memory. */
  peekMemory(path: string, address: number): bigint;
  /** Puts a register, or a word of a memory, into another state, as a particle may: the bits of its value. For tests of what notices it. */
  upset(path: string, bits: bigint, address?: number): void;
  /** Clock edges, of all clocks at once, or of those that are named: ports of the top module, or local clocks by path. */
  step(count?: number, clocks?: readonly string[]): void;
  /** Clock edges so far. */
  readonly cycle: number;
  /** Calls back before every clock edge, when combinational logic is settled; returns a function that ends it. */
  beforeEdge(listener: () => void): () => void;
  /** Width, kind and states of a signal. */
  describe(path: string): {
    readonly width: number;
    readonly kind: string;
    readonly states: readonly string[] | undefined;
  };
}

/** How the interpreter treats what hardware leaves open. */
export interface InterpretOptions {
  /** What a memory whose collision is undefined gives for a word that is written in the same clock; `inverse` unless given. */
  readonly collisions?: 'inverse' | 'old';
}

/** Makes the design executable. Registers and memories start as zeros or with their contents, as in Verilator. */
export function interpret(design: Design, options: InterpretOptions = {}): Simulation {
  return new Interpreter(design, options);
}

class Interpreter implements Simulation {
  readonly #netlist: Netlist;
  readonly #ordered: readonly Node[];
  readonly #values: Values;
  readonly #design: Design;
  readonly #boxStates: unknown[];
  readonly #listeners = new Set<() => void>();
  /** Slots of memory outputs that a collision left without a value. */
  readonly #unknown = new Set<number>();
  readonly #inverts: boolean;
  #settled = false;
  #cycle = 0;

  constructor(design: Design, { collisions = 'inverse' }: InterpretOptions) {
    this.#inverts = collisions === 'inverse';
    this.#design = design;
    this.#netlist = new Netlist(design);
    this.#ordered = ordered(this.#netlist.nodes);
    this.#values = new Array<bigint>(this.#netlist.size).fill(0n);
    const modelless = this.#netlist.boxes.find((box) => box.ir.model === undefined);
    if (modelless !== undefined) {
      throw designError({
        rule: 'HDL020',
        summary: `black box '${modelless.path}' has no model, so the design can't be interpreted`,
        help: 'give defineBlackBox a model, or simulate the Verilog with the vendor library',
      });
    }
    this.#boxStates = this.#netlist.boxes.map((box) => box.ir.model?.init());
    this.#configure();
  }

  get cycle(): number {
    return this.#cycle;
  }

  reset(): void {
    this.#values.fill(0n);
    this.#configure();
    this.#unknown.clear();
    for (const memory of this.#netlist.memories) {
      memory.words.clear();
      memory.ir.contents?.forEach((word, address) => {
        memory.words.set(address, word);
      });
    }
    this.#netlist.boxes.forEach((box, index) => {
      this.#boxStates[index] = box.ir.model?.init();
    });
    const resets = this.#design.ports().filter((port) => port.role === 'reset');
    for (const { name } of resets) this.poke(name, 1);
    this.step();
    for (const { name } of resets) this.poke(name, 0);
    this.#cycle = 0;
  }

  poke(port: string, value: number | bigint | boolean | string): void {
    const info = this.#netlist.slots.get(port);
    if (info === undefined || port.includes('.') || !['input', 'reset'].includes(info.net.role)) {
      const inputs = this.#design.ports().filter((each) => each.direction === 'input' && each.role !== 'clock');
      throw badInput(`'${port}' is not an input of '${this.#design.top.name}'`, {
        help: `its inputs are ${inputs.map((each) => each.name).join(', ')}`,
      });
    }
    this.#values[info.slot] = literalExpr(value, info.net.type).value;
    this.#settled = false;
  }

  peek(path: string): bigint {
    const { slot, net } = this.#info(path);
    this.#settle();
    const bits = this.#values[slot]!;
    return net.type.kind === 'sint' ? BigInt.asIntN(net.type.width, bits) : bits;
  }

  isUnknown(path: string): boolean {
    return this.#unknown.has(this.#info(path).slot);
  }

  peekState(path: string): string {
    const { net } = this.#info(path);
    const value = this.peek(path);
    if (net.type.kind !== 'enum') throw badInput(`'${path}' is no enumeration`, { help: 'read it with peek' });
    return net.type.states[Number(value)] ?? `(${value})`;
  }

  peekMemory(path: string, address: number): bigint {
    return this.#memory(path).words.get(address) ?? 0n;
  }

  #memory(path: string) {
    const memory = this.#netlist.memories.find((each) => each.path === path);
    if (memory === undefined) {
      throw badInput(`no memory '${path}'`, { help: this.#netlist.memories.map((each) => each.path).join(', ') });
    }
    return memory;
  }

  upset(path: string, bits: bigint, address?: number): void {
    if (address !== undefined) {
      this.#memory(path).words.set(address, bits);
      return;
    }
    const { slot, net } = this.#info(path);
    this.#values[slot] = BigInt.asUintN(net.type.width, bits);
    this.#settled = false;
  }

  describe(path: string) {
    const { type } = this.#info(path).net;
    return { width: type.width, kind: type.kind, states: type.kind === 'enum' ? type.states : undefined };
  }

  beforeEdge(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  step(count = 1, clocks?: readonly string[]): void {
    const unknown = clocks?.find((name) => this.#netlist.slots.get(name)?.net.role !== 'clock');
    if (unknown !== undefined) throw badInput(`'${unknown}' is not a clock of '${this.#design.top.name}'`);
    const ticks = (clock: string) => clocks === undefined || clocks.includes(clock);
    for (let n = 0; n < count; n++) {
      this.#settle();
      for (const listener of this.#listeners) listener();
      this.#edge(ticks);
      this.#cycle += 1;
    }
  }

  /** Registers with a reset that acts at once have its value from the start. */
  #configure(): void {
    for (const { atOnce, registers } of this.#netlist.blocks) {
      if (atOnce) for (const { slot, reset } of registers) this.#values[slot] = reset ?? 0n;
    }
  }

  #info(path: string): SlotInfo {
    const info = this.#netlist.slots.get(path);
    if (info !== undefined) return info;
    const last = path.split('.').at(-1)!;
    const near = [...this.#netlist.slots.keys()].filter((each) => each.split('.').at(-1) === last).slice(0, 5);
    throw badInput(`no signal '${path}' in '${this.#design.top.name}'`, {
      ...(near.length > 0 ? { help: `did you mean ${near.join(', ')}?` } : {}),
    });
  }

  #settle(): void {
    if (this.#settled) return;
    this.#netlist.boxes.forEach((box, index) => {
      const outputs = box.ir.model?.outputs(this.#boxStates[index]) ?? {};
      for (const [port, slot] of box.outputs) this.#values[slot] = outputs[port] ?? 0n;
    });
    do for (const node of this.#ordered) node.run(this.#values);
    while (this.#resetAtOnce());
    this.#settled = true;
  }

  /** Whether a reset that needs no clock has changed a register. */
  #resetAtOnce(): boolean {
    let changed = false;
    for (const { reset, atOnce, registers } of this.#netlist.blocks) {
      if (!atOnce || reset === undefined || this.#values[reset] !== 1n) continue;
      for (const { slot, reset: value = 0n } of registers) {
        changed ||= this.#values[slot] !== value;
        this.#values[slot] = value;
      }
    }
    return changed;
  }

  #edge(ticks: (clock: string) => boolean): void {
    const values = this.#values;
    const changes: [number, bigint][] = [];
    for (const { clock, reset, registers, run } of this.#netlist.blocks) {
      if (!ticks(clock)) continue;
      if (reset !== undefined && values[reset] === 1n) {
        for (const register of registers) changes.push([register.slot, register.reset ?? 0n]);
        continue;
      }
      const next: Values = [];
      run(values, next);
      for (const { slot } of registers) if (next[slot] !== undefined) changes.push([slot, next[slot]]);
    }
    const stores: (() => void)[] = [];
    for (const memory of this.#netlist.memories) {
      const active = memory.writes.filter(({ clock, enable }) => ticks(clock) && enable(values) === 1n);
      const writes = active.map(({ address, data }) => [Number(address(values)), data(values)] as const);
      for (const read of memory.reads) {
        if (!ticks(read.clock) || (read.enable !== undefined && read.enable(values) !== 1n)) continue;
        const address = Number(read.address(values));
        const stored = memory.words.get(address) ?? 0n;
        const fresh = writes.findLast((write) => write[0] === address)?.[1];
        const isUnknown = fresh !== undefined && memory.ir.collision === 'undefined';
        if (isUnknown) this.#unknown.add(read.slot);
        else this.#unknown.delete(read.slot);
        const { collision, type } = memory.ir;
        const inverse = this.#inverts ? BigInt.asUintN(type.width, ~stored) : stored;
        const colliding = { old: stored, new: fresh, undefined: inverse }[collision];
        changes.push([read.slot, fresh === undefined ? stored : colliding!]);
      }
      for (const [address, data] of writes) {
        if (address < memory.ir.depth) stores.push(() => memory.words.set(address, data));
      }
    }
    this.#netlist.boxes.forEach((box, index) => {
      if (box.clocks.length > 0 && !box.clocks.some(ticks)) return;
      const inputs = Object.fromEntries(box.inputs.map(([port, slot]) => [port, values[slot]!]));
      this.#boxStates[index] = box.ir.model?.step(this.#boxStates[index], inputs);
    });
    for (const [slot, value] of changes) values[slot] = value;
    for (const store of stores) store();
    this.#settled = false;
  }
}

/** Nodes in an order in which each comes after all that it reads. Elaboration has refused loops. */
function ordered(nodes: readonly Node[]): Node[] {
  const writer = new Map<number, Node>();
  for (const node of nodes) for (const slot of node.writes) writer.set(slot, node);
  const done = new Set<Node>();
  const open = new Set<Node>();
  const result: Node[] = [];
  for (const root of nodes) {
    const stack: { node: Node; rest: Iterator<number> }[] = [];
    const enter = (node: Node) => {
      if (done.has(node)) return;
      if (open.has(node)) throw new Error(`combinational loop through ${node.label}`);
      open.add(node);
      stack.push({ node, rest: node.reads.values() });
    };
    enter(root);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const { done: finished, value } = top.rest.next();
      if (finished) {
        stack.pop();
        open.delete(top.node);
        done.add(top.node);
        result.push(top.node);
        continue;
      }
      const next = writer.get(value);
      if (next !== undefined && next !== top.node) enter(next);
    }
  }
  return result;
}
