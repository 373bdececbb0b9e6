/** spinfire build: a folder with Verilog, memories, plan and test bench. */

import { join, relative, resolve } from 'node:path';
import { z } from 'zod';
import {
  checkName,
  exploreDesign,
  loadDesign,
  loadImages,
  type WrittenCore,
  withBudget,
  withRateLimits,
  writeCore,
} from '../../app/index.ts';
import { type CoreEstimate, estimateCore, planCore, type WrapperBus, wrapperBuses } from '../../core/index.ts';
import { type LintMessage, lintVerilog, readSourceMap, systemEnvironment } from '../../flow/index.ts';
import type { Plan } from '../../plan/index.ts';
import { chosenBoard } from '../board-options.ts';
import { budgetOptions } from '../budget-options.ts';
import { type CommandContext, command, type GivenOf, type ResultOf } from '../command.ts';
import { imagesOption, limitOption } from '../core-options.ts';
import { designFile, designOptions } from '../design-options.ts';
import type { Io } from '../io.ts';
import { folder, helpWith, shaped, text } from '../options.ts';
import { builtJson, exploredJson } from '../results/build.ts';
import { showExploration } from '../show/explore.ts';

const isBus = (word: string): word is WrapperBus => wrapperBuses.some((bus) => bus === word);

const buses = shaped(
  (word) => (word.split(',').every(isBus) ? word.split(',').filter(isBus) : undefined),
  `some of ${wrapperBuses.join(',')}`,
);

const options = {
  output: { short: 'o', argument: 'folder', type: folder, help: 'where to', usual: 'generated/NAME' },
  name: { argument: 'name', type: text, help: 'name of the core and of its top module', usual: "the file's" },
  earlyExit: {
    type: 'flag',
    help: helpWith(
      'answer an image as soon as the best class leads by the margin at the port exit_margin',
      '--early-exit',
    ),
  },
  lint: { type: 'flag', help: 'let verilator, iverilog and yosys read the Verilog; a warning is a failed check' },
  rateImages: {
    ...imagesOption,
    help: `images from which the limits of --monitors rate are taken: ${imagesOption.help}`,
    usual: 'no limits',
  },
  rateLimit: { ...limitOption, help: 'only the first N of them', usual: '100' },
  wrap: {
    argument: 'buses',
    type: buses,
    help: `also what puts the core into another system, below wrapper/: ${wrapperBuses.join(', ')}, or both with a comma between`,
  },
  explore: { type: 'flag', help: 'show cycles against area of all folds worth having, and build nothing' },
  ...designOptions,
  ...budgetOptions,
} as const;

const result = z.union([builtJson, exploredJson]);

export const buildCommand = command({
  name: 'build',
  summary: 'write a core: Verilog, memories, plan, test bench',
  arguments: { design: designFile },
  options,
  result,
  run: build,
});

async function build(
  { design: path, ...chosen }: GivenOf<typeof options> & { readonly design: string },
  context: CommandContext,
): Promise<ResultOf<z.output<typeof result>>> {
  const { io, progress } = context;
  if (chosen.name !== undefined) checkName(chosen.name, '--name');
  const loaded = await loadDesign(path, chosen, io);
  const fit =
    chosen.fit === undefined && chosen.boardFile === undefined
      ? undefined
      : chosenBoard({ board: chosen.fit, boardFile: chosen.boardFile }, io.cwd);
  const design = withBudget({ ...loaded, name: chosen.name ?? loaded.name }, { ...chosen, fit });
  if (chosen.explore) return showExploration(exploreDesign(design));
  const planned = planCore(design);
  const plan = chosen.rateImages === undefined ? planned : limitRates(planned, chosen, io);
  const directory = resolve(io.cwd, chosen.output ?? join('generated', plan.name));
  const core = await progress.step(`build ${plan.name}`, (report) => writeCore(plan, directory, report, chosen.wrap));
  const shown = relative(io.cwd, directory) || '.';
  const estimate = estimateCore(design, plan);
  const said = chosen.lint ? await progress.step(`lint ${plan.name}`, () => lint(directory, core, io)) : undefined;
  return {
    json: {
      ...{ name: plan.name, ...core, directory: shown },
      ...(estimate === undefined ? {} : { estimate }),
      ...(said === undefined ? {} : { warnings: said }),
    },
    text: [
      `${plan.name}: ${core.verilog.length} Verilog files in ${shown}, top module ${core.top}`,
      `${core.lanes} lanes, ${core.cyclesPerImage} clock cycles an image with ${plan.timeSteps.default} time steps`,
      ...(estimate === undefined ? [] : [showEstimate(estimate)]),
      ...(said?.length === 0 ? ['no warnings of verilator, iverilog and yosys'] : []),
      ...(said ?? []).map(({ tool, text }) => `${tool}:\n${text}`),
    ].join('\n'),
    exitCode: said === undefined || said.length === 0 ? 0 : 1,
  };
}

function limitRates(
  plan: Plan,
  {
    rateImages: images,
    rateLimit: limit = 100,
  }: { readonly rateImages?: string | undefined; readonly rateLimit?: number | undefined },
  io: Io,
): Plan {
  return withRateLimits(plan, loadImages({ images, limit }, plan, io).pixels);
}

function showEstimate({ family, luts, rams }: CoreEstimate): string {
  return `expected of yosys: ${luts.toLocaleString('en')} LUT4 and ${rams} block RAMs on ${family}`;
}

function lint(directory: string, { verilog, top }: WrittenCore, io: Io): Promise<LintMessage[]> {
  return lintVerilog(
    {
      directory,
      verilog,
      top,
      sourceMap: readSourceMap(directory),
      logDirectory: join(directory, 'build', 'lint'),
      signal: io.signal,
    },
    systemEnvironment(io.env, io.cwd),
  );
}
