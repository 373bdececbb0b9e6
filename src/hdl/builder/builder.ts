/** The builder that a module's description is written with. */

import type { Component } from '../component/component.ts';
import { declarePorts } from '../component/declare.ts';
import { connectEnds, placeComponent, placeCopies } from '../component/place.ts';
import type { Given, GivenArray, Inside, LinkEnd, Outside, OutsideArray, PortRecord } from '../component/ports.ts';
import { designError } from '../diagnostics.ts';
import { constant, reference } from '../ir/expr.ts';
import type { Entity, EntityRole, ModuleIr, WaivableRule } from '../ir/module.ts';
import { bool, describeType, type ScalarType } from '../ir/types.ts';
import { captureOrigin, type Origin } from '../origin.ts';
import { type Literal, literalExpr, type NamedConstant } from '../values/literals.ts';
import { type Bool, type EnumValue, isSignal, operandExpr, type Signal, type UInt, wrap } from '../values/signals.ts';
import { BuildContext } from './context.ts';
import { type InstanceHandle, type InstanceInputs, type InstanceOptions, instantiate } from './instance.ts';
import { declareLocalReset, declareSynchronisedReset, type SynchronisedResetOptions } from './local-reset.ts';
import { declareMemory, declareTrueDualMemory, type Memory, type TrueDualMemory } from './memory.ts';
import type { ModuleDefinition } from './module.ts';
import type {
  Clock,
  DeclareOptions,
  MemoryOptions,
  RegisterOptions,
  Reset,
  SignalOf,
  WireOptions,
  WordType,
} from './options.ts';
import { type CaseBranches, type Otherwise, switchOnEnum, switchOnValue, WhenChain } from './statements.ts';
import { assignable, type ClockedPart, makeRegister } from './target.ts';

/** A signal, or a record of signals as a component has them for its ports. */
export type SignalTree = Signal | { readonly [name: string]: SignalTree };
/** What may be assigned to a signal or record of type S. */
export type Assignable<S> = S extends Bool
  ? Bool | Literal | boolean
  : S extends EnumValue<infer N>
    ? EnumValue<N> | N
    : S extends Signal
      ? S | Literal
      : { readonly [K in keyof S]: Assignable<S[K]> };

/** Describes one module: ports, wires, registers, memories, instances and what is assigned to them. */
export class ModuleBuilder {
  readonly #context: BuildContext;

  constructor(module: ModuleIr) {
    this.#context = new BuildContext(module);
  }

  /** A line of the comment above the module. */
  doc(text: string): void {
    this.#context.module.docs.push(text);
  }
  /** A heading in the module's body. */
  section(text: string): void {
    this.#context.add({ kind: 'section', text });
  }
  /** A comment line above the next statement or declaration. */
  comment(text: string): void {
    this.#context.add({ kind: 'comment', text });
  }

