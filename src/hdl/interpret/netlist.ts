/** A design flattened for execution: a slot for every signal of every instance, and closures that compute them. */
import type { Design } from '../elaborate/design.ts';
import { combinationalSwitch, processesOf, splitByTarget } from '../elaborate/processes.ts';
import { statementRoots } from '../elaborate/usage.ts';
import { evaluate } from '../ir/evaluate.ts';
import { type Expr, operands, visitExprs } from '../ir/expr.ts';
import type { BlackBoxIr, Entity, MemoryIr, ModuleIr, Statement } from '../ir/module.ts';

/** Values by slot; all are 0 .. 2^width - 1. */
export type Values = bigint[];
type Compute = (values: Values) => bigint;
/** Runs statements: reads from the first, writes into the second. */
type Run = (values: Values, into: Values) => void;

/** Combinational logic that is computed as one. */
export interface Node {
  readonly reads: ReadonlySet<number>;
  readonly writes: readonly number[];
  readonly run: (values: Values) => void;
  /** For messages. */
  readonly label: string;
}

export interface ClockedBlock {
  readonly reset: number | undefined;
  readonly registers: readonly { readonly slot: number; readonly reset: bigint | undefined }[];
  readonly run: Run;
}

export interface MemoryInstance {
  readonly path: string;
  readonly ir: MemoryIr;
  readonly words: Map<number, bigint>;
  readonly reads: readonly { readonly slot: number; readonly address: Compute; readonly enable: Compute | undefined }[];
  readonly writes: readonly { readonly address: Compute; readonly data: Compute; readonly enable: Compute }[];
}

export interface BoxInstance {
  readonly ir: BlackBoxIr;
  readonly path: string;
  readonly inputs: readonly (readonly [string, number])[];
  readonly outputs: readonly (readonly [string, number])[];
}

export interface SlotInfo {
  readonly slot: number;
  readonly entity: Entity;
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
    new InstanceCompiler(this, design.top, [], new Map()).compile();
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
  readonly #module: ModuleIr;
  readonly #path: readonly string[];
  readonly #parameters: ReadonlyMap<string, bigint>;
  readonly #slots = new Map<Entity, number>();
  readonly #memories = new Map<MemoryIr, MemoryInstance>();
  readonly #computed = new Map<Expr, Compute>();
  readonly #uses = new Map<Expr, number>();

  constructor(netlist: Netlist, module: ModuleIr, path: readonly string[], parameters: ReadonlyMap<string, bigint>) {
    this.#parameters = parameters;
    this.#netlist = netlist;
    this.#module = module;
    this.#path = path;
  }

