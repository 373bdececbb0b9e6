/** A design flattened for execution: a slot for every net of every instance, and closures that compute them. */
import type { Design } from '../elaborate/design.ts';
import { type BlackBoxIr, instancePaths, isPacked } from '../ir/module.ts';
import {
  isPort,
  type LoweredInstance,
  type LoweredMemory,
  type LoweredModule,
  type NamedNet,
  type Net,
  type Process,
} from '../lower/netlist.ts';
import type { Node as Expression } from '../lower/nodes.ts';
import { splitByTarget } from '../lower/processes.ts';
import { statementRoots } from '../lower/usage.ts';
import { type Compute, ExpressionCompiler, type Values } from './expressions.ts';
import { compileStatements, type Run } from './statements.ts';

/** Combinational logic that is computed as one. */
export interface Node {
  readonly reads: ReadonlySet<number>;
  readonly writes: readonly number[];
  readonly run: (values: Values) => void;
  /** For messages. */
  readonly label: string;
}

export interface ClockedBlock {
  /** The clock of the top module that it is clocked by. */
  readonly clock: string;
  readonly reset: number | undefined;
  /** The reset acts without a clock. */
  readonly atOnce: boolean;
  readonly registers: readonly { readonly slot: number; readonly reset: bigint | undefined }[];
  readonly run: Run;
}

export interface MemoryInstance {
  readonly path: string;
  readonly ir: LoweredMemory;
  readonly words: Map<number, bigint>;
  readonly reads: readonly {
    readonly clock: string;
    readonly slot: number;
    readonly address: Compute;
    readonly enable: Compute | undefined;
  }[];
  readonly writes: readonly {
    readonly clock: string;
    readonly address: Compute;
    readonly data: Compute;
    readonly enable: Compute;
  }[];
}

export interface BoxInstance {
  readonly ir: BlackBoxIr;
  /** Clocks of the top module that reach it. */
  readonly clocks: readonly string[];
  readonly path: string;
  readonly inputs: readonly (readonly [string, number])[];
  readonly outputs: readonly (readonly [string, number])[];
}

export interface SlotInfo {
  readonly slot: number;
  readonly net: Net;
  readonly path: string;
}

export class Netlist {
  /** By path: `conv1.acc_0`; ports of the top by their names. */
  readonly slots = new Map<string, SlotInfo>();
  readonly nodes: Node[] = [];
  readonly blocks: ClockedBlock[] = [];
  readonly memories: MemoryInstance[] = [];
  readonly boxes: BoxInstance[] = [];
  #size = 0;

  constructor(design: Design) {
    new InstanceCompiler(this, design.top, [], new Map(), (own) => own).compile();
  }

  get size(): number {
    return this.#size;
  }

  allocate(): number {
    return this.#size++;
  }
}

class InstanceCompiler {
  readonly #netlist: Netlist;
  readonly #module: LoweredModule;
  readonly #path: readonly string[];
  readonly #parameters: ReadonlyMap<string, bigint>;
  /** The clock of the top module that one of this module's clock ports is connected to. */
  readonly #rootClock: (own: string) => string;
  readonly #slots = new Map<Net, number>();
  readonly #memories = new Map<LoweredMemory, MemoryInstance>();
  readonly #expressions: ExpressionCompiler;

