/** A module in the interpreter, ready to be driven. */
import { Design, elaborate, interpret, type ModuleDefinition, recordWaves, type Simulation } from '../hdl/index.ts';

/** A module or component of one's own, or a design that is elaborated already. */
export type Describable = ModuleDefinition | Design;

/** A simulation that was reset, of a design that passed the rules. */
export interface Bench extends Simulation {
  readonly design: Design;
  /**
   * Runs `clocks` clock cycles and gives the waveform of some signals as text, a line a signal.
   *
   * @param signals paths, `count` or `lane_0.sum`; the ports of the module when absent
   */
  waves(clocks: number, signals?: readonly string[]): string;
}

/** The design of a module. Throws DesignError with everything that the rules found. */
export const designOf = (what: Describable): Design => (what instanceof Design ? what : elaborate(what));

/**
 * Elaborates a module, holds it against the design rules, and resets it: `poke` its inputs, `step` its clock, `peek` at any signal.
 * No tool is needed.
 */
export function bench(what: Describable): Bench {
  const design = designOf(what);
  const simulation = interpret(design);
  simulation.reset();
  const ports = design.ports().filter(({ role }) => role === 'data');
  return Object.assign(simulation, {
    design,
    waves(clocks: number, signals: readonly string[] = ports.map(({ name }) => name)) {
      const waves = recordWaves(simulation, [...signals]);
      simulation.step(clocks);
      waves.stop();
      return waves.text();
    },
  });
}