  /** Slots of the module's signals, by port name for the parent. */
  compile(): Map<string, number> {
    const module = this.#module;
    for (const entity of module.entities) {
      const slot = this.#netlist.allocate();
      this.#slots.set(entity, slot);
      const path = this.#pathOf(entity.name);
      this.#netlist.slots.set(path, { slot, entity, path });
    }
    if (module.blackBox !== undefined) {
      this.#blackBox(module.blackBox);
      return this.#ports();
    }
    this.#countUses();
    for (const memory of module.memories) this.#memories.set(memory, this.#memory(memory));
    for (const memory of this.#memories.values()) this.#netlist.memories.push(this.#withPorts(memory));
    for (const entity of module.entities) {
      if (entity.value !== undefined)
        this.#node([entity.value], [this.#slot(entity)], entity.name, this.#setter(entity));
    }
    for (const process of processesOf(module).flatMap((each) => splitByTarget(each))) {
      const run = this.#statements(process.statements, process.kind === 'combinational');
      const targets = [...process.targets];
      if (process.kind === 'clocked') {
        const registers = targets.map((target) => ({ slot: this.#slot(target), reset: target.reset }));
        const reset = process.reset === undefined ? undefined : this.#slot(process.reset);
        this.#netlist.blocks.push({ reset, registers, run });
        continue;
      }
      const defaults = targets.flatMap((target) =>
        target.defaultValue === undefined ? [] : [[this.#slot(target), target.defaultValue] as const],
      );
      const roots = process.statements.flatMap((statement) => statementRoots(statement));
      this.#node(
        roots,
        targets.map((target) => this.#slot(target)),
        targets[0]!.name,
        (values) => {
          for (const [slot, value] of defaults) values[slot] = value;
          run(values, values);
        },
      );
    }
    for (const entity of module.entities) this.#undriven(entity);
    this.#instances();
    return this.#ports();
  }

  /** A wire with a default and no assignment is a constant. */
  #undriven(entity: Entity): void {
    if (entity.defaultValue === undefined || entity.role === 'parameter') return;
    const slot = this.#slot(entity);
    if (this.#netlist.nodes.some((node) => node.writes.includes(slot))) return;
    const value = entity.defaultValue;
    this.#node([], [slot], entity.name, (values) => {
      values[slot] = value;
    });
  }

  #instances(): void {
    for (const instance of this.#module.instances) {
      const ports = new InstanceCompiler(
        this.#netlist,
        instance.definition,
        [...this.#path, instance.name],
        instance.parameters,
      ).compile();
      for (const [port, expr] of instance.inputs) {
        const slot = ports.get(port)!;
        const compute = this.#compute(expr);
        this.#node([expr], [slot], `${instance.name}.${port}`, (values) => {
          values[slot] = compute(values);
        });
      }
      for (const [port, entity] of instance.outputs) {
        const [from, to] = [ports.get(port)!, this.#slot(entity)];
        this.#netlist.nodes.push({
          reads: new Set([from]),
          writes: [to],
          label: this.#pathOf(entity.name),
          run: (values) => {
            values[to] = values[from]!;
          },
        });
      }
    }
  }

  #blackBox(ir: BlackBoxIr): void {
    const ports = (output: boolean) =>
      this.#module.entities
        .filter((entity) => (entity.role === 'output') === output)
        .map((entity) => [entity.name, this.#slot(entity)] as const);
    this.#netlist.boxes.push({ ir, path: this.#path.join('.'), inputs: ports(false), outputs: ports(true) });
  }

  #memory(ir: MemoryIr): MemoryInstance {
    const words = new Map((ir.contents ?? []).map((word, address) => [address, word]));
    return { path: this.#pathOf(ir.name), ir, words, reads: [], writes: [] };
  }

  #withPorts(memory: MemoryInstance): MemoryInstance {
    return {
      ...memory,
      reads: memory.ir.reads.map(({ output, address, enable }) => ({
        slot: this.#slot(output),
        address: this.#compute(address),
        enable: enable && this.#compute(enable),
      })),
      writes: memory.ir.writes.map(({ address, data, enable }) => ({
        address: this.#compute(address),
        data: this.#compute(data),
        enable: this.#compute(enable),
      })),
    };
  }

  #setter(entity: Entity): (values: Values) => void {
    const slot = this.#slot(entity);
    const compute = this.#compute(entity.value!);
    return (values) => {
      values[slot] = compute(values);
    };
  }