  constructor(
    netlist: Netlist,
    module: LoweredModule,
    path: readonly string[],
    parameters: ReadonlyMap<string, bigint>,
    rootClock: (own: string) => string,
  ) {
    this.#parameters = parameters;
    const local = new Set(module.nets.flatMap((net) => (net.role === 'clock' && net.isLocal ? [net.name] : [])));
    this.#rootClock = (own) => (local.has(own) ? this.#pathOf(own) : rootClock(own));
    this.#netlist = netlist;
    this.#module = module;
    this.#path = path;
    this.#expressions = new ExpressionCompiler(module, {
      slot: (net) => this.#slot(net),
      word: (memory, address) => this.#memories.get(memory)?.words.get(Number(address)) ?? 0n,
      share: (node, compute) => {
        const slot = netlist.allocate();
        this.#node([node], [slot], 'shared', (values) => {
          values[slot] = compute(values);
        });
        return slot;
      },
    });
  }

  /** Slots of the module's signals, by port name for the parent. */
  compile(): Map<string, number> {
    const module = this.#module;
    for (const net of module.nets) {
      const slot = this.#netlist.allocate();
      this.#slots.set(net, slot);
      const path = this.#pathOf(net.name);
      this.#netlist.slots.set(path, { slot, net, path });
    }
    if (module.blackBox !== undefined) {
      this.#blackBox(module.blackBox);
      return this.#ports();
    }
    for (const memory of module.memories) this.#memories.set(memory, this.#memory(memory));
    for (const memory of this.#memories.values()) this.#netlist.memories.push(this.#withPorts(memory));
    for (const net of module.nets) {
      if (net.role === 'named') this.#node([net.value], [this.#slot(net)], net.name, this.#setter(net));
    }
    for (const process of module.processes.flatMap((each) => splitByTarget(each))) this.#process(process);
    for (const net of module.nets) this.#constant(net);
    this.#instances();
    return this.#ports();
  }

  #process(process: Process): void {
    const own = { slot: (net: Net) => this.#slot(net), expressions: this.#expressions };
    const run = compileStatements(own, process.statements, process.kind === 'combinational');
    const targets = [...process.targets];
    if (process.kind === 'clocked') {
      const registers = targets.map((target) => ({
        slot: this.#slot(target),
        reset: target.role === 'register' ? target.reset?.value : undefined,
      }));
      const reset = process.reset === undefined ? undefined : this.#slot(process.reset.signal);
      const atOnce = process.reset?.atOnce ?? false;
      this.#netlist.blocks.push({ clock: this.#rootClock(process.clock.name), reset, atOnce, registers, run });
      return;
    }
    const defaults = targets.flatMap((target) =>
      target.role === 'register' || target.defaultValue === undefined
        ? []
        : [[this.#slot(target), target.defaultValue] as const],
    );
    this.#node(
      process.statements.flatMap((statement) => statementRoots(statement)),
      targets.map((target) => this.#slot(target)),
      targets[0]!.name,
      (values) => {
        for (const [slot, value] of defaults) values[slot] = value;
        run(values, values);
      },
    );
  }

  /** Parameters, and wires with a default that nothing assigns, are constants. */
  #constant(net: Net): void {
    const slot = this.#slot(net);
    if (net.role !== 'parameter' && net.role !== 'wire' && net.role !== 'output') return;
    const value = net.role === 'parameter' ? (this.#parameters.get(net.name) ?? net.value) : net.defaultValue;
    if (value === undefined || this.#module.processes.some(({ targets }) => targets.has(net as never))) return;
    this.#node([], [slot], net.name, (values) => {
      values[slot] = value;
    });
  }

  #instances(): void {
    for (const instance of this.#module.instances) {
      const parts = new Map([...instance.outputs.values()].map((output) => [output, [] as number[]]));
      for (const [copy, names] of instancePaths(instance).entries()) {
        const path = [...this.#path, ...names];
        const { definition, parameters } = instance;
        const clocks = (own: string) => this.#rootClock(clockNameIn(instance, own));
        const ports = new InstanceCompiler(this.#netlist, definition, path, parameters, clocks).compile();
        this.#inputs(instance, ports, copy);
        for (const [port, net] of instance.outputs) parts.get(net)!.push(ports.get(port)!);
      }
      for (const [output, from] of parts) this.#output(output, from);
    }
  }

  #inputs(instance: LoweredInstance, ports: ReadonlyMap<string, number>, copy: number): void {
    for (const port of instance.definition.nets) {
      const given = instance.inputs.get(port.name);
      if (given === undefined) continue;
      const { width } = port.type;
      const slot = ports.get(port.name)!;
      const compute = this.#expressions.compute(given);
      const low = isPacked(instance, given.width, width) ? BigInt(width * copy) : undefined;
      this.#node([given], [slot], `${instance.name}.${port.name}`, (values) => {
        values[slot] = low === undefined ? compute(values) : BigInt.asUintN(width, compute(values) >> low);
      });
    }
  }

  /** The outputs of all copies side by side, copy 0 in the low bits. */
  #output(net: Net, from: readonly number[]): void {
    const to = this.#slot(net);
    const width = BigInt(net.type.width / from.length);
    this.#netlist.nodes.push({
      reads: new Set(from),
      writes: [to],
      label: this.#pathOf(net.name),
      run: (values) => {
        let word = 0n;
        for (let copy = from.length - 1; copy >= 0; copy--) word = (word << width) | values[from[copy]!]!;
        values[to] = word;
      },
    });
  }

  #blackBox(ir: BlackBoxIr): void {
    const ports = (output: boolean) =>
      this.#module.nets
        .filter((net) => isPort(net) && (net.role === 'output') === output && !(net.role === 'output' && net.isClock))
        .map((net) => [net.name, this.#slot(net)] as const);
    const clocks = this.#module.nets.filter(({ role }) => role === 'clock').map(({ name }) => this.#rootClock(name));
    this.#netlist.boxes.push({ ir, clocks, path: this.#path.join('.'), inputs: ports(false), outputs: ports(true) });
  }

  #memory(ir: LoweredMemory): MemoryInstance {
    const words = new Map((ir.contents ?? []).map((word, address) => [address, word]));
    return { path: this.#pathOf(ir.name), ir, words, reads: [], writes: [] };
  }

  #withPorts(memory: MemoryInstance): MemoryInstance {
    return {
      ...memory,
      reads: memory.ir.reads.map(({ output, address, enable, clock }) => ({
        clock: this.#rootClock(clock.name),
        slot: this.#slot(output),
        address: this.#expressions.compute(address),
        enable: enable && this.#expressions.compute(enable),
      })),
      writes: memory.ir.writes.map(({ address, data, enable, clock }) => ({
        clock: this.#rootClock(clock.name),
        address: this.#expressions.compute(address),
        data: this.#expressions.compute(data),
        enable: this.#expressions.compute(enable),
      })),
    };
  }

  #setter(net: NamedNet): (values: Values) => void {
    const slot = this.#slot(net);
    const compute = this.#expressions.compute(net.value);
    return (values) => {
      values[slot] = compute(values);
    };
  }

  #node(roots: readonly Expression[], writes: readonly number[], label: string, run: (values: Values) => void): void {
    this.#netlist.nodes.push({ reads: this.#expressions.reads(roots), writes, run, label: this.#pathOf(label) });
  }

  #slot(net: Net): number {
    return this.#slots.get(net)!;
  }

  #ports(): Map<string, number> {
    return new Map([...this.#slots].map(([net, slot]) => [net.name, slot]));
  }

  #pathOf(name: string): string {
    return [...this.#path, name].join('.');
  }
}

/** The clock of the parent that an instance's clock port is connected to. */
function clockNameIn(instance: LoweredInstance, port: string): string {
  const given = instance.inputs.get(port);
  return given?.kind === 'net' ? given.net.name : port;
}
