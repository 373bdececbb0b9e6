/** Components: modules whose ports are a typed record. */
import type { ModuleBuilder } from '../builder/builder.ts';
import { BuildContext } from '../builder/context.ts';
import { defineModule, emptyModule, type ModuleDefinition, type ModuleOptions } from '../builder/module.ts';
import type { ModuleIr } from '../ir/module.ts';
import { captureOrigin } from '../origin.ts';
import { declarePorts } from './declare.ts';
import type { Inside, PortRecord } from './ports.ts';

/** A module definition that knows the types of its ports. */
export interface Component<P = PortRecord> extends ModuleDefinition {
  readonly ports: P;
}

/**
 * A module with typed ports: `component('adder', { a: input(uint(8)), y: output(uint(9)) }, (m, io) => ...)`. Whoever places it gives
 * `a` and gets `y`, each with its type; a typo, a wrong kind or a missing input is an error of tsc.
 */
export function component<const P extends PortRecord>(
  name: string,
  ports: P,
  describe: (m: ModuleBuilder, io: Inside<P>) => void,
  options: ModuleOptions = {},
): Component<P> {
  const definition = defineModule(name, (m) => describe(m, m.ports(ports)), options);
  return { ...definition, ports };
}

/** A component whose Verilog stands elsewhere: placed like any other, never emitted, and without a model for the interpreter. */
export function external<const P extends PortRecord>(name: string, ports: P): Component<P> {
  const module: ModuleIr = {
    ...emptyModule(name, captureOrigin()),
    blackBox: { model: undefined, parameters: new Map() },
  };
  declarePorts(new BuildContext(module), ports);
  return { name, ports, ir: () => module };
}
