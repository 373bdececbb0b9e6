/** spinfire power: what a core draws with the activity of real images. */

import { join, resolve } from 'node:path';
import { z } from 'zod';
import { fpgaPower, loadImages, openCore, timeStepsOf, verilogFiles, writeFileWhole } from '../../app/index.ts';
import {
  type CorePower,
  type DutyCycle,
  dutyCycle,
  measureCellPower,
  type PowerShares,
  powerSum,
  type Range,
} from '../../estimate/index.ts';
import { ice40BoardNames, readSourceMap, systemEnvironment } from '../../flow/index.ts';
import { markdownTable, type Table, textTable } from '../../report/index.ts';
import { trailingImages, warmImages } from '../../sim/index.ts';
import { type CommandContext, command, type GivenOf, type ResultOf } from '../command.ts';
import {
  coreName,
  imageFileOptions,
  imagesOption,
  libertyOption,
  limitOption,
  timeStepsOption,
  workOption,
} from '../core-options.ts';
import { layoutOption } from '../design-options.ts';
import { decimal, oneOf, wholeNumber, written } from '../options.ts';
import { cellPowerJson, fpgaPowerJson } from '../results/power.ts';
import { dutyText, showFpgaPower } from '../show/fpga-power.ts';

/** Clock of a core in 45 nm when nobody says which. */
const asicClockMHz = 100;

const unpublished = '; for other families nobody has published what they draw (docs/fpga.md)';

const options = {
  target: {
    argument: 'target',
    type: oneOf(['asic45', 'ice40'], unpublished),
    help: `asic45 or ice40${unpublished}`,
    default: 'asic45',
  },
  board: {
    argument: 'board',
    type: oneOf(ice40BoardNames),
    help: `with ice40: ${ice40BoardNames.join(', ')}`,
    default: 'icebreaker',
  },
  images: imagesOption,
  ...imageFileOptions,
  layout: layoutOption,
  limit: {
    ...limitOption,
    type: wholeNumber(1, 10_000),
    help: 'images measured; three more keep the layers busy around them',
    default: 4,
  },
  timesteps: timeStepsOption,
  mhz: {
    argument: 'F',
    type: decimal(0.001, 10_000),
    help: 'clock',
    usual: `${asicClockMHz} for asic45, the board's for ice40`,
  },
  intervalMs: {
    argument: 'M',
    type: decimal(0.0001, 1e9),
    help: 'an image every M ms: what is drawn between two of them, too',
  },
  clockGating: {
    type: 'flag',
    help: 'asic45: registers with an enable hang on gated clocks, whose gates are in the netlist and in its power',
  },
  liberty: libertyOption,
  work: workOption,
  markdown: { argument: 'file.md', type: written('.md'), help: 'write the result as Markdown, too' },
} as const;

const result = z.union([cellPowerJson, fpgaPowerJson]);

export const powerCommand = command({
  name: 'power',
  summary: 'power and energy of a core, with the activity that real images cause in its netlist',
  arguments: { name: coreName },
  options,
  result,
  run: power,
});

async function power(
  {
    name,
    target,
    board,
    images,
    limit,
    timesteps,
    mhz,
    intervalMs,
    liberty,
    clockGating,
    markdown,
    work: chosenWork,
    ...read
  }: GivenOf<typeof options> & {
    readonly name: string;
  },
  context: CommandContext,
): Promise<ResultOf<z.output<typeof result>>> {
  const { io, progress } = context;
  const { directory, work, plan } = openCore(name, io, chosenWork);
  const data = loadImages({ ...read, images, limit: limit + warmImages + trailingImages, random: true }, plan, io);
  const timeSteps = timeStepsOf(plan, timesteps);
  const dutyOf = (activeW: Range, idleW: Range, activeS: number) =>
    intervalMs === undefined ? undefined : dutyCycle(activeW, idleW, activeS, intervalMs / 1e3);
  if (target === 'ice40') {
    const found = await fpgaPower(
      { directory, work, plan, board, pixels: data.pixels, count: limit, timeSteps, mhz },
      context,
    );
    const activeS = found.cyclesPerImage / (found.clockMHz * 1e6);
    return showFpgaPower(board, found, dutyOf(found.powerW, found.idleW, activeS), (text) => {
      if (markdown !== undefined) writeFileWhole(resolve(io.cwd, markdown), `${text}\n`);
    });
  }
  const measured = await progress.step(`power of ${plan.name} in 45 nm`, (report) =>
    measureCellPower(
      {
        directory,
        plan,
        verilogFiles: verilogFiles(directory),
        images: data.pixels,
        timeSteps,
        count: limit,
        clockMHz: mhz ?? asicClockMHz,
        liberty,
        clockGating,
        sourceMap: readSourceMap(directory),
        outputDirectory: join(work, 'synth'),
        signal: io.signal,
        onProgress: (message) => report(0, message),
      },
      systemEnvironment(io.env, io.cwd),
    ),
  );
  const { synthesis, ...rest } = measured;
  const exactly = (watts: number): Range => ({ low: watts, typical: watts, high: watts });
  const activeS = measured.cyclesPerImage / (measured.clockMHz * 1e6);
  const duty = dutyOf(exactly(measured.totalW), exactly(measured.idleW), activeS);
  if (markdown !== undefined) writeFileWhole(resolve(io.cwd, markdown), `${describe(measured, duty, markdownTable)}\n`);
  return {
    json: {
      target: 'asic45',
      ...rest,
      ...(duty === undefined ? {} : { dutyCycle: duty }),
      cells: synthesis.cells,
    },
    text: describe(measured, duty, textTable),
  };
}

