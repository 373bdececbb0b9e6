/** Holds the language's interpreter against the laws. */
import { type Design, elaborate, interpret } from '../../../src/hdl/index.ts';
import { moduleOf } from './build.ts';
import { type Circuit, clockNames, inputsOf, outputsOf } from './circuit.ts';
import { type Cycle, firstComparedCycle } from './stimulus.ts';
import { hardwareLiteral } from './types.ts';

export interface Mismatch {
  readonly circuit: string;
  readonly cycle: number;
  readonly output: string;
  readonly expected: bigint;
  readonly found: bigint | string;
}

export function designOf(circuit: Circuit): Design {
  return elaborate(moduleOf(circuit));
}

/** The first output that differs, if any. */
export function interpreterMismatch(circuit: Circuit, design: Design, cycles: readonly Cycle[]): Mismatch | undefined {
  const simulation = interpret(design);
  const inputs = inputsOf(circuit);
  const outputs = outputsOf(circuit);
  for (const [cycle, { reset, tick, inputs: values, outputs: expected }] of cycles.entries()) {
    if (circuit.resettable) simulation.poke('rst', reset);
    values.forEach((value, id) => {
      simulation.poke(inputs[id]!.name, hardwareLiteral(inputs[id]!.type, value));
    });
    for (const [index, { name }] of outputs.entries()) {
      if (cycle < firstComparedCycle) continue;
      const found = simulation.peek(name);
      if (found !== expected[index]) {
        return { circuit: circuit.name, cycle, output: name, expected: expected[index]!, found };
      }
    }
    const ticking = circuit.clocks.filter((index) => index === 0 || tick);
    simulation.step(
      1,
      ticking.map((index) => clockNames[index]),
    );
  }
  return undefined;
}