  /** A clock input; the first one is the module's default clock. */
  clock(name: string, options: DeclareOptions = {}): Clock {
    return this.#context.declareClock(name, options.doc, captureOrigin());
  }
  /** A synchronous, active-high reset input; the first one is the module's default reset. */
  reset(name: string, options: DeclareOptions = {}): Reset {
    return this.#context.declareReset(name, options.doc, captureOrigin());
  }
  /** A clock that a black box in this module makes, such as a PLL: given to its instance with `{ clocks: { PORT: clock } }`. */
  localClock(name: string, options: DeclareOptions = {}): Clock {
    return this.#context.declareLocalClock(name, options.doc, captureOrigin());
  }
  /** A synchronous reset that is asserted while any of the sources is; they belong to the clock of what it resets. */
  localReset(name: string, sources: readonly (Bool | Reset)[], options: DeclareOptions = {}): Reset {
    return declareLocalReset(this.#context, name, sources, options.doc, captureOrigin());
  }
  /** True while the reset (the module's first one) is asserted: for what must rest then and has no reset of its own, such as a memory's write port. */
  inReset(reset?: Reset): Bool {
    const origin = captureOrigin();
    return wrap(reference(this.#reset(reset, 'inReset', origin)), bool()) as Bool;
  }
  /**
   * A reset of what may come at any time, such as a button or a PLL without lock: asserted at once, even without a clock, and released in
   * step with the clock, `holdClocks` clocks (default 2) after the last source.
   */
  synchronisedReset(name: string, sources: readonly Bool[], options: SynchronisedResetOptions = {}): Reset {
    return declareSynchronisedReset(this, this.#context, { ...options, name, sources, origin: captureOrigin() });
  }
  /** A port that the module reads. */
  input<T extends ScalarType>(name: string, type: T, options: DeclareOptions = {}): SignalOf<T> {
    return this.#declared('input', name, type, options);
  }
  /** A port that the module drives by `m.assign`, on every path unless it has a default. */
  output<T extends ScalarType>(name: string, type: T, options: WireOptions<T> = {}): SignalOf<T> {
    return this.#declared('output', name, type, options);
  }
  /** A signal that `m.assign` drives, before or after it is read. */
  wire<T extends ScalarType>(name: string, type: T, options: WireOptions<T> = {}): SignalOf<T> {
    return this.#declared('wire', name, type, options);
  }
  /** Holds its value unless `m.next` gives it another one. */
  register<T extends ScalarType>(name: string, type: T, options: RegisterOptions<T>): SignalOf<T> {
    return this.#declared('register', name, type, options);
  }
  /**
   * Makes a register of an output port that nothing drives yet; from then on `m.next` gives it its next value. In the Verilog port and
   * register are one: `output reg`. @throws designError (HDL016) for what is no output port, or one that is driven or has a default
   */
  outputRegister<S extends Signal>(port: S, options: RegisterOptions<S['type']>): S {
    makeRegister(this.#context, port, 'm.outputRegister', (name) =>
      this.#clocked(name, port.type, options as Partial<AnyOptions>, captureOrigin()),
    );
    return port;
  }
  /** Gives an expression a name: in Verilog, waveforms and messages. */
  name<T extends Signal>(name: string, value: T, options: DeclareOptions = {}): T {
    const origin = captureOrigin();
    const { module } = this.#context;
    const expr = this.#context.own(value.expr, origin);
    const type: ScalarType = value.type;
    const entity: Entity = { role: 'named', name, type, module, origin, doc: options.doc, value: expr };
    this.#context.declare(entity);
    this.#context.add({ kind: 'declare', entity });
    return wrap(reference(entity), type) as T;
  }

  /** A constant that instances may set otherwise: a Verilog parameter. By custom its name is in capitals. */
  parameter<T extends WordType>(name: string, type: T, value: Literal, options: DeclareOptions = {}): SignalOf<T> {
    const { module } = this.#context;
    const defaultValue = this.#context.attempt(() => literalExpr(value, type), constant(0n, type.width)).value;
    const origin = captureOrigin();
    const entity: Entity = { role: 'parameter', name, type, module, origin, doc: options.doc, defaultValue };
    this.#context.declare(entity);
    return wrap(reference(entity), type) as SignalOf<T>;
  }

  /** A number with a name, for what stands in several lines or needs a word: a localparam. By custom in capitals. */
  constant(name: string, value: number | bigint, options: DeclareOptions = {}): NamedConstant {
    return this.#context.constant(name, value, options.doc, captureOrigin());
  }

  /** Drives a wire or an output, or those of a record. */
  assign<S extends SignalTree>(target: S, value: Assignable<S>): void {
    this.#drive(target, value as SignalTree, 'm.assign', captureOrigin());
  }
  /** The register's value after the next clock edge. */
  next<S extends Signal>(register: S, value: Assignable<S>): void {
    this.#drive(register, value as Signal, 'm.next', captureOrigin());
  }

  /** What `then` writes applies while the condition holds. */
  when(condition: Bool, then: () => void): WhenChain {
    return WhenChain.start(this.#context, condition, then);
  }
  /** One branch for each state; without `default` all states must be there. */
  switch<S extends string>(subject: EnumValue<S>, branches: CaseBranches<S>): void {
    switchOnEnum(this.#context, subject as EnumValue, branches as Readonly<Record<string, () => void>>);
  }
  /** Branches by number. */
  switchValue(subject: UInt, branches: readonly (readonly [Literal, () => void])[], otherwise?: Otherwise): void {
    switchOnValue(this.#context, subject, branches, otherwise);
  }

  /** A memory with one write port and any number of read ports. */
  memory<T extends WordType>(name: string, options: MemoryOptions<T>): Memory<T> {
    return declareMemory(this.#context, name, options);
  }
  /** A memory with two ports, each of which reads and writes. */
  trueDualMemory<T extends WordType>(name: string, options: MemoryOptions<T>): TrueDualMemory<T> {
    return declareTrueDualMemory(this.#context, name, options);
  }

  /** Puts a module inside this one; clock and reset are connected to this module's own unless named. */
  instance(
    name: string,
    definition: ModuleDefinition,
    inputs: InstanceInputs = {},
    options: InstanceOptions = {},
  ): InstanceHandle {
    return instantiate(this.#context, name, definition, inputs, options);
  }

  /** Declares the ports of a record; `component` does so for the module that it makes. */
  ports<const P extends PortRecord>(ports: P): Inside<P> {
    return declarePorts(this.#context, ports);
  }

  /**
   * Puts a component inside this module and gives its outputs and the ends of its links. Clocks and resets are connected to this
   * module's own unless given; a link that is not given is connected later, by `m.connect`.
   */
  place<P extends PortRecord>(
    name: string,
    component: Component<P>,
    given: Given<P>,
    options: InstanceOptions = {},
  ): Outside<P> {
    const origin = captureOrigin();
    const assign = (target: Signal, value: Signal) => this.#drive(target, value, 'm.place', origin);
    return placeComponent(this.#context, assign, name, component, given, options, origin) as Outside<P>;
  }

  /**
   * Puts `copies` of a component side by side. An input takes one value, which goes to all of them, or an array with one for each;
   * of each output there is an array. With `columns` they stand in rows of so many, and inputs may be those of a row or of a column.
   */
  placeArray<P extends PortRecord>(
    name: string,
    copies: number,
    component: Component<P>,
    given: GivenArray<P>,
    options: Omit<InstanceOptions, 'repeat'> & { readonly columns?: number } = {},
  ): OutsideArray<P> {
    const origin = captureOrigin();
    return placeCopies(this.#context, name, copies, component, given, options, origin) as OutsideArray<P>;
  }

  /** Joins the end of a link that gives to one that takes: what goes forward, and what comes back. */
  connect<N extends string, F>(from: LinkEnd<N, 'from', F>, to: LinkEnd<NoInfer<N>, 'to', NoInfer<F>>): void {
    const origin = captureOrigin();
    const assign = (target: Signal, value: Signal) => this.#drive(target, value, 'm.connect', origin);
    connectEnds(this.#context, assign, from, to, origin);
  }

  /** Says that a signal stays unused on purpose. Bits of a signal that is used otherwise need no word. */
  unused(signal: Signal, reason: string): void {
    const entity = this.#whole(signal, 'm.unused');
    if (entity !== undefined) this.#context.module.unused.set(entity, reason);
  }

  /** Lets a rule be for one signal; the reason is part of the design. */
  waive(rule: WaivableRule, signal: Signal, reason: string): void {
    const entity = this.#whole(signal, 'm.waive');
    if (entity !== undefined) this.#context.module.waivers.push({ rule, entity, reason });
  }

  /** The signal that a rule is told about: a declared one of this module, not an expression. */
  #whole({ expr, type }: Signal, operation: string): Entity | undefined {
    const origin = captureOrigin();
    if (expr.kind === 'ref' && expr.entity.module === this.#context.module) return expr.entity;
    if (expr.kind === 'ref') this.#context.own(expr, origin);
    else {
      const summary = `${operation}: an expression of type ${describeType(type)}, not a declared signal`;
      const help = 'give the signal itself; bits of a signal that is read elsewhere need no word';
      this.#context.report({ rule: 'HDL016', summary, help }, origin);
    }
    return undefined;
  }

  #declared<T extends ScalarType>(role: EntityRole, name: string, type: T, options: object): SignalOf<T> {
    return this.#declare(role, name, type, options as Partial<AnyOptions>, captureOrigin()) as SignalOf<T>;
  }

  #declare(role: EntityRole, name: string, type: ScalarType, options: Partial<AnyOptions>, origin: Origin): Signal {
    const { module } = this.#context;
    const base = { role, name, type, module, origin, doc: options.doc };
    const entity: Entity =
      role === 'register'
        ? { ...base, ...this.#clocked(name, type, options, origin) }
        : { ...base, defaultValue: this.#initial(options.default, type) };
    this.#context.declare(entity);
    if (role === 'register' || role === 'wire') this.#context.add({ kind: 'declare', entity });
    return wrap(reference(entity), type);
  }

  #initial(value: unknown, type: ScalarType): bigint | undefined {
    if (value === undefined) return undefined;
    return this.#context.attempt(() => literalExpr(value as Literal, type), constant(0n, type.width)).value;
  }

  /** What makes a register of a name. */
  #clocked(name: string, type: ScalarType, options: Partial<AnyOptions>, origin: Origin): ClockedPart {
    const reset = this.#initial(options.reset, type);
    const clock = this.#clock(options.clock, name, origin);
    const resetSignal = reset === undefined ? undefined : this.#reset(options.resetSignal, name, origin);
    return { reset, clock, resetSignal, isSynchroniser: options.isSynchroniser ?? false };
  }

  #clock(wanted: Clock | undefined, register: string, origin: Origin): Entity {
    const found = this.#context.clocking('clock', wanted, origin);
    if (found !== undefined) return found;
    throw designError(
      {
        rule: 'HDL018',
        summary: `'${register}' has no clock: module '${this.#context.module.name}' declares none before it`,
        help: "m.clock('clk') at the top of the module",
      },
      origin,
    );
  }

  #reset(wanted: Reset | undefined, register: string, origin: Origin): Entity {
    const found = this.#context.clocking('reset', wanted, origin);
    if (found !== undefined) return found;
    throw designError(
      {
        rule: 'HDL018',
        summary: `'${register}' has a reset value, but module '${this.#context.module.name}' declares no reset before it`,
        help: "m.reset('rst') at the top of the module, or { resetless: true }",
      },
      origin,
    );
  }

  #drive(target: SignalTree, value: SignalTree | Literal | boolean | string, operation: string, origin: Origin): void {
    if (!isSignal(target)) {
      for (const [field, part] of Object.entries(target)) {
        this.#drive(part, (value as { readonly [name: string]: SignalTree })[field]!, operation, origin);
      }
      return;
    }
    const done = this.#context.attempt(() => {
      const entity = assignable(target, operation, this.#context.module);
      const checked = operandExpr(value as Signal, entity.type, `${operation} to '${entity.name}'`);
      const expr = this.#context.own(checked, origin);
      this.#context.driven.add(entity);
      this.#context.add({ kind: 'assign', target: entity, value: expr, origin });
      return true;
    }, false);
    if (!done) this.#context.refuse(target.expr, ...(isSignal(value) ? [value.expr] : []));
  }
}

interface AnyOptions {
  readonly doc: string | undefined;
  readonly default: unknown;
  readonly reset: unknown;
  readonly clock: Clock;
  readonly resetSignal: Reset;
  readonly isSynchroniser: boolean;
}