function gatingText({ gating, synthesis }: CorePower): string[] {
  if (gating.gates === 0) return [];
  return [
    `clock gating: ${gating.flipFlops} of ${synthesis.ffs} flip-flops behind ${gating.gates} gates, open in ${(100 * gating.meanOpen).toFixed(1)} % of the cycles in the mean; memories are charged for reads of a new address only`,
  ];
}

const milli = (watts: number) => (watts * 1e3).toFixed(3);

function describe(result: CorePower, duty: DutyCycle | undefined, table: (table: Table) => string): string {
  const { power: shares, atDefault, annotated } = result;
  const row = (name: string, own: PowerShares, more: readonly string[]) => [
    name,
    ...[own.internalW, own.switchingW, own.leakageW, own.memoryW, powerSum(own)].map(milli),
    ...more,
  ];
  const share = (own: PowerShares) => `${((100 * powerSum(own)) / result.totalW).toFixed(0)} %`;
  return [
    `${result.top} in ${result.library}${result.voltage === undefined ? '' : `, ${result.voltage} V`}, ${result.clockMHz} MHz, T = ${result.timeSteps}: ` +
      `${(result.totalW * 1e3).toFixed(2)} mW, ${(result.energyPerImageJ * 1e9).toFixed(1)} nJ an image (${result.cyclesPerImage.toFixed(0)} cycles)`,
    table({
      title: `Power in mW, with the activity of ${result.images} images in the netlist ${result.netlistHash}, which answered as the golden model does`,
      columns: ['block', 'internal', 'switching', 'leakage', 'memories', 'total', 'share', 'cells'],
      rows: [
        ...result.modules.map((own) => row(own.module || '(top)', own, [share(own), String(own.cells)])),
        row('all', shares, ['100 %', String(annotated.cells)]),
      ],
    }),
    `activity: ${annotated.measured} of ${annotated.cells} cells measured (${((100 * annotated.measured) / annotated.cells).toFixed(1)} %), ` +
      `mean ${result.meanActivity.toFixed(4)} toggles a cycle; at ${atDefault.activity} everywhere the cells would draw ${(atDefault.totalW * 1e3).toFixed(2)} mW`,
    `clock alone (nothing else moves): ${(result.idleW * 1e3).toFixed(2)} mW`,
    ...gatingText(result),
    ...(duty === undefined ? [] : [dutyText(duty)]),
    `left out, leakage of memories: 0 (contents in metal) to ${milli(result.memoryLeakageW.high)} mW (SRAM of fast transistors)`,
    `left out, by Rent's rule: wires ${milli(result.layout.wiresW.low)} to ${milli(result.layout.wiresW.high)} mW, clock tree ${milli(result.layout.clockTreeW.low)} to ${milli(result.layout.clockTreeW.high)} mW`,
    'before placement: no wires, no clock tree, no glitches; memories by a model without leakage (docs/asic.md says how far off)',
    `yosys ${result.tools.yosys}, OpenSTA ${result.tools.opensta}${result.cached ? ' (activity kept from an earlier run)' : ''}`,
  ].join('\n\n');
}
