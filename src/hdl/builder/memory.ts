/** Memories: one write port and any number of read ports, or two ports that do both. */
import { designError } from '../diagnostics.ts';
import { constant, readMemory, reference } from '../ir/expr.ts';
import type { Entity, MemoryIr } from '../ir/module.ts';
import { type ScalarType, uint } from '../ir/types.ts';
import { captureOrigin, type Origin } from '../origin.ts';
import { checkedLiteral } from '../values/literals.ts';
import { type Bool, operandExpr, type Signal, type UInt, wrap } from '../values/signals.ts';
import type { BuildContext } from './context.ts';
import type { ClockingOptions, DeclareOptions, MemoryOptions, SignalOf, WordType } from './options.ts';
import { makeMemoryRead } from './target.ts';

/** How a memory is read: enable, clock, name and doc of the output. */
export interface ReadOptions extends DeclareOptions, ClockingOptions {
  /** Without it the port reads on every clock; with it the data hold while it is false. */
  readonly enable?: Bool;
}

/** Bits of an address of a memory of `depth` words. */
export function addressWidth(depth: number): number {
  return Math.max(1, (depth - 1).toString(2).length);
}

/** What the ports of all memories do. */
class MemoryPorts<T extends WordType> {
  constructor(
    protected readonly context: BuildContext,
    protected readonly ir: MemoryIr,
    protected readonly defaultClock: Entity,
  ) {}

  /** Words. */
  get depth(): number {
    return this.ir.depth;
  }

  protected addRead(
    into: string | SignalOf<T>,
    address: UInt,
    options: ReadOptions,
    port: string | undefined,
  ): SignalOf<T> {
    const origin = captureOrigin();
    const { type } = this.ir;
    const clock = this.clock(options, origin);
    const output =
      typeof into === 'string' ? this.declareRead(into, options, clock, origin) : this.readPort(into, clock);
    const enable = options.enable && this.expression(options.enable, { kind: 'bool', width: 1 }, 'enable', origin);
    this.ir.reads.push({ output, address: this.address(address, origin), enable, clock, port, origin });
    this.context.add({ kind: 'memoryPort', memory: this.ir });
    return wrap(reference(output), type) as SignalOf<T>;
  }

  private declareRead(name: string, { doc }: ReadOptions, clock: Entity, origin: Origin): Entity {
    const { module, type } = this.ir;
    const output: Entity = { role: 'memoryRead', name, type, module, origin, doc, clock };
    this.context.declare(output);
    return output;
  }

  private readPort(port: Signal, clock: Entity): Entity {
    const { name, type } = this.ir;
    operandExpr(port, type, `read of memory '${name}'`);
    return makeMemoryRead(this.context, port, `read of memory '${name}'`, clock);
  }

  protected addWrite(
    address: UInt,
    data: Signal,
    enable: Bool,
    options: ClockingOptions,
    port: string | undefined,
  ): void {
    const origin = captureOrigin();
    this.ir.writes.push({
      address: this.address(address, origin),
      data: this.expression(data, this.ir.type, 'data', origin),
      enable: this.expression(enable, { kind: 'bool', width: 1 }, 'enable', origin),
      clock: this.clock(options, origin),
      port,
      origin,
    });
    this.context.add({ kind: 'memoryPort', memory: this.ir });
  }

  protected address(address: UInt, origin: Origin) {
    return this.expression(address, uint(addressWidth(this.ir.depth)), 'address', origin);
  }

  protected expression(signal: Signal, type: ScalarType, what: string, origin: Origin) {
    return this.context.attempt(
      () => this.context.own(operandExpr(signal, type, `${what} of memory '${this.ir.name}'`), origin),
      this.refused(signal, type),
    );
  }

  /** Stands for a refused signal. */
  private refused(signal: Signal, type: ScalarType) {
    if (signal.width !== type.width || signal.kind !== type.kind) this.context.refuse(signal.expr);
    return constant(0n, type.width);
  }

  private clock({ clock }: ClockingOptions, origin: Origin): Entity {
    return clock === undefined
      ? this.defaultClock
      : (this.context.clocking('clock', clock, origin) ?? this.defaultClock);
  }
}

/** One write port, any number of read ports. */
export class Memory<T extends WordType = WordType> extends MemoryPorts<T> {
  /**
   * Data of `address` one clock later, in a register with a name or in an output port of the module that nothing drives yet, which is
   * that register from then on. @throws designError (HDL016, HDL001, HDL002) for another signal, or one of another type
   */
  read(into: string | SignalOf<T>, address: UInt, options: ReadOptions = {}): SignalOf<T> {
    return this.addRead(into, address, options, undefined);
  }

