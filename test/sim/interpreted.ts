import { type Design, interpret } from '../../src/hdl/index.ts';
import { type CycleDut, interpreterDut, type SignalShape } from '../../src/sim/index.ts';

/** The interpreter as one of several opinions; it knows which registers hang on a collision. */
export function interpreted(design: Design, signals: readonly SignalShape[]): CycleDut {
  return interpreterDut(interpret(design), signals, interpret(design, { collisions: 'old' }));
}
