/** The integer baseline: what a user would build without MTJs, 8-bit values from layer to layer. */
import { badInput } from '../../errors/index.ts';
import type { QuantisedNetwork } from '../../network/index.ts';
import type { PlanOptions } from './options.ts';

/** Largest value of a layer's output: 1 in real terms. */
const fullScale = 255;

interface TableShape {
  readonly zMin: number;
  readonly zStep: number;
  readonly entries: readonly number[];
}

/** Values 0..255 of the sigmoid at the mean potential of each entry of a table of this shape, potentials `potentialStep` apart. */
export function sigmoidTable({ zMin, zStep, entries }: TableShape, potentialStep: number): readonly number[] {
  const middle = Math.max(0, zStep - potentialStep) / 2;
  return entries.map((_, index) => Math.round(fullScale / (1 + Math.exp(-(zMin + index * zStep + middle)))));
}

/** Throws badInput, naming it, when a network of integers is asked for what only spikes can do. */
export function checkInteger(network: QuantisedNetwork, options: PlanOptions): void {
  const refused: readonly (readonly [boolean, string, string])[] = [
    [network.encoding !== 'direct', `${network.encoding} encoding`, 'direct encoding: --encoding direct'],
    [
      options.maxTimeSteps !== 1,
      `${options.maxTimeSteps} time steps`,
      'one time step: --timesteps 1 --max-timesteps 1',
    ],
    [options.readout !== 'potential', `the ${options.readout} readout`, 'the potential readout: --readout potential'],
    [options.earlyExit === true, 'early exit', 'no early exit: there is one time step'],
    [options.device !== undefined, 'device behaviour', 'no device behaviour: there is no device'],
    [
      options.folds.some(({ engine }) => engine !== 'window'),
      `engines ${options.folds.map(({ engine }) => engine).join(', ')}`,
      'window engines, which multiply',
    ],
    [(options.pixelLanes ?? 1) > 1, `${options.pixelLanes} pixel lanes`, 'one pixel a beat'],
  ];
  for (const [bad, found, expected] of refused)
    if (bad)
      throw badInput('an integer core has no spikes', { found, expected, help: 'or leave out --activation integer' });
}
