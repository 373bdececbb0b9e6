/** spinfire load: weights of another network into the core on a board. */

import { resolve } from 'node:path';
import { z } from 'zod';
import {
  classesAfter,
  coreMemories,
  countCorrect,
  loadImages,
  loadWeights,
  openCore,
  percent,
  timeStepsOf,
  writeFileWhole,
} from '../../app/index.ts';
import { badInput } from '../../errors/index.ts';
import { answeringBoard, answeringBoardOptions } from '../board-options.ts';
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
import { core, flagOf, text, written } from '../options.ts';

const options = {
  weights: {
    argument: 'name',
    type: core,
    help: 'whose weights: a core that build wrote from another network with the same options',
    required: true,
  },
  port: {
    argument: 'P',
    type: text,
    help: 'serial port of the board, or virtual:BOARD for one in Verilator that lives as long as this command',
  },
  ...answeringBoardOptions,
  output: {
    argument: 'file',
    type: written('.json'),
    help: 'write what is sent, for programs that send it themselves',
  },
  timesteps: timeStepsOption,
  images: { ...imagesOption, usual: 'none: nothing is classified' },
  ...imageFileOptions,
  layout: layoutOption,
  labels: labelsOption,
  limit: limitOption,
} as const;

const result = z.object({
  memories: z.number().describe('memories of weights and tables'),
  words: z.number().describe('words of all of them'),
  seconds: z.number().optional().describe('how long loading took'),
  images: z.number().optional().describe('classified with the new weights, each score that of the golden model'),
  correct: z.number().optional(),
  file: z.string().optional(),
});

export const loadCommand = command({
  name: 'load',
  summary: 'put the weights of another network into the core on a board, which was built with --monitors load',
  arguments: { name: coreName },
  options,
  result,
  run,
});

async function run(
  {
    name,
    weights,
    port,
    baud,
    board: named,
    boardFile,
    output,
    timesteps,
    ...images
  }: GivenOf<typeof options> & { readonly name: string },
  { io, progress }: CommandContext,
): Promise<ResultOf<z.output<typeof result>>> {
  if (port === undefined && output === undefined)
    throw badInput('nothing is to be done with the weights', { expected: '--port, --output, or both' });
  const ofBoard = Object.entries({ baud, board: named, boardFile, timesteps, ...images });
  const lost = port === undefined ? ofBoard.find(([, value]) => value !== undefined) : undefined;
  if (lost !== undefined)
    throw badInput(`${flagOf(lost[0])} wants a board`, {
      where: flagOf(lost[0]),
      found: 'no --port: nothing is sent, and no image is classified',
      help: `name the port of the board, or leave ${flagOf(lost[0])} out`,
    });
  const board = answeringBoard({ board: named, boardFile }, io.cwd);
  const { plan } = openCore(name, io);
  const other = openCore(weights, io).plan;
  const sent = coreMemories(plan, other);
  const size = {
    memories: sent.memories.length,
    words: sent.memories.reduce((sum, { words }) => sum + words.length, 0),
  };
  const path = output && resolve(io.cwd, output);
  if (path) writeFileWhole(path, `${JSON.stringify(sent)}\n`);
  const written = path ? { file: path } : {};
  const what = `${size.words} words in ${size.memories} memories`;
  if (port === undefined) return { json: { ...size, ...written }, text: `${what} written to ${output}` };
  const data = images.images === undefined ? undefined : loadImages(images, plan, io);
  const timeSteps = timeStepsOf(plan, timesteps);
  const { seconds, answers } = await progress.step(`weights of ${other.name} into ${plan.name}`, (report) =>
    loadWeights(
      { plan, other, weights: sent, port, baud, board, data, timeSteps },
      { io, onProgress: (done, total) => report(done / total, `${done} of ${total}`) },
    ),
  );
  const correct = answers && data?.labels && countCorrect(classesAfter(answers), data.labels);
  const shown = answers && data ? `; ${data.count} images, every score that of the golden model` : '';
  const right = correct === undefined || !data ? '' : `, ${percent(correct / data.count)} right`;
  return {
    json: {
      ...size,
      ...written,
      seconds,
      ...(answers ? { images: answers.images } : {}),
      ...(correct === undefined ? {} : { correct }),
    },
    text: `${what} loaded in ${seconds.toFixed(1)} s${shown}${right}`,
  };
}
