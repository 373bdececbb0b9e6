/** Modules inside modules. */
import { ownValue } from '../../errors/index.ts';
import { designError } from '../diagnostics.ts';
import { type Expr, reference } from '../ir/expr.ts';
import { type Entity, type InstanceIr, isInput, isOutput, type ModuleIr } from '../ir/module.ts';
import { describeType, sameType, uint } from '../ir/types.ts';
import { captureOrigin, type Origin } from '../origin.ts';
import { type Literal, literalExpr } from '../values/literals.ts';
import { Bool, EnumValue, isSignal, operandExpr, SInt, type Signal, UInt, wrap } from '../values/signals.ts';
import type { BuildContext } from './context.ts';
import type { ModuleDefinition } from './module.ts';
import type { Clock, DeclareOptions, Reset } from './options.ts';

/** Values for the inputs of an instance, by the names of its ports. */
export interface InstanceInputs {
  readonly [port: string]: Signal | Clock | Reset | Literal | boolean | string;
}

export interface InstanceOptions extends DeclareOptions {
  /** Values of the module's parameters that differ from their defaults. */
  readonly parameters?: Readonly<Record<string, Literal>>;
  /**
   * Copies side by side. An input takes a signal of the port's own type, which goes to all copies, or uint(N * width), the copies'
   * inputs with copy i at [width*i +: width]; each output is such a uint.
   */
  readonly repeat?: number;
  /** Local clocks of this module, by the clock outputs of the black box that make them. */
  readonly clocks?: Readonly<Record<string, Clock>>;
}

/** How copies are placed, beside what any instance has. */
export interface CopiesOptions extends InstanceOptions {
  /** Inputs that differ from copy to copy: a value for each. */
  readonly eachCopy?: ReadonlyMap<string, readonly Signal[]>;
  readonly columns?: number | undefined;
}

/** A placed module whose ports are looked up by name; `m.place` gives the outputs of a component with their types instead. */
export class InstanceHandle {
  constructor(
    readonly name: string,
    readonly definition: ModuleDefinition,
    readonly out: Readonly<Record<string, Signal>>,
  ) {}

  /** The output port of this name. @throws designError (HDL009) when it is another kind, or none */
  uint(port: string): UInt {
    const signal = this.#output(port);
    return signal instanceof UInt ? signal : this.#wrongKind(port, signal, 'uint');
  }
  /** The output port of this name. @throws designError (HDL009) when it is another kind, or none */
  sint(port: string): SInt {
    const signal = this.#output(port);
    return signal instanceof SInt ? signal : this.#wrongKind(port, signal, 'sint');
  }
  /** The output port of this name. @throws designError (HDL009) when it is another kind, or none */
  bool(port: string): Bool {
    const signal = this.#output(port);
    return signal instanceof Bool ? signal : this.#wrongKind(port, signal, 'bool');
  }
  /** The output port of this name. @throws designError (HDL009) when it is another kind, or none */
  enum(port: string): EnumValue {
    const signal = this.#output(port);
    return signal instanceof EnumValue ? signal : this.#wrongKind(port, signal, 'enum');
  }

  #output(port: string): Signal {
    const signal = ownValue(this.out, port);
    if (signal !== undefined) return signal;
    throw designError({
      rule: 'HDL009',
      summary: `instance '${this.name}' of '${this.definition.name}' has no output '${port}'`,
      help: `its outputs are ${Object.keys(this.out).join(', ') || '(none)'}`,
    });
  }
  #wrongKind(port: string, signal: Signal, wanted: string): never {
    throw designError({
      rule: 'HDL002',
      summary: `output '${port}' of instance '${this.name}' is ${describeType(signal.type)}, not ${wanted}`,
      help: `read it with .${signal.kind}('${port}')`,
    });
  }
}

/** An instance of a module; `given` by port name. */
export function instantiate(
  context: BuildContext,
  name: string,
  definition: ModuleDefinition,
  given: InstanceInputs,
  options: CopiesOptions,
  origin: Origin = captureOrigin(),
): InstanceHandle {
  const { module } = context;
  const { repeat } = options;
  checkRepeat(name, repeat);
  const child = definition.ir();
  context.claim(name, 'instance', origin);
  const inputs = connectInputs(context, { instance: name, repeat, origin }, child, given);
  const outputs = new Map<string, Entity>();
  const clocks = localClocks(context, name, child, options, origin);
  const parameters = parameterValues(context, name, child, options.parameters ?? {});
  const instance: InstanceIr = {
    name,
    origin,
    doc: options.doc,
    definition: child,
    inputs,
    outputs,
    clocks,
    parameters,
    repeat,
    eachCopy: new Map([...(options.eachCopy ?? [])].map(([port, values]) => [port, values.map(({ expr }) => expr)])),
    columns: options.columns,
  };
  const out: Record<string, Signal> = {};
  for (const port of child.entities) {
    if (!isOutput(port) || port.isLocalClock) continue;
    const entity: Entity = {
      role: 'instanceOutput',
      name: context.claimFresh(`${name}_${port.name}`, origin),
      type: repeat === undefined ? port.type : uint(port.type.width * repeat),
      module,
      origin,
      doc: undefined,
      instance,
      port: port.name,
    };
    module.entities.push(entity);
    outputs.set(port.name, entity);
    out[port.name] = wrap(reference(entity), entity.type);
  }
  module.instances.push(instance);
  context.add({ kind: 'instance', instance });
  return new InstanceHandle(name, definition, out);
}

