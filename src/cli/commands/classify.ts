/** spinfire classify: images through the golden model or the Verilog, the same answers from both. */

import { resolve } from 'node:path';
import { z } from 'zod';
import {
  type Answers,
  accuracies,
  type BoardAnswers,
  boardAnswers,
  checkMargin,
  classesAfter,
  countCorrect,
  engineering,
  type Fitted,
  fitDesign,
  goldenAnswers,
  type LoadedImages,
  likelyRenumbering,
  loadDesign,
  loadImages,
  meanOf,
  openCore,
  percent,
  spreadOf,
  timeStepsOf,
  verilogAnswers,
  writeFileWhole,
} from '../../app/index.ts';
import { planCore } from '../../core/index.ts';
import { badInput } from '../../errors/index.ts';
import type { Plan } from '../../plan/index.ts';
import { answeringBoard, answeringBoardOptions } from '../board-options.ts';
import { type CommandContext, command, type GivenOf, type ResultOf } from '../command.ts';
import { coreName, imageFileOptions, imagesOption, labelsOption, limitOption, marginType } from '../core-options.ts';
import { designChosen, designFile, designOptions } from '../design-options.ts';
import { fitOptions } from '../fit-options.ts';
import { flagOf, oneOf, text, wholeNumber, written } from '../options.ts';
import { fitJson, fittedJson, showFit } from '../show/fit.ts';
import { answerHints } from '../show/hints.ts';

const options = {
  model: { argument: 'file', ...designFile },
  core: { argument: 'name', type: coreName.type, help: `instead of --model, ${coreName.help}` },
  engine: {
    argument: 'engine',
    type: oneOf(['golden', 'verilator', 'board']),
    help: 'who answers: golden, verilator or board',
    default: 'golden',
  },
  seeds: { argument: 'N', type: wholeNumber(1, 1000), help: 'N runs with the seeds S, S+1, ...: mean and spread' },
  margin: { argument: 'M', type: marginType, help: 'early exit: answer an image once the best score leads by M' },
  timeLanes: {
    argument: 'N',
    type: wholeNumber(1, 32),
    help: 'time steps done side by side, after which the lead is looked at',
  },
  predictions: { argument: 'file', type: written(), help: 'write the class of each image, one a line' },
  port: {
    argument: 'P',
    type: text,
    help: 'serial port of the board, or virtual:BOARD for one in Verilator (with --engine board)',
  },
  ...answeringBoardOptions,
  imageNumber: {
    argument: 'N',
    type: wholeNumber(0, 2 ** 24 - 1),
    help: 'number of the first image, its place in the random streams: with it the answer of a board can be computed again',
    default: 0,
  },
  images: imagesOption,
  ...imageFileOptions,
  labels: labelsOption,
  limit: limitOption,
  ...fitOptions,
  ...designOptions,
} as const;

type Options = GivenOf<typeof options>;

const result = z.object({
  images: z.number().describe('how many'),
  timesteps: z.number(),
  engine: z.enum(['golden', 'verilator', 'board']),
  seed: z.number(),
  seconds: z.number(),
  board: z.string().optional().describe('which board has answered'),
  clockHz: z.number().optional().describe('by a board: clock of its core'),
  margin: z.number().optional().describe('with `--margin`'),
  meanTimeSteps: z.number().optional().describe('with `--margin`: time steps of an image'),
  classes: z.array(z.number()).optional().describe('without labels: the class of each image'),
  classNames: z.array(z.string()).optional().describe('names of the classes, when the files have them'),
  notes: z.array(z.string()).optional().describe('how the files of images were understood'),
  imagesPerSecond: z.number().optional().describe('by a board: line and core together'),
  recoveries: z.number().optional().describe('by a board: times that something was sent again'),
  exact: z.boolean().optional().describe("by a board: every score is the golden model's"),
  counted: z
    .object({
      energyPerImageJ: z.number().optional().describe('on the chip of MTJs on paper, without what it shares with CMOS'),
      busyClocksPerImage: z.number().describe('clocks of the core with an image in it'),
    })
    .optional()
    .describe('by a board whose core has `--monitors activity`: from what it counted'),
  correct: z.number().optional().describe('with labels: right answers'),
  accuracy: z.number().optional().describe('with labels: their share, 0..1'),
  renumbered: z
    .object({ accuracy: z.number(), order: z.array(z.number()).describe('[label] the answer that it gets most often') })
    .optional()
    .describe('with labels that seem to be numbered otherwise than by the network: what would be right then'),
  accuracyByTimesteps: z.array(z.number()).optional().describe('by the golden model: after 1, 2, ... time steps'),
  seeds: z
    .array(z.object({ seed: z.number(), accuracy: z.number() }))
    .optional()
    .describe('with `--seeds`'),
  fit: fitJson.optional().describe('with `--calibration`'),
  spread: z
    .object({ mean: z.number(), deviation: z.number(), min: z.number(), max: z.number() })
    .optional()
    .describe('with `--seeds`'),
});

