/** Primitives that a vendor provides: ports without a description, and a model for simulation if there is one. */

import type { Component } from '../component/component.ts';
import type { ClockPort, Port } from '../component/ports.ts';
import { DesignError } from '../diagnostics.ts';
import type { BlackBoxModel, EntityRole, ModuleIr } from '../ir/module.ts';
import type { ScalarType } from '../ir/types.ts';
import { captureOrigin } from '../origin.ts';
import { emptyModule } from './module.ts';

type Types = Readonly<Record<string, ScalarType>>;

/** The ports of a black box under the vendor's names; clock outputs are connected by the option `clocks` of `m.place`. */
export type BlackBoxPorts<I extends Types, O extends Types, C extends string> = {
  readonly [K in keyof I]: Port<'in', I[K]>;
} & { readonly [K in keyof O]: Port<'out', O[K]> } & { readonly [K in C]: ClockPort };

/** Ports of a black box, its Verilog parameters, and a model for the interpreter. */
export interface BlackBoxOptions<I extends Types = Types, O extends Types = Types, C extends string = string> {
  readonly doc?: string;
  readonly clocks?: readonly C[];
  readonly inputs?: I;
  readonly outputs?: O;
  /** Outputs that are clocks, e.g. of a PLL: each drives a local clock of the module, or nothing. */
  readonly clockOutputs?: readonly string[];
  /** Verilog parameters of the primitive, set by every instance; numbers (whole or real) or texts. */
  readonly parameters?: Readonly<Record<string, bigint | number | string>>;
  /** What it does, clock by clock; without one the design can't be interpreted. */
  readonly model?: BlackBoxModel;
}

/** A primitive of the target, e.g. `SB_SPRAM256KA`: placed like any component, under the vendor's names, and never emitted. @throws DesignError (HDL005) for a port name that Verilog cannot have */
// biome-ignore lint/complexity/noBannedTypes: a box without inputs or outputs has no names
export function defineBlackBox<I extends Types = {}, O extends Types = {}, const C extends string = never>(
  name: string,
  options: BlackBoxOptions<I, O, C>,
): Component<BlackBoxPorts<I, O, C>> {
  const origin = captureOrigin();
  const { clocks = [], clockOutputs = [], parameters = {}, model } = options;
  const [inputs, outputs]: [Types, Types] = [options.inputs ?? {}, options.outputs ?? {}];
  const values = new Map(
    Object.entries(parameters).map(([key, value]) => [
      key,
      typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value,
    ]),
  );
  const module: ModuleIr = { ...emptyModule(name, origin), blackBox: { model, parameters: values } };
  if (options.doc !== undefined) module.docs.push(options.doc);
  const port = (role: EntityRole, portName: string, type: ScalarType, isLocalClock = false) => {
    if (module.entities.some((entity) => entity.name === portName)) {
      const summary = `port '${portName}' occurs twice in black box '${name}'`;
      throw new DesignError([{ rule: 'HDL005', summary, origin, help: "use the primitive's own port names" }]);
    }
    module.entities.push({ role, name: portName, type, module, origin, doc: undefined, isLocalClock });
  };
  for (const clock of clocks) port('clock', clock, { kind: 'bool', width: 1 });
  for (const [portName, type] of Object.entries(inputs)) port('input', portName, type);
  for (const clock of clockOutputs) port('output', clock, { kind: 'bool', width: 1 }, true);
  for (const [portName, type] of Object.entries(outputs)) port('output', portName, type);
  const own = (names: readonly string[], of: (portName: string) => Port | ClockPort) =>
    names.map((portName) => [portName, { ...of(portName), name: portName }] as const);
  const ports = Object.fromEntries([
    ...own(clocks, () => ({ port: 'clock', doc: undefined, origin })),
    ...own(Object.keys(inputs), (key) => ({ port: 'in', type: inputs[key]!, doc: undefined, origin })),
    ...own(Object.keys(outputs), (key) => ({ port: 'out', type: outputs[key]!, doc: undefined, origin })),
  ]);
  return { name, ports: ports as BlackBoxPorts<I, O, C>, ir: () => module };
}