  #node(roots: readonly Expr[], writes: readonly number[], label: string, run: (values: Values) => void): void {
    this.#netlist.nodes.push({ reads: this.#reads(roots), writes, run, label: this.#pathOf(label) });
  }

  /** Slots that expressions depend on; shared parts count as the slots they are kept in. */
  #reads(roots: readonly Expr[]): Set<number> {
    const reads = new Set<number>();
    visitExprs(roots, (expr) => {
      if (expr.kind === 'ref') reads.add(this.#slot(expr.entity));
      const shared = this.#shared.get(expr);
      if (shared !== undefined) reads.add(shared);
    });
    return reads;
  }

  #countUses(): void {
    const count = (expr: Expr) => this.#uses.set(expr, (this.#uses.get(expr) ?? 0) + 1);
    const module = this.#module;
    const roots: Expr[] = [];
    for (const item of module.body) {
      if (item.kind === 'assign' || item.kind === 'if' || item.kind === 'switch') statementRoots(item, roots);
    }
    for (const { value } of module.entities) if (value !== undefined) roots.push(value);
    for (const { inputs } of module.instances) roots.push(...inputs.values());
    for (const { reads, writes } of module.memories) {
      for (const { address, enable } of reads) roots.push(address, ...(enable ? [enable] : []));
      for (const { address, data, enable } of writes) roots.push(address, data, enable);
    }
    for (const root of roots) count(root);
    visitExprs(roots, (expr) => {
      for (const operand of operands(expr)) count(operand);
    });
  }

  /** A closure for an expression. Shared ones are computed once into a slot, or a chain of them would take exponential time. */
  #compute(expr: Expr): Compute {
    const known = this.#computed.get(expr);
    if (known !== undefined) return known;
    let compute = this.#closure(expr);
    if ((this.#uses.get(expr) ?? 0) > 1 && expr.kind !== 'ref' && expr.kind !== 'const') {
      const slot = this.#netlist.allocate();
      const inner = compute;
      this.#node([expr], [slot], 'shared', (values) => {
        values[slot] = inner(values);
      });
      compute = (values) => values[slot]!;
      this.#shared.set(expr, slot);
    }
    this.#computed.set(expr, compute);
    return compute;
  }
  readonly #shared = new Map<Expr, number>();

  #closure(expr: Expr): Compute {
    switch (expr.kind) {
      case 'const': {
        const { value } = expr;
        return () => value;
      }
      case 'ref': {
        if (expr.entity.role === 'parameter') {
          const value = this.#parameters.get(expr.entity.name) ?? expr.entity.defaultValue!;
          return () => value;
        }
        const slot = this.#slot(expr.entity);
        return (values) => values[slot]!;
      }
      case 'read': {
        const memory = this.#memories.get(expr.memory)!;
        const address = this.#compute(expr.address);
        return (values) => memory.words.get(Number(address(values))) ?? 0n;
      }
      case 'mux': {
        const [condition, yes, no] = operands(expr).map((operand) => this.#compute(operand)) as [
          Compute,
          Compute,
          Compute,
        ];
        return (values) => (condition(values) === 1n ? yes(values) : no(values));
      }
      default: {
        const parts = operands(expr).map((operand) => this.#compute(operand));
        const [a, b] = parts;
        if (parts.length === 1) return (values) => evaluate(expr, [a!(values)]);
        if (parts.length === 2) return (values) => evaluate(expr, [a!(values), b!(values)]);
        return (values) =>
          evaluate(
            expr,
            parts.map((part) => part(values)),
          );
      }
    }
  }

  #statements(statements: readonly Statement[], combinational: boolean): Run {
    const runs = statements.map((statement) => this.#statement(statement, combinational));
    return (values, into) => {
      for (const run of runs) run(values, into);
    };
  }

  #statement(statement: Statement, combinational: boolean): Run {
    switch (statement.kind) {
      case 'comment':
        return () => {};
      case 'assign': {
        const slot = this.#slot(statement.target);
        const compute = this.#compute(statement.value);
        return (values, into) => {
          into[slot] = compute(values);
        };
      }
      case 'if': {
        const branches = statement.branches.map(({ condition, body }) => ({
          holds: this.#compute(condition),
          run: this.#statements(body, combinational),
        }));
        const otherwise = this.#statements(statement.otherwise ?? [], combinational);
        return (values, into) => {
          const taken = branches.find(({ holds }) => holds(values) === 1n);
          (taken?.run ?? otherwise)(values, into);
        };
      }
      case 'switch': {
        const { subject, cases, otherwise } = combinational ? combinationalSwitch(statement) : statement;
        const of = this.#compute(subject);
        const branches = new Map<bigint, Run>();
        for (const { value, body } of cases) {
          if (value.kind === 'const') branches.set(value.value, this.#statements(body, combinational));
        }
        const fallback = this.#statements(otherwise ?? [], combinational);
        return (values, into) => (branches.get(of(values)) ?? fallback)(values, into);
      }
    }
  }

  #slot(entity: Entity): number {
    return this.#slots.get(entity)!;
  }

  #ports(): Map<string, number> {
    return new Map([...this.#slots].map(([entity, slot]) => [entity.name, slot]));
  }

  #pathOf(name: string): string {
    return [...this.#path, name].join('.');
  }
}
