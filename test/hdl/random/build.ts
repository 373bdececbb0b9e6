/** A circuit written in the language under test. */
import {
  type Bool,
  type Clock,
  defineModule,
  type EnumValue,
  type InstanceInputs,
  type ModuleBuilder,
  type ModuleDefinition,
  type Signal,
  type UInt,
} from '../../../src/hdl/index.ts';
import {
  type Circuit,
  clockNames,
  type DualMemoryItem,
  type InstanceItem,
  inputName,
  inputsOf,
  type MemoryItem,
  type Operation,
  outputsOf,
  type Statement,
  type Target,
} from './circuit.ts';
import { operatorNamed } from './operators/index.ts';
import { asBool, asEnum, asUnsigned } from './operators/operator.ts';
import { hardwareLiteral, hardwareType, stateNames, type Type } from './types.ts';

/** Modules of a circuit and its children; a child used twice is one definition. */
export function moduleOf(circuit: Circuit, known = new Map<Circuit, ModuleDefinition>()): ModuleDefinition {
  const made = known.get(circuit) ?? defineModule(circuit.name, (m) => new Description(m, circuit, known).write());
  known.set(circuit, made);
  return made;
}

class Description {
  readonly #m: ModuleBuilder;
  readonly #circuit: Circuit;
  readonly #known: Map<Circuit, ModuleDefinition>;
  readonly #signals: Signal[] = [];
  readonly #clocks: Clock[] = [];
  readonly #registers: Signal[] = [];
  readonly #driven: Signal[] = [];
  readonly #writes: (() => void)[] = [];

  constructor(m: ModuleBuilder, circuit: Circuit, known: Map<Circuit, ModuleDefinition>) {
    this.#m = m;
    this.#circuit = circuit;
    this.#known = known;
  }

