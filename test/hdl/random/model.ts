/** Runs a circuit by the laws, in numbers; knows nothing of how the language under test does it. */
import type {
  Circuit,
  DualMemoryItem,
  InstanceItem,
  Item,
  MemoryItem,
  Operation,
  Statement,
  Target,
  WireItem,
} from './circuit.ts';
import { operatorNamed } from './operators/index.ts';
import { bitsOf, range } from './types.ts';

export class Model {
  readonly #circuit: Circuit;
  readonly #values: bigint[];
  readonly #next = new Map<number, bigint>();
  readonly #words = new Map<Item, bigint[]>();
  readonly #children = new Map<InstanceItem, Model>();
  readonly #driven: bigint[];

  constructor(circuit: Circuit) {
    this.#circuit = circuit;
    this.#values = new Array<bigint>(circuit.types.length).fill(0n);
    this.#driven = circuit.driven.map((output) => output.default);
    for (const item of circuit.items) {
      if (item.kind === 'instance') this.#children.set(item, new Model(item.child));
      if (item.kind !== 'memory' && item.kind !== 'dualMemory') continue;
      this.#words.set(
        item,
        Array.from({ length: item.depth }, (_, word) => item.contents[word] ?? 0n),
      );
    }
  }

  /** Values of all outputs, in the order of `outputsOf`, before the clock edge. */
  settle(inputs: readonly bigint[]): bigint[] {
    const { items, statements, driven, exported } = this.#circuit;
    inputs.forEach((value, id) => {
      this.#values[id] = value;
    });
    for (const item of items) this.#item(item);
    driven.forEach((output, index) => {
      this.#driven[index] = output.default;
    });
    this.#next.clear();
    this.#run(statements);
    return [...exported.map((id) => this.value(id)), ...this.#driven];
  }

  /** An edge of the clocks that tick. */
  clock(reset: boolean, ticks: readonly [boolean, boolean]): void {
    const { items, registers } = this.#circuit;
    for (const item of items) {
      if (item.kind === 'instance') {
        const [first, second] = item.clocks;
        this.#children.get(item)!.clock(reset, [ticks[first], ticks[second]]);
      }
      if (item.kind === 'memory' && ticks[item.clock]) this.#clockMemory(item);
      if (item.kind === 'dualMemory' && ticks[item.clock]) this.#clockDualMemory(item);
    }
    registers.forEach((register, index) => {
      if (!ticks[register.clock]) return;
      const value = reset && register.reset !== undefined ? register.reset : this.#next.get(index);
      if (value !== undefined) this.#values[register.id] = value;
    });
    for (const [id, value] of this.#reads) this.#values[id] = value;
    this.#reads.clear();
  }
  readonly #reads = new Map<number, bigint>();

  value(id: number): bigint {
    return this.#values[id]!;
  }

  #item(item: Item): void {
    switch (item.kind) {
      case 'operation':
        this.#operation(item);
        break;
      case 'memory':
        for (const read of item.reads) {
          if (!read.synchronous) this.#values[read.id] = this.#word(item, read.address);
        }
        break;
      case 'dualMemory':
        break;
      case 'wires':
        this.#wires(item);
        break;
      case 'instance': {
        const outputs = this.#children.get(item)!.settle(item.inputs.map((id) => this.value(id)));
        item.outputs.forEach((id, index) => {
          this.#values[id] = outputs[index]!;
        });
        break;
      }
    }
  }

  #operation({ id, operator, operands, n }: Operation): void {
    const { types } = this.#circuit;
    const value = operatorNamed(operator).law(
      operands.map((operand) => this.value(operand)),
      operands.map((operand) => types[operand]!),
      n,
    );
    const [low, high] = range(types[id]!);
    if (value < low || value > high) throw new Error(`${operator}: ${value} is not in ${low}..${high}`);
    this.#values[id] = value;
  }

  #wires({ wires, driver }: WireItem): void {
    for (const { id, default: initial } of wires) this.#values[id] = initial ?? 0n;
    this.#run([driver]);
  }

  #run(statements: readonly Statement[]): void {
    for (const statement of statements) {
      if (statement.kind === 'assign') {
        for (const local of statement.locals) this.#operation(local);
        this.#drive(statement.target, this.value(statement.value));
      } else if (statement.kind === 'when') {
        const taken = statement.branches.find(({ condition }) => this.value(condition) === 1n);
        this.#run(taken?.body ?? statement.otherwise ?? []);
      } else {
        const subject = this.value(statement.subject);
        const taken = statement.cases.find(
          ({ value }) => BigInt(value) === bitsOf(this.#type(statement.subject), subject),
        );
        this.#run(taken?.body ?? statement.otherwise ?? []);
      }
    }
  }

  #drive(target: Target, value: bigint): void {
    if (target.kind === 'register') this.#next.set(target.index, value);
    else if (target.kind === 'output') this.#driven[target.index] = value;
    else this.#values[target.index] = value;
  }

  #type(id: number) {
    return this.#circuit.types[id]!;
  }

  #word(item: MemoryItem | DualMemoryItem, address: number): bigint {
    return this.#words.get(item)![Number(this.value(address))]!;
  }

  #clockMemory(item: MemoryItem): void {
    const { write } = item;
    const writes = write !== undefined && this.value(write.enable) === 1n;
    for (const { id, synchronous, address, enable } of item.reads) {
      if (!synchronous || (enable !== undefined && this.value(enable) === 0n)) continue;
      const fresh = writes && item.collision === 'new' && this.value(write.address) === this.value(address);
      this.#reads.set(id, fresh ? this.value(write.data) : this.#word(item, address));
    }
    if (writes) this.#words.get(item)![Number(this.value(write.address))] = this.value(write.data);
  }

  #clockDualMemory(item: DualMemoryItem): void {
    const writes = item.ports.filter(({ enable }) => this.value(enable) === 1n);
    for (const { id, address, readEnable } of item.ports) {
      if (readEnable !== undefined && this.value(readEnable) === 0n) continue;
      const fresh = writes.find((write) => this.value(write.address) === this.value(address));
      const value =
        fresh !== undefined && item.collision === 'new' ? this.value(fresh.data) : this.#word(item, address);
      this.#reads.set(id, value);
    }
    for (const { address, data } of writes) this.#words.get(item)![Number(this.value(address))] = this.value(data);
  }
}
