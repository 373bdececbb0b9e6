/** Module definitions: a name and the function that describes it. */
import { DesignError, type Diagnostic, designError } from '../diagnostics.ts';
import type { ModuleIr } from '../ir/module.ts';
import { captureOrigin, type Origin } from '../origin.ts';
import { ModuleBuilder } from './builder.ts';
import { nameProblem } from './names.ts';

/** A module that can be instantiated and elaborated. One definition is one Verilog module, however often it is used. */
export interface ModuleDefinition {
  readonly name: string;
  /** The module as data; described on first use. */
  ir(): ModuleIr;
}

export interface ModuleOptions {
  /**
   * Name of a family: its members are described with numbers of their own (widths, constants, files of contents), and where they differ in
   * nothing else become one Verilog module of this name with parameters. Constants from `m.constant` name the parameters.
   */
  readonly family?: string | undefined;
  /**
   * Copies of it (`m.placeArray`) are the body of a generate loop instead of instances of a module of its own: for a small part that only
   * makes sense where it stands. Its registers, memories and instances are `lane[3].acc`, and must have other names than what is around.
   */
  readonly loopBody?: boolean;
}

/** Describes a module; `describe` runs once, when the module is first used. What it throws then: a DesignError with all that is wrong so far, and HDL008 for a module inside itself. */
export function defineModule(
  name: string,
  describe: (m: ModuleBuilder) => void,
  options: ModuleOptions = {},
): ModuleDefinition {
  const origin = captureOrigin();
  let built: ModuleIr | undefined;
  let building = false;
  return {
    name,
    ir() {
      if (built !== undefined) return built;
      if (building) {
        throw designError({
          rule: 'HDL008',
          summary: `module '${name}' contains itself`,
          help: 'instances form a tree',
        });
      }
      building = true;
      const module = emptyModule(name, origin, options);
      const problem = nameProblem(name);
      if (problem !== undefined) {
        const help = 'give it another name';
        module.diagnostics.push({ rule: 'HDL004', summary: `module '${name}' ${problem}`, help, origin });
      }
      try {
        describe(new ModuleBuilder(module));
      } catch (error) {
        // The description can't go on after a broken expression; what was found so far is shown together with it.
        if (!(error instanceof DesignError)) throw error;
        throw new DesignError([...module.diagnostics, ...(error.diagnostics as Diagnostic[])]);
      } finally {
        building = false;
      }
      built = module;
      return module;
    },
  };
}

export function emptyModule(name: string, origin: Origin, { family, loopBody = false }: ModuleOptions = {}): ModuleIr {
  return {
    name,
    family,
    isLoopBody: loopBody,
    origin,
    docs: [],
    entities: [],
    memories: [],
    constants: [],
    instances: [],
    body: [],
    waivers: [],
    refused: new Set(),
    unused: new Map(),
    diagnostics: [],
    blackBox: undefined,
  };
}
