/** The planner's budget on the command line. */
import { coreDefaults, costFamilies } from '../core/index.ts';
import { boardNames } from '../flow/index.ts';
import { boardFileOption } from './board-options.ts';
import { decimal, helpWith, oneOf, wholeNumber } from './options.ts';

const group = 'Budget of the planner';

export const budgetOptions = {
  fit: { argument: 'board', type: oneOf(boardNames), help: `with room on a board: ${boardNames.join(', ')}`, group },
  boardFile: { ...boardFileOption, help: `with room on ${boardFileOption.help}`, group },
  family: {
    argument: 'family',
    type: oneOf(costFamilies),
    help: `FPGA family whose LUTs and RAMs are counted: ${costFamilies.join(', ')}`,
    usual: `the board's, or ${coreDefaults.family}`,
    group,
  },
  luts: { argument: 'N', type: wholeNumber(1, 10_000_000), help: 'at most N LUT4 (by the cost model)', group },
  rams: { argument: 'N', type: wholeNumber(0, 1_000_000), help: 'at most N block RAMs', group },
  fps: {
    argument: 'N',
    type: decimal(0.001, 1e9),
    help: 'at least N images a second, at the clock of --mhz',
    group,
  },
  mhz: { argument: 'F', type: decimal(0.001, 10_000), help: 'clock of the core', usual: "the board's", group },
  cycles: { argument: 'N', type: wholeNumber(1, 1_000_000_000), help: 'at most N clock cycles an image', group },
  latency: {
    argument: 'N',
    type: wholeNumber(1, 1_000_000_000),
    help: "at most N clock cycles from an image's last pixel to its class",
    group,
  },
  lanes: { argument: 'N', type: wholeNumber(1, 1_000_000), help: 'at most N adders at work at once', group },
  timeLanes: {
    argument: 'N',
    type: wholeNumber(1, 32),
    help: 'time steps done side by side',
    usual: 'chosen by the planner',
    group,
  },
  pixelLanes: {
    argument: 'K',
    type: wholeNumber(1, 64),
    help: helpWith('pixels a beat of the input stream', '--pixel-lanes'),
    usual: '1; more where --cycles wants them',
    group,
  },
} as const;
