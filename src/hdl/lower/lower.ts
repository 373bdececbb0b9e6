/** From the builder's modules to netlists: expressions become shared nodes of one sign each, statements become processes. */
import type { Expr } from '../ir/expr.ts';
import type { BodyItem, Entity, InstanceIr, MemoryIr, ModuleIr, Statement as StatementIr } from '../ir/module.ts';
import type {
  ClockNet,
  InstanceOutputNet,
  LayoutItem,
  LoweredInstance,
  LoweredMemory,
  LoweredMemoryRead,
  LoweredMemoryWrite,
  LoweredModule,
  MemoryReadNet,
  NamedNet,
  Net,
  RegisterNet,
  ResetSignal,
  Statement,
  Target,
} from './netlist.ts';
import { NodeTable } from './node-table.ts';
import type { Node } from './nodes.ts';
import { processesOf } from './processes.ts';

/** A loop sets so many words to zero at most: yosys takes 0.6 s for 2,048, four times that for twice as many, and Vivado refuses above 65,536. */
const mostLoopedWords = 4096;

/** The modules under `top` as netlists, each once, those used before those that use them. */
export function lowerModules(modules: readonly ModuleIr[]): LoweredModule[] {
  const lowered = new Map<ModuleIr, LoweredModule>();
  for (const module of modules) lowered.set(module, new ModuleLowering(module, lowered).lower());
  return [...lowered.values()];
}

class ModuleLowering {
  readonly #module: ModuleIr;
  readonly #lowered: ReadonlyMap<ModuleIr, LoweredModule>;
  readonly #table = new NodeTable();
  readonly #nets = new Map<Entity, Net>();
  readonly #known = new Map<Expr, Node>();
  readonly #memories = new Map<MemoryIr, LoweredMemory>();

  constructor(module: ModuleIr, lowered: ReadonlyMap<ModuleIr, LoweredModule>) {
    this.#module = module;
    this.#lowered = lowered;
  }