  write(): void {
    const m = this.#m;
    const { types, clocks, resettable, registers, items, statements, exported, driven } = this.#circuit;
    for (const index of clocks) this.#clocks[index] = m.clock(clockNames[index]);
    if (resettable) m.reset('rst');
    for (const [id, { name, type }] of inputsOf(this.#circuit).entries()) {
      this.#signals[id] = m.input(name, hardwareType(type));
      m.unused(this.#signals[id], 'chosen at random');
    }
    for (const [index, { id, reset, clock }] of registers.entries()) {
      const type = types[id]!;
      const start = reset === undefined ? { resetless: true as const } : { reset: hardwareLiteral(type, reset) };
      const options = { ...start, clock: this.#clocks[clock]! };
      const shape = options as { readonly resetless: true };
      const name = `r${index}`;
      // Every third is a port as well.
      this.#registers[index] =
        index % 3 === 1
          ? m.outputRegister(m.output(name, hardwareType(type)), shape)
          : m.register(name, hardwareType(type), shape);
      this.#signals[id] = this.#registers[index];
      this.#crosses(this.#registers[index]!);
    }
    for (const [index, output] of driven.entries()) {
      const initial = { default: hardwareLiteral(output.type, output.default) as bigint };
      this.#driven[index] = m.output(`d${index}`, hardwareType(output.type), initial as object);
    }
    for (const item of items) {
      if (item.kind === 'operation') this.#operation(item);
      else if (item.kind === 'memory') this.#memory(item);
      else if (item.kind === 'dualMemory') this.#dualMemory(item);
      else if (item.kind === 'instance') this.#instance(item);
      else {
        for (const wire of item.wires) {
          const type = types[wire.id]!;
          const options = wire.default === undefined ? {} : { default: hardwareLiteral(type, wire.default) };
          this.#signals[wire.id] = m.wire(`w${wire.id}`, hardwareType(type), options as object);
        }
        this.#statement(item.driver);
      }
    }
    for (const statement of statements) this.#statement(statement);
    for (const write of this.#writes) write();
    exported.forEach((id, index) => {
      m.assign(m.output(`o${index}`, hardwareType(types[id]!)), this.#signals[id]!);
    });
  }

  #signal(id: number): Signal {
    return this.#signals[id]!;
  }

  #operation({ id, operator, operands, n, named }: Operation): void {
    const type = this.#circuit.types[id]!;
    const { build } = operatorNamed(operator);
    const signal = build(
      operands.map((operand) => this.#signal(operand)),
      n,
    );
    if (signal.type.kind !== type.kind || signal.width !== type.width) {
      throw new Error(`${operator} gives ${signal.type.kind}(${signal.width}), not ${type.kind}(${type.width})`);
    }
    this.#signals[id] = named ? this.#m.name(`v${id}`, signal) : signal;
  }

  #memory(item: MemoryItem): void {
    const memory = this.#m.memory(item.name, { ...memoryOptions(item), clock: this.#clocks[item.clock]! });
    for (const { id, synchronous, address, enable } of item.reads) {
      const from = asUnsigned(this.#signal(address));
      const options = enable === undefined ? {} : { enable: asBool(this.#signal(enable)) };
      const name = `q${id}`;
      // Every third is a port as well.
      const into = id % 3 === 1 && synchronous ? this.#m.output(name, memoryOptions(item).type) : name;
      this.#signals[id] = synchronous ? memory.read(into, from, options) : memory.readAsync(name, from);
      if (synchronous) this.#crosses(this.#signals[id]!);
    }
    this.#writes.push(() => {
      const { write } = item;
      if (write === undefined) return;
      const [address, enable] = [asUnsigned(this.#signal(write.address)), asBool(this.#signal(write.enable))];
      memory.write(address, this.#signal(write.data) as UInt, enable);
    });
  }

  #dualMemory(item: DualMemoryItem): void {
    const memory = this.#m.trueDualMemory(item.name, { ...memoryOptions(item), clock: this.#clocks[item.clock]! });
    for (const { id, address, data, enable, readEnable } of item.ports) {
      this.#signals[id] = memory.port(`q${id}`, {
        address: asUnsigned(this.#signal(address)),
        data: this.#signal(data) as UInt,
        writeEnable: asBool(this.#signal(enable)),
        ...(readEnable === undefined ? {} : { enable: asBool(this.#signal(readEnable)) }),
      });
      this.#crosses(this.#signals[id]!);
    }
  }

  /** Random circuits read across clocks as they like: here all clocks' edges are apart or at one time. */
  #crosses(signal: Signal): void {
    if (this.#circuit.clocks.length > 0) this.#m.waive('HDL014', signal, 'chosen at random');
  }

  #instance({ name, child, clocks, inputs, outputs }: InstanceItem): void {
    const connections: Record<string, InstanceInputs[string]> = {};
    for (const own of child.clocks) connections[clockNames[own]] = this.#clocks[clocks[own]]!;
    inputs.forEach((id, index) => {
      connections[inputName(index)] = this.#signal(id);
    });
    const handle = this.#m.instance(name, moduleOf(child, this.#known), connections);
    outputsOf(child).forEach((output, index) => {
      const signal = handle.out[output.name]!;
      this.#m.unused(signal, 'chosen at random');
      this.#signals[outputs[index]!] = signal;
    });
    for (const [port, signal] of Object.entries(handle.out))
      if (/^[rq]/.test(port)) this.#m.unused(signal, 'a register that is a port');
  }

  #statement(statement: Statement): void {
    const m = this.#m;
    if (statement.kind === 'assign') {
      for (const local of statement.locals) this.#operation(local);
      this.#drive(statement.target, this.#signal(statement.value));
    } else if (statement.kind === 'when') {
      const [first, ...rest] = statement.branches;
      const condition = (branch: typeof first): Bool => asBool(this.#signal(branch!.condition));
      const chain = m.when(condition(first), () => this.#block(first!.body));
      for (const branch of rest) chain.elseWhen(condition(branch), () => this.#block(branch.body));
      const { otherwise } = statement;
      if (otherwise !== undefined) chain.otherwise(() => this.#block(otherwise));
    } else this.#switch(statement);
  }

  #switch({ subject, cases, otherwise }: Extract<Statement, { kind: 'switch' }>): void {
    const type = this.#circuit.types[subject]!;
    const rest = otherwise === undefined ? undefined : () => this.#block(otherwise);
    if (type.kind === 'enum') {
      const branches = cases.map(({ value, body }) => [stateNames(type)[value]!, () => this.#block(body)] as const);
      const all = Object.fromEntries(rest === undefined ? branches : [...branches, ['default', rest] as const]);
      this.#m.switch(asEnum(this.#signal(subject)) as EnumValue, all as Record<string, () => void>);
      return;
    }
    const branches = cases.map(({ value, body }) => [value, () => this.#block(body)] as const);
    this.#m.switchValue(asUnsigned(this.#signal(subject)), branches, rest);
  }

  #block(statements: readonly Statement[]): void {
    for (const statement of statements) this.#statement(statement);
  }

  #drive(target: Target, value: Signal): void {
    if (target.kind === 'register') this.#m.next(this.#registers[target.index]!, value as UInt);
    else if (target.kind === 'output') this.#m.assign(this.#driven[target.index]!, value as UInt);
    else this.#m.assign(this.#signal(target.index), value as UInt);
  }
}

function memoryOptions({
  type,
  depth,
  collision,
  contents,
}: { type: Type } & Omit<MemoryItem, 'kind' | 'reads' | 'write' | 'name' | 'type'>) {
  return { depth, collision, contents, type: hardwareType(type) as { kind: 'uint'; width: number } };
}
