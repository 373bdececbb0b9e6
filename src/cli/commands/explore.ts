/** spinfire explore: accuracy against area, time and energy, over everything that there is to choose. */

import { resolve } from 'node:path';
import type { z } from 'zod';
import {
  exploreFrontier,
  type FrontierPoint,
  frontierCsv,
  frontierPlot,
  loadDesign,
  loadImages,
  readAssumptions,
  readChipParts,
  writeFileWhole,
} from '../../app/index.ts';
import { planCore } from '../../core/index.ts';
import { badInput } from '../../errors/index.ts';
import { plotSvg, textTable } from '../../report/index.ts';
import { type CommandContext, command, type GivenOf, type ResultOf } from '../command.ts';
import { imageFileOptions, imagesOption, labelsOption, limitOption } from '../core-options.ts';
import { designFile, designOptions, inputOptions } from '../design-options.ts';
import { file, oneOf, text, wholeNumber, written } from '../options.ts';
import { frontierJson } from '../results/frontier.ts';

const options = {
  timesteps: { argument: 'T,...', type: text, help: 'time steps to try', default: '1,2,4,8' },
  weightBits: { argument: 'B,...', type: text, help: 'bits of a weight to try', default: '6,8' },
  readout: {
    argument: 'kind',
    type: oneOf(['potential', 'count', 'both']),
    help: 'readouts to try',
    default: 'potential',
  },
  encoding: designOptions.encoding,
  family: {
    argument: 'family',
    type: oneOf(['ice40', 'ecp5']),
    help: 'whose LUTs and RAMs are counted',
    default: 'ecp5',
  },
  seeds: { argument: 'N', type: wholeNumber(1, 100), help: 'seeds of the random streams, for the mean', default: 1 },
  device: {
    argument: 'file',
    type: file('.json', '.csv'),
    help: 'device of the neurons: parameters (.json) or measured curve (.csv)',
  },
  images: imagesOption,
  ...imageFileOptions,
  labels: labelsOption,
  limit: { ...limitOption, default: 1000 },
  ...inputOptions,
  csv: { argument: 'file.csv', type: written('.csv'), help: 'write all points' },
  plot: { argument: 'file.svg', type: written('.svg'), help: 'draw them' },
} as const;

export const exploreCommand = command({
  name: 'explore',
  summary: 'the frontier of a network: accuracy against area, time and energy',
  about:
    'Every combination of time steps, weight bits and readout is classified by the golden model, every fold of it priced by the cost model. The table shows the ' +
    "points that no other equals in accuracy, LUTs, RAMs, cycles and the chip's energy at once.",
  arguments: { design: designFile },
  options,
  result: frontierJson,
  run: explore,
});

async function explore(
  { design: path, ...chosen }: GivenOf<typeof options> & { readonly design: string },
  { io, progress }: CommandContext,
): Promise<ResultOf<z.output<typeof frontierJson>>> {
  const { timesteps: _, weightBits: __, readout: ___, family: ____, ...given } = chosen;
  const design = await loadDesign(path, given, io);
  const data = loadImages(chosen, planCore(design), io);
  if (data.labels === undefined) throw badInput('accuracy needs labels', { help: 'give --labels' });
  const points = await exploreFrontier(
    {
      design,
      timeSteps: numbers('--timesteps', chosen.timesteps, 1, 255),
      weightBits: numbers('--weight-bits', chosen.weightBits, 2, 16),
      readouts: chosen.readout === 'both' ? ['potential', 'count'] : [chosen.readout],
      family: chosen.family,
      images: { pixels: data.pixels, labels: data.labels },
      seeds: Array.from({ length: chosen.seeds }, (_, i) => i + 1),
      assumptions: readAssumptions(undefined, io),
      parts: readChipParts(undefined, io),
    },
    progress,
  );
  if (chosen.csv !== undefined) writeFileWhole(resolve(io.cwd, chosen.csv), frontierCsv(points));
  if (chosen.plot !== undefined) {
    writeFileWhole(resolve(io.cwd, chosen.plot), await plotSvg(frontierPlot(design.name, points)));
  }
  return {
    json: { name: design.name, images: data.labels.length, seeds: chosen.seeds, points },
    text: tableOf(design.name, points, data.labels.length),
  };
}

function tableOf(name: string, points: readonly FrontierPoint[], images: number): string {
  const best = points.filter(({ onFrontier }) => onFrontier);
  const shown = notable(best).sort((a, b) => b.accuracy - a.accuracy || a.luts - b.luts);
  return [
    textTable({
      title: `${name}: smallest, fastest and least LUT4 x cycles of each setting on the frontier (${best.length} of ${points.length} points; ${images} images)`,
      columns: [
        'right',
        'T',
        'bits',
        'readout',
        'leaves at',
        'LUT4',
        'RAMs',
        'cycles an image',
        'LUT4 x cycles',
        'MTJ chip, analog',
      ],
      rows: shown.map((point) => [
        `${(100 * point.accuracy).toFixed(2)} %${point.deviation > 0 ? ` +- ${(100 * point.deviation).toFixed(2)}` : ''}`,
        ...[point.timeSteps, point.weightBits].map(String),
        point.readout,
        point.margin === undefined ? '-' : String(point.margin),
        ...[point.luts, point.rams, point.cyclesPerImage].map((value) => Math.round(value).toString()),
        (point.luts * point.cyclesPerImage).toExponential(2),
        point.chipJ === undefined
          ? '-'
          : `${(point.chipJ * 1e9).toPrecision(3)} nJ${point.chip === 'paper' ? ' on paper' : ''}`,
      ]),
    }),
    'right: counted on real images; LUT4, RAMs, cycles: computed by the cost model; chip: computed from counted events and assumptions, one that can be built where nothing else is said; early exit takes the mean time',
  ].join('\n');
}

/** Of each setting the smallest core, the fastest, and the one with the least product of both. */
function notable(points: readonly FrontierPoint[]): FrontierPoint[] {
  const settings = new Map<string, FrontierPoint[]>();
  for (const point of points) {
    const key = [point.timeSteps, point.weightBits, point.readout, point.margin].join(' ');
    settings.set(key, [...(settings.get(key) ?? []), point]);
  }
  const least = (own: readonly FrontierPoint[], of: (point: FrontierPoint) => number) =>
    own.reduce((best, point) => (of(point) < of(best) ? point : best));
  return [...settings.values()].flatMap((own) => [
    ...new Set([
      least(own, ({ luts }) => luts),
      least(own, ({ luts, cyclesPerImage }) => luts * cyclesPerImage),
      least(own, ({ cyclesPerImage }) => cyclesPerImage),
    ]),
  ]);
}

function numbers(option: string, words: string, low: number, high: number): number[] {
  const values = [...new Set(words.split(',').map((word) => Number(word)))].sort((a, b) => a - b);
  if (values.every((value) => Number.isInteger(value) && value >= low && value <= high)) return values;
  throw badInput(`${option} has a wrong value`, {
    found: words,
    expected: `whole numbers ${low}..${high} with commas between`,
  });
}
