/** The planner's budget on the command line. */
import { costFamilies } from '../core/index.ts';
import { boardNames } from '../flow/index.ts';
import { decimal, oneOf, wholeNumber } from './options.ts';

export const budgetOptions = {
  fit: oneOf(boardNames[0]!, ...boardNames.slice(1)).optional(),
  family: oneOf(costFamilies[0]!, ...costFamilies.slice(1)).optional(),
  luts: wholeNumber(1, 10_000_000).optional(),
  rams: wholeNumber(0, 1_000_000).optional(),
  fps: decimal(0.001, 1e9).optional(),
  mhz: decimal(0.001, 10_000).optional(),
  cycles: wholeNumber(1, 1_000_000_000).optional(),
  latency: wholeNumber(1, 1_000_000_000).optional(),
  lanes: wholeNumber(1, 1_000_000).optional(),
  timeLanes: wholeNumber(1, 32).optional(),
  pixelLanes: wholeNumber(1, 64).optional(),
};

export const budgetFlags: readonly (readonly [flags: string, description: string])[] = [
  ['--fit <board>', `with room on a board: ${boardNames.join(', ')}`],
  [
    '--family <family>',
    `FPGA family whose LUTs and RAMs are counted: ${costFamilies.join(', ')} (the board's, or ice40)`,
  ],
  ['--luts <N>', 'at most N LUT4 (by the cost model)'],
  ['--rams <N>', 'at most N block RAMs'],
  ['--fps <N>', 'at least N images a second, at the clock of --mhz'],
  ['--mhz <F>', "clock of the core (the board's)"],
  ['--cycles <N>', 'at most N clock cycles an image'],
  ['--latency <N>', "at most N clock cycles from an image's last pixel to its class"],
  ['--lanes <N>', 'at most N adders at work at once'],
  ['--time-lanes <N>', 'time steps done side by side (chosen by the planner)'],
  ['--pixel-lanes <K>', 'pixels a beat of the input stream (1; more where --cycles wants them)'],
];
