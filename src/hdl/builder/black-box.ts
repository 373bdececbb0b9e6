/** Primitives that a vendor provides: ports without a description, and a model for simulation if there is one. */
import { DesignError } from '../diagnostics.ts';
import type { BlackBoxModel, EntityRole, ModuleIr } from '../ir/module.ts';
import type { ScalarType } from '../ir/types.ts';
import { capturePlace } from '../place.ts';
import { emptyModule, type ModuleDefinition } from './module.ts';

/** What a black box has besides its ports: Verilog parameters, and a model for the interpreter. */
export interface BlackBoxOptions {
  readonly doc?: string;
  readonly clocks?: readonly string[];
  readonly inputs?: Readonly<Record<string, ScalarType>>;
  readonly outputs?: Readonly<Record<string, ScalarType>>;
  /** Outputs that are clocks, e.g. of a PLL: each drives a local clock of the module, or nothing. */
  readonly clockOutputs?: readonly string[];
  /** Verilog parameters of the primitive, set by every instance; numbers (whole or real) or texts. */
  readonly parameters?: Readonly<Record<string, bigint | number | string>>;
  /** What it does, clock by clock; without one the design can't be interpreted. */
  readonly model?: BlackBoxModel;
}

/** A primitive of the target, e.g. `SB_SPRAM256KA`. It is instantiated like any module and never emitted. @throws DesignError (HDL005) for a port name that Verilog cannot have */
export function defineBlackBox(name: string, options: BlackBoxOptions): ModuleDefinition {
  const place = capturePlace();
  const { clocks = [], inputs = {}, outputs = {}, clockOutputs = [], parameters = {}, model } = options;
  const values = new Map(
    Object.entries(parameters).map(([key, value]) => [
      key,
      typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value,
    ]),
  );
  const module: ModuleIr = { ...emptyModule(name, place), blackBox: { model, parameters: values } };
  if (options.doc !== undefined) module.docs.push(options.doc);
  const port = (role: EntityRole, portName: string, type: ScalarType, isLocalClock = false) => {
    if (module.entities.some((entity) => entity.name === portName)) {
      const summary = `port '${portName}' occurs twice in black box '${name}'`;
      throw new DesignError([{ rule: 'HDL005', summary, place, help: "use the primitive's own port names" }]);
    }
    module.entities.push({ role, name: portName, type, module, place, doc: undefined, isLocalClock });
  };
  for (const clock of clocks) port('clock', clock, { kind: 'bool', width: 1 });
  for (const [portName, type] of Object.entries(inputs)) port('input', portName, type);
  for (const clock of clockOutputs) port('output', clock, { kind: 'bool', width: 1 }, true);
  for (const [portName, type] of Object.entries(outputs)) port('output', portName, type);
  return { name, ir: () => module };
}
