/** spinfire power: what a core draws with the activity of real images. */

import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { fpgaPower, loadImages, openCore, timeStepsOf, verilogFiles, writeFileWhole } from '../../app/index.ts';
import { type CorePower, measureCellPower, type PowerShares, powerSum } from '../../estimate/index.ts';
import { ice40BoardNames, readSourceMap, systemEnvironment } from '../../flow/index.ts';
import { markdownTable, type Table, textTable } from '../../report/index.ts';
import { trailingImages, warmImages } from '../../sim/index.ts';
import type { CommandResult } from '../io.ts';
import { decimal, oneOf, parseOptions, wholeNumber } from '../options.ts';
import type { CommandContext, Runner } from '../run.ts';
import { showFpgaPower } from '../show/fpga-power.ts';

const options = z.object({
  target: oneOf('asic45', 'ice40').default('asic45'),
  board: z.enum(ice40BoardNames, { error: `one of ${ice40BoardNames.join(', ')}` }).default('icebreaker'),
  images: z.string().optional(),
  limit: wholeNumber(1, 10_000).default(4),
  timesteps: wholeNumber(1, 255).optional(),
  mhz: decimal(0.001, 10_000).optional(),
  liberty: z.string().optional(),
  markdown: z.string().optional(),
});

export function addPower(program: Command, run: Runner): void {
  program
    .command('power')
    .description('power and energy of a core, with the activity that real images cause in its netlist')
    .argument('<name>', 'a core that build wrote: a folder, or its name under generated/')
    .option('--target <target>', 'asic45, ice40')
    .option('--board <board>', `with ice40: ${ice40BoardNames.join(', ')}`)
    .option('--images <file>', "IDX file, gzipped or not (MNIST's test images)")
    .option('--limit <N>', 'images measured; three more keep the layers busy around them (4)')
    .option('--timesteps <T>', "time steps of an image (the core's)")
    .option('--mhz <F>', "clock (100 for asic45, the board's usual one for ice40)")
    .option('--liberty <file>', 'another standard cell library (FreePDK45)')
    .option('--markdown <file>', 'the result as Markdown too')
    .action((name: string, given) => run((context) => power(name, parseOptions(options, given), context)));
}

async function power(
  name: string,
  { target, board, images, limit, timesteps, mhz, liberty, markdown }: z.output<typeof options>,
  context: CommandContext,
): Promise<CommandResult> {
  const { io, progress } = context;
  const { directory, plan } = openCore(name, io);
  const data = loadImages({ images, limit: limit + warmImages + trailingImages }, plan.input, plan.readout.classes, io);
  const timeSteps = timeStepsOf(plan, timesteps);
  if (target === 'ice40')
    return showFpgaPower(
      board,
      await fpgaPower({ directory, plan, board, pixels: data.pixels, count: limit, timeSteps, mhz }, context),
      (text) => {
        if (markdown !== undefined) writeFileWhole(resolve(io.cwd, markdown), `${text}\n`);
      },
    );
  const result = await progress.step(`power of ${plan.name} in 45 nm`, (report) =>
    measureCellPower(
      {
        directory,
        plan,
        verilogFiles: verilogFiles(directory),
        images: data.pixels,
        timeSteps,
        count: limit,
        clockMHz: mhz ?? 100,
        liberty,
        sourceMap: readSourceMap(directory),
        outputDirectory: join(directory, 'build', 'synth'),
        signal: io.signal,
        onProgress: (message) => report(0, message),
      },
      systemEnvironment(io.env, io.cwd),
    ),
  );
  const { synthesis, ...rest } = result;
  if (markdown !== undefined) writeFileWhole(resolve(io.cwd, markdown), `${describe(result, markdownTable)}\n`);
  return { json: { target: 'asic45', ...rest, cells: synthesis.cells }, text: describe(result, textTable) };
}

const milli = (watts: number) => (watts * 1e3).toFixed(3);

function describe(result: CorePower, table: (table: Table) => string): string {
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
    'before placement: no wires, no clock tree, no glitches; memories by a model without leakage (docs/asic.md says how far off)',
    `yosys ${result.tools.yosys}, OpenSTA ${result.tools.opensta}${result.cached ? ' (activity kept from an earlier run)' : ''}`,
  ].join('\n\n');
}
