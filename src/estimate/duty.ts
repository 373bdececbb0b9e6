/** An image now and then: what a core draws between them counts as well. */
import { badInput } from '../errors/index.ts';
import { type Range, sumRanges } from './ice40-coefficients.ts';

/** Power and energy with an image every `intervalS` seconds. */
export interface DutyCycle {
  readonly intervalS: number;
  /** Seconds at work on it. */
  readonly activeS: number;
  /** While nothing moves but the clock, W. */
  readonly idleW: Range;
  /** Of one image and the wait for the next, J: at work, waiting, and both. */
  readonly activeJ: Range;
  readonly idleJ: Range;
  readonly totalJ: Range;
  /** Mean, W. */
  readonly meanW: Range;
}

/** @throws badInput when an image takes longer than the interval */
export function dutyCycle(activeW: Range, idleW: Range, activeS: number, intervalS: number): DutyCycle {
  if (!(intervalS >= activeS)) {
    throw badInput('an image takes longer than the interval between images', {
      found: `${(intervalS * 1e3).toPrecision(3)} ms`,
      expected: `at least ${(activeS * 1e3).toPrecision(3)} ms`,
    });
  }
  const times = ({ low, typical, high }: Range, factor: number): Range => ({
    low: low * factor,
    typical: typical * factor,
    high: high * factor,
  });
  const activeJ = times(activeW, activeS);
  const idleJ = times(idleW, intervalS - activeS);
  const totalJ = sumRanges([activeJ, idleJ]);
  return { intervalS, activeS, idleW, activeJ, idleJ, totalJ, meanW: times(totalJ, 1 / intervalS) };
}
