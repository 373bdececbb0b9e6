/** The table of folds that there are to choose from. */
import type { z } from 'zod';
import type { Exploration, ExploredCandidate } from '../../app/index.ts';
import { textTable } from '../../report/index.ts';
import type { ResultOf } from '../command.ts';
import type { exploredJson } from '../results/build.ts';

export function showExploration({
  name,
  family,
  source,
  timeSteps,
  activity,
  layers,
  candidates,
}: Exploration): ResultOf<z.output<typeof exploredJson>> {
  const shown = candidates.filter(({ notable }) => notable);
  const severalPixels = shown.some(({ pixelLanes }) => pixelLanes > 1);
  return {
    json: { name, family, source, candidates: candidates.map((candidate) => fields(candidate, layers)) },
    text: [
      textTable({
        title: `${name}: folds that no other beats, ${timeSteps} time steps`,
        columns: [
          '',
          'cycles an image',
          'latency',
          'LUT4',
          'RAMs',
          'lanes',
          'utilisation',
          'time lanes',
          ...(severalPixels ? ['pixels a beat'] : []),
          `outputs x positions: ${layers.join(' ')}`,
        ],
        rows: shown.map((candidate) => [
          candidate.chosen ? '>' : '',
          String(candidate.cyclesPerImage),
          String(candidate.latencyCycles),
          String(candidate.cost.luts),
          String(candidate.cost.rams),
          String(candidate.lanes),
          `${(100 * candidate.utilisation).toFixed(0)} %`,
          String(candidate.timeLanes),
          ...(severalPixels ? [String(candidate.pixelLanes)] : []),
          showFolds(candidate),
        ]),
      }),
      ...(shown.length === candidates.length
        ? []
        : [`${shown.length} of ${candidates.length}: the others gain little over one of these; --json has all`]),
      ...(activity === undefined ? [] : [cyclesAt(activity)]),
      `LUT4 and RAMs of ${family}: ${source}`,
      'utilisation: additions of the network / (lanes x cycles); above 100 % where silent inputs are skipped',
      ...(candidates.some(({ chosen }) => chosen) ? ['>: what the budget takes'] : []),
    ].join('\n'),
  };
}

function cyclesAt(activity: number): string {
  return activity === 1
    ? 'cycles: those of an image that excites every neuron; no image takes more'
    : `cycles: with ${100 * activity} % of the inputs active; build says the range, --images counts yours`;
}

function fields(candidate: ExploredCandidate, names: readonly string[]) {
  const { cost, folds, chosen, notable: _, ...rest } = candidate;
  const shown = folds.map(({ engine: { kind, ...own }, ...lanes }, index) => ({
    layer: names[index]!,
    engine: kind,
    ...lanes,
    ...own,
  }));
  return { ...rest, ...cost, folds: shown, chosen };
}

function showFolds(candidate: ExploredCandidate): string {
  return candidate.folds.map((fold) => `${fold.outputLanes}x${fold.positionLanes}`).join('  ');
}