  /** Data of `address` in the same clock: becomes logic, not block RAM. */
  readAsync(name: string, address: UInt, options: DeclareOptions = {}): SignalOf<T> {
    const origin = captureOrigin();
    const { module, type } = this.ir;
    const value = readMemory(this.ir, this.address(address, origin));
    const entity: Entity = { role: 'named', name, type, module, origin, doc: options.doc, value };
    this.context.declare(entity);
    this.context.add({ kind: 'declare', entity });
    return wrap(reference(entity), type) as SignalOf<T>;
  }

  /** Stores at the clock edge while `enable` holds. */
  write(address: UInt, data: SignalOf<T>, enable: Bool, options: ClockingOptions = {}): void {
    this.addWrite(address, data, enable, options, undefined);
  }
}

/** One port of a memory with two: in each clock it reads its address, and writes there when `writeEnable` is set. */
export interface DualPort<T extends WordType = WordType> {
  readonly address: UInt;
  readonly data: SignalOf<T>;
  readonly writeEnable: Bool;
  /** The port's read register holds while it is false. */
  readonly enable?: Bool;
  readonly clock?: ClockingOptions['clock'];
}

/** Two ports, each with one address for reading and writing. */
export class TrueDualMemory<T extends WordType = WordType> extends MemoryPorts<T> {
  #ports = 0;

  /** Connects the next of the two ports; returns its read data, one clock later. */
  port(name: string, port: DualPort<T>): SignalOf<T> {
    this.#ports += 1;
    const label = this.#ports === 1 ? 'a' : 'b';
    if (this.#ports > 2) {
      this.context.report({
        rule: 'HDL013',
        summary: `memory '${this.ir.name}' has more than two ports`,
        notes: [{ text: 'the memory is declared', origin: this.ir.origin }],
        help: 'true dual port memories have exactly two; copy the memory for more readers',
      });
    }
    const clocking = port.clock === undefined ? {} : { clock: port.clock };
    this.addWrite(port.address, port.data, port.writeEnable, clocking, label);
    return this.addRead(name, port.address, { ...clocking, ...(port.enable ? { enable: port.enable } : {}) }, label);
  }
}

export function declareMemory<T extends WordType>(
  context: BuildContext,
  name: string,
  options: MemoryOptions<T>,
): Memory<T> {
  const { ir, clock } = memoryIr(context, name, options, false);
  return new Memory<T>(context, ir, clock);
}

export function declareTrueDualMemory<T extends WordType>(
  context: BuildContext,
  name: string,
  options: MemoryOptions<T>,
): TrueDualMemory<T> {
  const { ir, clock } = memoryIr(context, name, options, true);
  return new TrueDualMemory<T>(context, ir, clock);
}

function memoryIr(context: BuildContext, name: string, options: MemoryOptions, dualPort: boolean) {
  const origin = captureOrigin();
  const { depth, type, contents, collision = 'old', style = 'auto' } = options;
  if (!Number.isInteger(depth) || depth < 1 || (contents !== undefined && contents.length > depth)) {
    throw designError({
      rule: 'HDL019',
      summary: `memory '${name}' of ${depth} words${contents ? ` with ${contents.length} words of contents` : ''}`,
      help: 'the depth is a whole number from 1, and the contents are not longer than it',
    });
  }
  const clock = context.clocking('clock', options.clock, origin);
  if (clock === undefined) {
    throw designError({
      rule: 'HDL018',
      summary: `memory '${name}' has no clock: module '${context.module.name}' declares none before it`,
      help: "m.clock('clk') at the top of the module",
    });
  }
  context.claim(name, 'memory', origin);
  const words = contents?.map((word) => {
    // Contents are bit patterns as often as numbers, so both readings of a signed word are taken.
    const value =
      type.kind === 'sint' && BigInt(word) >= 0n ? checkedLiteral(word, uint(type.width)) : checkedLiteral(word, type);
    return BigInt.asUintN(type.width, value);
  });
  const ir: MemoryIr = {
    name,
    module: context.module,
    origin,
    doc: options.doc,
    depth,
    type,
    width: type.width,
    contents: words,
    contentsFile: options.contentsFile,
    style,
    collision,
    dualPort,
    reads: [],
    writes: [],
  };
  context.module.memories.push(ir);
  context.add({ kind: 'memory', memory: ir });
  return { ir, clock };
}
