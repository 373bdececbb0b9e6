/** spinfire chip: the crossbars that one could build for a network. */

import { resolve } from 'node:path';
import type { z } from 'zod';
import {
  type ChipExploration,
  type ChipPoint,
  chipCsv,
  chipPlot,
  energyDevice,
  exploreChip,
  loadImages,
  openCore,
  readAssumptions,
  readChipParts,
  timeStepsOf,
  withDriver,
  writeFileWhole,
} from '../../app/index.ts';
import { badInput, checkFailed } from '../../errors/index.ts';
import { plotSvg, textTable } from '../../report/index.ts';
import { partsOption, withChoices } from '../chip-options.ts';
import { type CommandContext, command, type GivenOf, type ResultOf } from '../command.ts';
import {
  coreName,
  imageFileOptions,
  imagesOption,
  labelsOption,
  limitOption,
  timeStepsOption,
} from '../core-options.ts';
import { layoutOption } from '../design-options.ts';
import { file, text, wholeNumber, written } from '../options.ts';
import { chipJson } from '../results/chip.ts';

const options = {
  parts: partsOption,
  choose: {
    argument: 'name=value,...',
    type: text,
    repeat: true,
    help: "other values of one of the file's choices",
  },
  chips: { argument: 'N', type: wholeNumber(1, 100), help: 'chips drawn of each choice, for the mean', default: 2 },
  device: {
    argument: 'file',
    type: file('.json', '.csv'),
    help: 'device of the neurons: parameters (.json) or measured curve (.csv)',
  },
  assumptions: {
    argument: 'file.json',
    type: file('.json'),
    help: 'what cannot be computed',
    usual: 'models/energy/assumptions.json',
  },
  timesteps: timeStepsOption,
  images: imagesOption,
  ...imageFileOptions,
  layout: layoutOption,
  labels: labelsOption,
  limit: { ...limitOption, default: 500 },
  csv: { argument: 'file.csv', type: written('.csv'), help: 'write all chips' },
  plot: { argument: 'file.svg', type: written('.svg'), help: 'draw accuracy against energy' },
} as const;

export const chipCommand = command({
  name: 'chip',
  summary: 'crossbars that one could build: accuracy, energy and area of the same chip',
  about:
    'Every combination of the choices is laid out in tiles. One that cannot carry its currents is refused with the reason. The others classify with the sums that ' +
    'their wires, clamps, cells, mirrors and latches make, in the functional golden model; the table shows those that no other equals in accuracy, energy and area at once.',
  arguments: { name: coreName },
  options,
  result: chipJson,
  run: chip,
});

async function chip(
  { name, ...chosen }: GivenOf<typeof options> & { readonly name: string },
  { io, progress }: CommandContext,
): Promise<ResultOf<z.output<typeof chipJson>>> {
  const { plan } = openCore(name, io);
  const timeSteps = timeStepsOf(plan, chosen.timesteps);
  const data = loadImages(chosen, plan, io);
  if (data.labels === undefined) throw badInput('accuracy needs labels', { help: 'give --labels' });
  const parts = withChoices(readChipParts(chosen.parts, io), chosen.choose ?? []);
  const stated = readAssumptions(chosen.assumptions, io);
  const device = await energyDevice(plan, { device: chosen.device, samplingNs: undefined }, io, progress);
  const assumptions = withDriver(stated, device);
  const images = { pixels: data.pixels, labels: data.labels };
  const found = await exploreChip(
    { plan, device, assumptions, parts, images, timeSteps, chips: chosen.chips },
    progress,
  );
  if (chosen.csv !== undefined) writeFileWhole(resolve(io.cwd, chosen.csv), chipCsv(found.points));
  const built = found.points.filter(({ figures }) => figures !== undefined);
  if (built.length === 0) {
    throw checkFailed('none of these chips can be built', {
      where: plan.name,
      found: reasons(found.points).join('; '),
      help: 'give other --choose values: lower row voltage, fewer rows in a tile, larger clamps or latches; another supply of the write drivers with chip.driverSupplyV in a file of --assumptions',
    });
  }
  if (chosen.plot !== undefined) {
    writeFileWhole(resolve(io.cwd, chosen.plot), await plotSvg(chipPlot(plan.name, found.points)));
  }
  const json = {
    name: plan.name,
    images: data.labels.length,
    timeSteps,
    chips: chosen.chips,
    idealAccuracy: found.idealAccuracy,
    points: found.points.map((point) => ({ ...point, objections: [...point.objections] })),
  } as z.output<typeof chipJson>;
  return { json, text: tableOf(plan.name, found, { images: data.labels.length, timeSteps, chips: chosen.chips }) };
}

function tableOf(
  name: string,
  found: ChipExploration,
  { images, timeSteps, chips }: { readonly images: number; readonly timeSteps: number; readonly chips: number },
): string {
  const best = found.points
    .filter(({ onFrontier }) => onFrontier)
    .sort(
      (a, b) => b.figures!.accuracy - a.figures!.accuracy || a.figures!.estimate.totalJ - b.figures!.estimate.totalJ,
    );
  const refused = found.points.filter(({ figures }) => figures === undefined);
  const varied = Object.keys(best[0]!.choice).filter((key) => {
    const values = new Set(found.points.map(({ choice }) => choice[key as keyof typeof choice]));
    return values.size > 1;
  });
  return [
    textTable({
      title: `${name}: chips that no other beats in accuracy, energy and area (${best.length} of ${found.points.length}, ${refused.length} refused; ${images} images, T = ${timeSteps})`,
      columns: ['right', ...varied, 'energy', 'area', 'latency', 'least reach', 'stuck'],
      rows: best.map(({ choice, figures }) => [
        // One chip has no spread.
        `${(100 * figures!.accuracy).toFixed(2)} %${chips > 1 ? ` +- ${(100 * figures!.deviation).toFixed(2)}` : ''}`,
        ...varied.map((key) => String(choice[key as keyof typeof choice])),
        `${(figures!.estimate.totalJ * 1e9).toPrecision(3)} nJ`,
        `${(figures!.estimate.areaM2 * 1e6).toPrecision(3)} mm2`,
        `${(figures!.estimate.latencyS * 1e6).toPrecision(3)} us`,
        `${(100 * figures!.leastReach).toPrecision(3)} %`,
        `${(100 * figures!.margin.stuckShare).toPrecision(2)} %`,
      ]),
    }),
    `without a crossbar's faults: ${(100 * found.idealAccuracy).toFixed(2)} %`,
    ...(refused.length === 0 ? [] : ['refused, most often:', ...reasons(refused).map((reason) => `  ${reason}`)]),
    "right: counted with each chip's own sums; energy, area, latency: computed for the analog part (energy has the rest) from the parts file and the assumptions",
  ].join('\n');
}

/** The commonest reasons, with the count of chips. */
function reasons(points: readonly ChipPoint[]): string[] {
  const counts = new Map<string, number>();
  for (const { objections } of points)
    for (const reason of objections) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 6)
    .map(([reason, count]) => (count === 1 ? reason : `${reason} (${count} chips)`));
}