type Json = z.output<typeof result>;

export const classifyCommand = command({
  name: 'classify',
  summary: 'classify images and count the right answers',
  arguments: {},
  options,
  result,
  run: classify,
});

/** What a core that was built has settled already; with it only --timesteps and --layout are of the images. */
const ofImages: readonly string[] = ['layout', 'timesteps'];
const settled = (Object.keys({ ...fitOptions, ...designOptions }) as (keyof Options)[])
  .filter((key) => !ofImages.includes(key))
  .concat('timeLanes', 'seeds');

/** Who answers. */
interface Subject {
  readonly plan: Plan;
  readonly timeSteps: number;
  /** The plan with another seed. */
  readonly withSeed: (seed: number) => Plan;
  /** Of a core that was built. */
  readonly directory?: string;
  readonly fitted?: Fitted;
}

interface SeedRun {
  readonly seed: number;
  readonly plan: Plan;
  readonly answers: Answers | BoardAnswers;
}

async function classify(chosen: Options, context: CommandContext): Promise<ResultOf<Json>> {
  const subject = await subjectOf(chosen, context);
  const { plan, fitted } = subject;
  if (chosen.margin !== undefined) checkMargin(plan, chosen.margin);
  const data = loadImages(chosen, plan, context.io);
  if (chosen.seeds !== undefined && data.labels === undefined) {
    throw badInput('a spread of the accuracy needs labels', { help: 'give --labels' });
  }
  const started = performance.now();
  const runs: SeedRun[] = [];
  for (let i = 0; i < (chosen.seeds ?? 1); i += 1) {
    const seed = (plan.seed + i) % 2 ** 32;
    const seeded = i === 0 ? plan : subject.withSeed(seed);
    runs.push({ seed, plan: seeded, answers: await answer({ ...subject, plan: seeded }, data, chosen, context) });
  }
  const seconds = (performance.now() - started) / 1000;
  const classes = classesAfter(runs[0]!.answers);
  if (chosen.predictions !== undefined) {
    writeFileWhole(resolve(context.io.cwd, chosen.predictions), `${classes.join('\n')}\n`);
  }
  const hints = await answerHints(
    { plan: subject.plan, design: subject.fitted?.design, data, classes, timeSteps: subject.timeSteps },
    chosen,
    context.io,
  );
  const described = describe(runs, { ...data, notes: [...data.notes, ...hints] }, subject.timeSteps, chosen, seconds);
  const fit = fitted && fittedJson(fitted);
  if (fitted === undefined || fit === undefined) return described;
  return { json: { ...described.json, fit }, text: [...showFit(fitted), described.text].join('\n') };
}

async function subjectOf(chosen: Options, context: CommandContext): Promise<Subject> {
  const { model, core, margin, timeLanes } = chosen;
  if (core !== undefined) return builtCore(core, chosen, context);
  if (model === undefined)
    throw badInput('nobody is there to classify', {
      expected: '--core NAME, a core that build wrote, or --model FILE, a network or design',
    });
  const fitted = await fitDesign(await loadDesign(model, designChosen(chosen), context.io), chosen, context);
  const loaded = fitted.design;
  const early = margin === undefined ? {} : { earlyExit: true };
  const { folds, ...others } = loaded.options;
  const folded = timeLanes === undefined ? loaded.options : { ...others, timeLanes };
  const design = { ...loaded, options: { ...folded, ...early } };
  const plan = planCore(design);
  const withSeed = (seed: number) => planCore({ ...design, options: { ...design.options, seed } });
  return { plan, timeSteps: plan.timeSteps.default, withSeed, fitted };
}

function builtCore(core: string, chosen: Options, { io }: CommandContext): Subject {
  const twice = chosen.model !== undefined ? 'model' : settled.find((key) => chosen[key] !== undefined);
  if (twice !== undefined)
    throw badInput(`--core and ${flagOf(twice)} do not go together`, {
      where: flagOf(twice),
      help: `a core that was built has settled that: build it anew, or give --model instead of --core`,
    });
  const { plan, directory } = openCore(core, io);
  const withSeed = () => plan;
  return { plan, timeSteps: timeStepsOf(plan, chosen.timesteps), withSeed, directory };
}

function answer(
  { plan, timeSteps: steps, directory }: Subject,
  data: LoadedImages,
  { engine, margin, port, baud, board: named, boardFile, imageNumber: firstImage }: Options,
  { progress, io }: CommandContext,
): Promise<Answers | BoardAnswers> {
  if ((engine === 'board') !== (port !== undefined))
    throw badInput('--engine board and --port go together', { help: '--engine board --port /dev/ttyUSB1' });
  if (port === undefined && (named ?? boardFile) !== undefined)
    throw badInput('--board names the board at a port', {
      help: '--engine board --port /dev/ttyUSB1; --fit BOARD is for a core that must have room on a board',
    });
  const board = port === undefined ? undefined : answeringBoard({ board: named, boardFile }, io.cwd);
  return progress.step(`classify ${data.count} images, ${engine}, seed ${plan.seed}`, (report) => {
    const onProgress = (done: number, total: number) => report(done / total);
    if (port !== undefined)
      return boardAnswers(plan, data, steps, { port, baud, board }, { io, onProgress, margin, firstImage });
    return engine === 'golden'
      ? goldenAnswers(plan, data, steps, onProgress, { margin, firstImage })
      : verilogAnswers(plan, data, steps, { io, onProgress, margin, firstImage, directory });
  });
}