  lower(): LoweredModule {
    const { name, family, isLoopBody, origin, docs, constants, blackBox, unused, refused, waivers } = this.#module;
    // Memories come first: named values may read them.
    for (const memory of this.#module.memories) this.#memories.set(memory, this.#memory(memory));
    for (const entity of this.#module.entities) this.#net(entity);
    for (const [ir, memory] of this.#memories) this.#ports(ir, memory);
    const instances = new Map(this.#module.instances.map((instance) => [instance, this.#instance(instance)]));
    const statements: Statement[] = [];
    const layout = this.#layout(statements, instances);
    const nets = [...this.#nets.values()];
    return {
      ...{ name, family, isLoopBody, origin, docs, nets, constants, statements, layout, blackBox },
      nodes: this.#table.nodes,
      memories: [...this.#memories.values()],
      instances: [...instances.values()],
      processes: processesOf(statements),
      unused: new Map([...unused].map(([entity, reason]) => [this.#net(entity), reason])),
      waivers: waivers.map(({ rule, entity, reason }) => ({ rule, net: this.#net(entity), reason })),
      refused: new Set([...refused].filter((entity) => entity.module === this.#module).map((each) => this.#net(each))),
    };
  }

  /** The nets of a module are numbered in the order of declaration, which is also that of need: a clock comes before its registers. */
  #net(entity: Entity): Net {
    const known = this.#nets.get(entity);
    if (known !== undefined) return known;
    const made = this.#makeNet(entity);
    this.#nets.set(entity, made);
    return made;
  }

  #makeNet(entity: Entity): Net {
    const { name, type, origin, doc, role, defaultValue } = entity;
    // A named value's expression may name others, which take their numbers first.
    const value = role === 'named' ? this.node(entity.value!) : undefined;
    const clock = entity.clock === undefined ? undefined : (this.#net(entity.clock) as ClockNet);
    if (entity.resetSignal !== undefined) this.#net(entity.resetSignal);
    const base = { id: this.#nets.size, name, type, origin, doc };
    switch (role) {
      case 'clock':
        return { ...base, role, isLocal: entity.isLocalClock ?? false };
      case 'reset':
      case 'input':
        return { ...base, role };
      case 'output':
        return { ...base, role, defaultValue, isClock: entity.isLocalClock ?? false };
      case 'wire':
        return { ...base, role, defaultValue, isLink: entity.isLink ?? false };
      case 'register': {
        const { reset: word, resetSignal } = entity;
        const signal = resetSignal && (this.#net(resetSignal) as ResetSignal);
        const atOnce = entity.resetsAtOnce ?? false;
        const reset = signal === undefined || word === undefined ? undefined : { signal, value: word, atOnce };
        const isSynchroniser = entity.isSynchroniser ?? false;
        return { ...base, role, clock: clock!, reset, isSynchroniser, isPort: entity.isOutput ?? false };
      }
      case 'named':
        return { ...base, role, value: value! };
      case 'parameter':
        return { ...base, role, value: defaultValue ?? 0n };
      case 'memoryRead':
        return { ...base, role, clock: clock!, isPort: entity.isOutput ?? false };
      case 'instanceOutput':
        return { ...base, role, instance: entity.instance!.name, port: entity.port! };
    }
  }

  /** The node of an expression, with the expression's sign. */
  node(expr: Expr): Node {
    const known = this.#known.get(expr);
    if (known !== undefined) return known;
    const made = this.#table.signedAs(this.#makeNode(expr), expr.signed);
    this.#known.set(expr, made);
    return made;
  }

  #as(expr: Expr, signed: boolean): Node {
    return this.#table.signedAs(this.node(expr), signed);
  }

  #makeNode(expr: Expr): Node {
    const table = this.#table;
    switch (expr.kind) {
      case 'const':
        return table.constant(expr.value, expr.width, expr.signed, { state: expr.state, named: expr.named });
      case 'ref':
        return table.net(this.#net(expr.entity));
      case 'unary':
        return table.unary(expr.op, this.node(expr.operand));
      case 'binary':
        return table.binary(expr.op, this.#as(expr.left, expr.signed), this.#as(expr.right, expr.signed));
      case 'compare':
        return table.compare(expr.op, this.#as(expr.left, expr.arithmetic), this.#as(expr.right, expr.arithmetic));
      case 'shift': {
        const signed = expr.op === 'right' ? expr.arithmetic : expr.signed;
        return table.shift(expr.op, this.#as(expr.operand, signed), this.#as(expr.amount, false));
      }
      case 'mux':
        return table.mux(
          this.node(expr.condition),
          this.#as(expr.whenTrue, expr.signed),
          this.#as(expr.whenFalse, expr.signed),
        );
      case 'slice':
        return table.slice(this.node(expr.operand), expr.low, expr.width);
      case 'concat':
        return table.concat(expr.parts.map((part) => this.node(part)));
      case 'extend':
        return table.extend(this.#as(expr.operand, expr.arithmetic), expr.width);
      case 'select':
        return table.select(
          this.#as(expr.index, false),
          expr.values.map((value) => this.#as(value, expr.signed)),
        );
      case 'read':
        return table.read(this.#memories.get(expr.memory)!, this.#as(expr.address, false));
    }
  }

  #memory(memory: MemoryIr): LoweredMemory {
    const { name, origin, doc, depth, type, contents, style, collision, dualPort } = memory;
    const contentsFile = memory.contentsFile ?? `${memory.module.name}_${name}.mem`;
    return {
      ...{ name, origin, doc, depth, type, contents, style, collision, dualPort },
      contentsFile:
        contents && (depth > mostLoopedWords || contents.some((word) => word !== 0n)) ? contentsFile : undefined,
      reads: [],
      writes: [],
    };
  }

  #ports(ir: MemoryIr, memory: LoweredMemory): void {
    const reads = memory.reads as LoweredMemoryRead[];
    const writes = memory.writes as LoweredMemoryWrite[];
    for (const { output, address, enable, clock, port, origin } of ir.reads) {
      reads.push({
        output: this.#net(output) as MemoryReadNet,
        address: this.node(address),
        enable: enable && this.node(enable),
        clock: this.#net(clock) as ClockNet,
        port,
        origin,
      });
    }
    for (const { address, data, enable, clock, port, origin } of ir.writes) {
      writes.push({
        address: this.node(address),
        data: this.node(data),
        enable: this.node(enable),
        clock: this.#net(clock) as ClockNet,
        port,
        origin,
      });
    }
  }

  #instance(instance: InstanceIr): LoweredInstance {
    const { name, origin, doc, definition, parameters, repeat, columns } = instance;
    return {
      ...{ name, origin, doc, parameters, repeat, columns },
      definition: this.#lowered.get(definition)!,
      inputs: new Map([...instance.inputs].map(([port, expr]) => [port, this.node(expr)])),
      eachCopy: new Map(
        [...instance.eachCopy].map(([port, values]) => [port, values.map((value) => this.node(value))]),
      ),
      clocks: new Map([...instance.clocks].map(([port, net]) => [port, this.#net(net) as ClockNet])),
      outputs: new Map([...instance.outputs].map(([port, net]) => [port, this.#net(net) as InstanceOutputNet])),
    };
  }

  #layout(statements: Statement[], instances: ReadonlyMap<InstanceIr, LoweredInstance>): LayoutItem[] {
    const { body } = this.#module;
    const lastPorts = new Map(
      body.flatMap((item, index) => (item.kind === 'memoryPort' ? [[item.memory, index] as const] : [])),
    );
    const placed = (item: BodyItem, index: number): LayoutItem[] => {
      switch (item.kind) {
        case 'section':
        case 'comment':
          return [item];
        case 'declare':
          return [{ kind: 'declare', net: this.#net(item.entity) as RegisterNet | NamedNet | ClockNet }];
        case 'memory':
          return [{ kind: 'memory', memory: this.#memories.get(item.memory)! }];
        case 'memoryPort':
          return lastPorts.get(item.memory) === index
            ? [{ kind: 'memoryPorts', memory: this.#memories.get(item.memory)! }]
            : [];
        case 'instance':
          return [{ kind: 'instance', instance: instances.get(item.instance)! }];
        case 'assign':
        case 'if':
        case 'switch':
          statements.push(this.#statement(item));
          return [{ kind: 'statement', index: statements.length - 1 }];
      }
    };
    return body.flatMap(placed);
  }

  #statement(statement: StatementIr): Statement {
    const list = (body: readonly StatementIr[]) => body.map((inner) => this.#statement(inner));
    switch (statement.kind) {
      case 'comment':
        return statement;
      case 'assign':
        return {
          kind: 'assign',
          target: this.#net(statement.target) as Target,
          value: this.node(statement.value),
          origin: statement.origin,
        };
      case 'if':
        return {
          kind: 'if',
          branches: statement.branches.map(({ condition, body, origin }) => ({
            condition: this.node(condition),
            body: list(body),
            origin,
          })),
          otherwise: statement.otherwise && list(statement.otherwise),
          origin: statement.origin,
        };
      case 'switch':
        return {
          kind: 'switch',
          subject: this.node(statement.subject),
          cases: statement.cases.map(({ value, body }) => ({ value: this.node(value), body: list(body) })),
          otherwise: statement.otherwise && list(statement.otherwise),
          complete: statement.complete,
          origin: statement.origin,
        };
    }
  }
}