/** What each input of the child reads; a name that it has not and an input without a signal are reported. */
function connectInputs(
  context: BuildContext,
  target: { readonly instance: string; readonly repeat: CopiesOptions['repeat']; readonly origin: Origin },
  child: ModuleIr,
  given: InstanceInputs,
): Map<string, Expr> {
  const { instance: name, origin } = target;
  const ports = child.entities.filter(isInput);
  for (const port of Object.keys(given)) {
    if (ports.some((entity) => entity.name === port)) continue;
    context.report(
      {
        rule: 'HDL009',
        summary: `module '${child.name}' has no input '${port}', which instance '${name}' connects`,
        label: `${name} is instantiated here`,
        help: `its inputs are ${ports.map((entity) => entity.name).join(', ')}`,
      },
      origin,
    );
  }
  const inputs = new Map<string, Expr>();
  for (const port of ports) {
    const expr = context.attempt(() => inputExpr(context, target, port, ownValue(given, port.name)), undefined);
    const signal = ownValue(given, port.name);
    if (expr !== undefined) inputs.set(port.name, port.role === 'input' ? context.own(expr, origin) : expr);
    else if (isSignal(signal)) context.refuse(signal.expr);
    else if (!(port.name in given)) {
      context.report(
        {
          rule: 'HDL009',
          summary: `input '${port.name}' of instance '${name}' (module '${child.name}') is not connected`,
          label: `${name} is instantiated here`,
          notes: [{ text: `'${port.name}' is declared`, origin: port.origin }],
          help: `add ${port.name}: ... to the inputs of m.instance`,
        },
        origin,
      );
    }
  }
  return inputs;
}

/** The local clocks that the clock outputs of a black box drive. */
function localClocks(
  context: BuildContext,
  instance: string,
  child: ModuleIr,
  { clocks = {}, repeat }: InstanceOptions,
  origin: Origin,
): Map<string, Entity> {
  const found = new Map<string, Entity>();
  const outputs = child.entities.filter((entity) => isOutput(entity) && entity.isLocalClock).map(({ name }) => name);
  for (const [port, clock] of Object.entries(clocks)) {
    const entity = context.clocking('clock', clock, origin);
    if (entity !== clock.entity) continue;
    if (!outputs.includes(port) || repeat !== undefined) {
      const has = repeat === undefined ? `has no clock output '${port}'` : 'is repeated and makes no clocks';
      const goesIn = child.entities.some((entity) => entity.role === 'clock' && entity.name === port);
      const help = goesIn
        ? `'${port}' goes in: give it as an input is given, { ${port}: ... }`
        : `its clock outputs are ${outputs.join(', ') || '(none)'}; only black boxes have them`;
      context.report({ rule: 'HDL009', summary: `instance '${instance}' of '${child.name}' ${has}`, help }, origin);
    } else if (!entity.isLocalClock) {
      const summary = `'${entity.name}' is a port, and instance '${instance}' would drive it`;
      context.report(
        { rule: 'HDL016', summary, help: 'm.localClock(name) declares a clock that is made here' },
        origin,
      );
    } else found.set(port, entity);
  }
  return found;
}

function parameterValues(
  context: BuildContext,
  instance: string,
  child: ModuleIr,
  given: Readonly<Record<string, Literal>>,
): Map<string, bigint> {
  const values = new Map<string, bigint>();
  const declared = child.entities.filter((entity) => entity.role === 'parameter');
  for (const [name, value] of Object.entries(given)) {
    const parameter = declared.find((entity) => entity.name === name);
    if (parameter === undefined) {
      context.report({
        rule: 'HDL009',
        summary: `module '${child.name}' has no parameter '${name}', which instance '${instance}' sets`,
        help: `its parameters are ${declared.map((entity) => entity.name).join(', ') || '(none)'}`,
      });
      continue;
    }
    const expr = context.attempt(() => literalExpr(value, parameter.type), undefined);
    if (expr !== undefined) values.set(name, expr.value);
  }
  return values;
}

function inputExpr(
  context: BuildContext,
  {
    instance,
    repeat,
    origin,
  }: { readonly instance: string; readonly repeat: number | undefined; readonly origin: Origin },
  port: Entity,
  given: InstanceInputs[string] | undefined,
) {
  if (port.role === 'clock' || port.role === 'reset') {
    if (given !== undefined && !(typeof given === 'object' && 'entity' in given)) {
      const found = isSignal(given) ? describeType(given.type) : `the literal ${given}`;
      throw designError({
        rule: 'HDL002',
        summary: `input '${port.name}' of instance '${instance}' is a ${port.role}, not ${found}`,
        help: 'clocks and resets connect only to clocks and resets',
      });
    }
    const entity = context.clocking(port.role, given, origin, port.name);
    return entity && reference(entity);
  }
  if (given === undefined) return undefined;
  if (typeof given === 'object' && 'kind' in given && (given.kind === 'clock' || given.kind === 'reset')) {
    throw designError({
      rule: 'HDL002',
      summary: `input '${port.name}' of instance '${instance}' is ${describeType(port.type)}, not a ${given.kind}`,
      help: 'clocks and resets connect only to clocks and resets',
    });
  }
  const all = uint(port.type.width * (repeat ?? 1));
  const packed = repeat !== undefined && repeat > 1 && isSignal(given) && sameType(given.type, all);
  return operandExpr(given, packed ? all : port.type, `input '${port.name}' of instance '${instance}'`);
}

function checkRepeat(instance: string, repeat: number | undefined): void {
  if (repeat === undefined || (Number.isInteger(repeat) && repeat >= 1)) return;
  throw designError({
    rule: 'HDL019',
    summary: `instance '${instance}' is repeated ${repeat} times`,
    help: 'repeat by a whole number from 1',
  });
}