function describe(
  runs: readonly SeedRun[],
  data: LoadedImages,
  timesteps: number,
  { engine, seeds, margin }: Options,
  seconds: number,
): ResultOf<Json> {
  const { seed, answers } = runs[0]!;
  const json: Json = { images: data.count, timesteps, engine, seed, seconds };
  const lines = [
    `${data.count} images, ${timesteps} time steps, ${engine} engine, seed ${seed}, ${seconds.toFixed(1)} s`,
  ];
  if ('recoveries' in answers) {
    const { board, clockHz, imagesPerSecond, recoveries, exact, counted } = answers;
    Object.assign(json, { board, clockHz, imagesPerSecond, recoveries, ...(exact ? { exact } : {}) });
    lines.push(`board ${board}, core at ${clockHz / 1e6} MHz`);
    lines.push(
      `${imagesPerSecond.toFixed(1)} images a second, ${recoveries} times something was sent again` +
        (exact ? "; every score is the golden model's" : ''),
    );
    if (counted) {
      const { energyPerImageJ, busyClocksPerImage } = counted;
      json.counted = { busyClocksPerImage, ...(energyPerImageJ === undefined ? {} : { energyPerImageJ }) };
      lines.push(
        `counted on the board: ${busyClocksPerImage.toFixed(0)} clocks an image` +
          (energyPerImageJ === undefined
            ? ''
            : `; on MTJs (neurons, crossbars, encoder, readout) its spikes take ${engineering(energyPerImageJ, 'J')}`),
      );
    }
  }
  if (answers.stepsUsed !== undefined) {
    const meanTimeSteps = meanOf(answers.stepsUsed);
    Object.assign(json, { margin, meanTimeSteps });
    lines.push(`${meanTimeSteps.toFixed(2)} time steps an image, with a lead of ${margin} as answer`);
  }
  const { labels, classNames, notes } = data;
  if (classNames !== undefined) json.classNames = [...classNames];
  if (notes.length > 0) json.notes = [...notes];
  lines.push(...notes.map((note) => `note: ${note}`));
  if (labels === undefined) {
    const classes = classesAfter(answers);
    json.classes = classes;
    lines.push(...showClasses(classes, classNames));
  } else {
    const share = (count: number) => count / data.count;
    const correct = countCorrect(classesAfter(answers), labels);
    Object.assign(json, { correct, accuracy: share(correct) });
    lines.push(`${correct} right: ${percent(share(correct))}`);
    const other = likelyRenumbering(classesAfter(answers), labels);
    if (other !== undefined) {
      const named = other.order.map((answer, label) => `${classNames?.[label] ?? label} is ${answer}`).join(', ');
      json.renumbered = { accuracy: share(other.right), order: [...other.order] };
      lines.push(
        `note: ${percent(share(other.right))} would be right if the network numbered the classes otherwise: ${named}. Was it trained with another order of them?`,
      );
    }
    if (answers.steps.length > 1) {
      const bySteps = accuracies(answers, labels);
      json.accuracyByTimesteps = bySteps;
      lines.push(`after 1, 2, ... time steps: ${bySteps.map((value) => percent(value)).join(', ')}`);
    }
    if (seeds !== undefined) {
      const accuracies = runs.map((run) => share(countCorrect(classesAfter(run.answers), labels)));
      const spread = spreadOf(accuracies);
      json.seeds = runs.map((run, i) => ({ seed: run.seed, accuracy: accuracies[i]! }));
      json.spread = spread;
      lines.push(
        `over ${seeds} seeds: mean ${percent(spread.mean)}, standard deviation ${percent(spread.deviation, 3)}, ` +
          `${percent(spread.min)} to ${percent(spread.max)}`,
      );
    }
  }
  return { json, text: lines.join('\n') };
}

/** Classes that are printed, a line each; more stand in the JSON document and in --predictions. */
const mostShown = 20;

function showClasses(classes: readonly number[], names: readonly string[] | undefined): string[] {
  const shown = classes
    .slice(0, mostShown)
    .map((value, image) => `image ${image}: class ${value}${names?.[value] === undefined ? '' : ` (${names[value]})`}`);
  const more = classes.length - shown.length;
  return more > 0 ? [...shown, `and ${more} more: --predictions FILE or --json lists them all`] : shown;
}
