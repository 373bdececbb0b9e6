/** The planner on the command line: what a core may cost, and the table of what there is. */
import type { z } from 'zod';
import { type Budget, type Candidate, type CoreDesign, coreSearch, explore, quantiseCore } from '../core/index.ts';
import { textTable } from '../report/index.ts';
import type { CommandResult } from './io.ts';
import { wholeNumber } from './options.ts';

export const budgetOptions = {
  luts: wholeNumber(1, 10_000_000).optional(),
  rams: wholeNumber(0, 1_000_000).optional(),
  cycles: wholeNumber(1, 1_000_000_000).optional(),
  lanes: wholeNumber(1, 1_000_000).optional(),
  timeLanes: wholeNumber(1, 32).optional(),
};

export const budgetFlags: readonly (readonly [flags: string, description: string])[] = [
  ['--luts <N>', 'at most N LUT4 (by the cost model)'],
  ['--rams <N>', 'at most N block RAMs'],
  ['--cycles <N>', 'at most N clock cycles an image'],
  ['--lanes <N>', 'at most N accumulators'],
  ['--time-lanes <N>', 'time steps done side by side (chosen by the planner)'],
];

type BudgetOptions = z.output<z.ZodObject<typeof budgetOptions>>;

/** The design with the budget of the command line, where there is one. */
export function withBudget(design: CoreDesign, given: BudgetOptions): CoreDesign {
  const { luts, rams, cycles, lanes, timeLanes } = given;
  const fit: Budget = {
    ...(luts === undefined ? {} : { luts }),
    ...(rams === undefined ? {} : { rams }),
    ...(cycles === undefined ? {} : { cyclesPerImage: cycles }),
    ...(lanes === undefined ? {} : { lanes }),
  };
  const { folds, ...options } = design.options;
  const stated = Object.keys(fit).length > 0;
  if (!stated && timeLanes === undefined) return design;
  return {
    ...design,
    options: { ...options, ...(stated ? { fit } : {}), ...(timeLanes === undefined ? {} : { timeLanes }) },
  };
}

/** All folds that no other beats in cycles, LUTs and RAMs at once. */
export function exploreDesign(design: CoreDesign): CommandResult {
  const candidates = explore(quantiseCore(design), coreSearch(design));
  const rows = candidates.map((candidate) => ({
    cyclesPerImage: candidate.cyclesPerImage,
    luts: candidate.cost.luts,
    rams: candidate.cost.rams,
    lanes: candidate.lanes,
    timeLanes: candidate.timeLanes,
    folds: design.network.layers
      .filter((layer) => layer.kind !== 'averagePool')
      .map((layer, index) => ({ layer: layer.name, ...candidate.folds[index]! })),
  }));
  return {
    json: { name: design.name, candidates: rows },
    text: textTable({
      columns: ['cycles an image', 'LUT4', 'RAMs', 'lanes', 'time lanes', 'outputs x positions of each layer'],
      rows: candidates.map((candidate) => [
        String(candidate.cyclesPerImage),
        String(candidate.cost.luts),
        String(candidate.cost.rams),
        String(candidate.lanes),
        String(candidate.timeLanes),
        showFolds(candidate),
      ]),
    }),
  };
}

function showFolds(candidate: Candidate): string {
  return candidate.folds.map((fold) => `${fold.outputLanes}x${fold.positionLanes}`).join('  ');
}
