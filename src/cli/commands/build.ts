/** spinfire build: a folder with Verilog, memories, plan and test bench. */

import { join, relative, resolve } from 'node:path';
import { z } from 'zod';
import {
  checkName,
  exploreDesign,
  fitDesign,
  type LoadedImages,
  loadDesign,
  loadImages,
  type Promised,
  promise,
  promiseOnImages,
  roomFor,
  type WrittenCore,
  withBudget,
  withRateLimits,
  writeCore,
} from '../../app/index.ts';
import {
  type CoreDesign,
  type CoreEstimate,
  estimateCore,
  quantiseCore,
  type WrapperKind,
  wrapperKinds,
} from '../../core/index.ts';
import { type LintMessage, lintVerilog, readSourceMap, systemEnvironment } from '../../flow/index.ts';
import { weightNotes } from '../../network/index.ts';
import type { Plan } from '../../plan/index.ts';
import { chosenBoard } from '../board-options.ts';
import { budgetOptions } from '../budget-options.ts';
import { type CommandContext, command, type GivenOf, type ResultOf } from '../command.ts';
import { imageFileOptions, imagesOption, labelsOption, limitOption } from '../core-options.ts';
import { designChosen, designFile, designOptions } from '../design-options.ts';
import { fitOptions } from '../fit-options.ts';
import type { Io } from '../io.ts';
import { folder, helpWith, shaped, text } from '../options.ts';
import { builtJson, exploredJson } from '../results/build.ts';
import { onImagesJson, showCycles, showEstimate, showOnImages, showRoom } from '../show/build.ts';
import { showExploration } from '../show/explore.ts';
import { fittedJson, showFit } from '../show/fit.ts';

const isKind = (word: string): word is WrapperKind => wrapperKinds.some((kind) => kind === word);

const buses = shaped(
  (word) => (word.split(',').every(isKind) ? word.split(',').filter(isKind) : undefined),
  `some of ${wrapperKinds.join(',')}`,
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
    help: `also what puts the core into another system, below wrapper/: ${wrapperKinds.join(', ')}, or several with commas between`,
  },
  explore: { type: 'flag', help: 'show cycles against area of all folds worth having, and build nothing' },
  images: {
    ...imagesOption,
    help: `images to count clocks, activity, spikes and energy on: ${imagesOption.help}`,
    usual: 'none',
  },
  ...imageFileOptions,
  labels: labelsOption,
  limit: limitOption,
  ...fitOptions,
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

/** Of what was asked for, the share from which on yosys may well count more than that. */
const closeShare = 0.85;

function closeNotes(estimate: CoreEstimate, most: number | undefined): string[] {
  if (most === undefined || estimate.luts < closeShare * most) return [];
  const [expected, asked] = [estimate.luts, most].map((count) => count.toLocaleString('en'));
  return [`${expected} of ${asked} LUT4: yosys may count more than that (prices of ${estimate.source}); synth tells`];
}

async function build(
  { design: path, ...chosen }: GivenOf<typeof options> & { readonly design: string },
  context: CommandContext,
): Promise<ResultOf<z.output<typeof result>>> {
  const { io, progress } = context;
  if (chosen.name !== undefined) checkName(chosen.name, '--name');
  const loaded = await loadDesign(path, designChosen(chosen), io);
  const fitted = await fitDesign(loaded, chosen, context);
  const fit =
    chosen.fit === undefined && chosen.boardFile === undefined
      ? undefined
      : chosenBoard({ board: chosen.fit, boardFile: chosen.boardFile }, io.cwd);
  const design = withBudget({ ...fitted.design, name: chosen.name ?? loaded.name }, { ...chosen, fit });
  if (chosen.explore) return showExploration(exploreDesign(design));
  const { data, ...told } = await promised(design, chosen, context);
  const { plan: planned, cycles, onImages } = told;
  const plan = chosen.rateImages === undefined ? planned : limitRates(planned, chosen, io);
  const directory = resolve(io.cwd, chosen.output ?? join('generated', plan.name));
  const core = await progress.step(`build ${plan.name}`, (report) =>
    writeCore(plan, directory, report, chosen.wrap, benchPixels(data)),
  );
  const shown = relative(io.cwd, directory) || '.';
  const estimate = estimateCore(design, plan);
  const notes = [
    ...(design.notes ?? []),
    ...(data?.notes ?? []),
    ...(chosen.encoding === undefined ? encodingNotes(plan) : []),
    ...weightNotes(design.network, quantiseCore(design)),
    ...closeNotes(estimate, chosen.luts),
  ];
  const room = roomFor(design, plan);
  const said = chosen.lint ? await progress.step(`lint ${plan.name}`, () => lint(directory, core, io)) : undefined;
  const { cyclesPerImage = core.cyclesPerImage } = onImages ?? {};
  return {
    json: {
      ...{ name: plan.name, ...core, directory: shown },
      ...(cyclesPerImage === undefined ? {} : { cyclesPerImage }),
      cycles,
      ...(onImages === undefined ? {} : { onImages: onImagesJson(onImages) }),
      ...(notes.length === 0 ? {} : { notes }),
      ...(fitted.curve === undefined ? {} : { fit: fittedJson(fitted) }),
      estimate,
      boards: [...room.boards],
      ...(said === undefined ? {} : { warnings: said }),
    },
    text: [
      `${plan.name}: ${core.verilog.length} Verilog files in ${shown}, top module ${core.top}`,
      ...notes.map((note) => `note: ${note}`),
      ...showFit(fitted),
      `${core.lanes} lanes, ${showCycles(told)} with ${plan.timeSteps.default} time steps`,
      ...(onImages === undefined ? [] : [showOnImages(onImages)]),
      showEstimate(estimate),
      showRoom(room),
      ...(said?.length === 0 ? ['no warnings of verilator, iverilog and yosys'] : []),
      ...(said ?? []).map(({ tool, text }) => `${tool}:\n${text}`),
    ].join('\n'),
    exitCode: said === undefined || said.length === 0 ? 0 : 1,
  };
}

/** Pixels have neighbours that say the same; a value of a vector stands alone with the noise of its spikes. */
function encodingNotes({ encoding, input: { height, width, channels } }: Plan): string[] {
  if (encoding.kind !== 'bernoulli' || height * width > 1) return [];
  const says = `the ${channels} values of a vector are shown as random spikes, whose noise nothing averages out`;
  return [`${says}; --encoding direct gives the first layer the values themselves`];
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

/** A test bench wants some images; a few are not enough. */
const fewestBenchImages = 8;

function benchPixels(data: LoadedImages | undefined): Uint8Array | undefined {
  return data !== undefined && data.count >= fewestBenchImages ? data.pixels : undefined;
}

function promised(
  design: CoreDesign,
  chosen: GivenOf<typeof options>,
  { io, progress }: CommandContext,
): Promise<Promised & { readonly data?: LoadedImages }> {
  if (chosen.images === undefined) return progress.step('choose folds', () => promise(design));
  return progress.step('count on the images', () =>
    promiseOnImages(design, (target) => loadImages(chosen, target, io), io),
  );
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
