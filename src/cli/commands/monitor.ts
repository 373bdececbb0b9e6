/** spinfire monitor: what a board has done and what has gone wrong on it, as it goes on. */

import { z } from 'zod';
import { BoardMonitor, type BoardSample, boardEnergies, loadImages, openCore } from '../../app/index.ts';
import { coreHash } from '../../flow/index.ts';
import { BoardClient, serialPort } from '../../host/index.ts';
import type { Plan } from '../../plan/index.ts';
import { textTable } from '../../report/index.ts';
import { answeringBoard, answeringBoardOptions } from '../board-options.ts';
import { type CommandContext, command, type GivenOf, type ResultOf } from '../command.ts';
import { imagesOption } from '../core-options.ts';
import type { Io } from '../io.ts';
import { core, text, wholeNumber } from '../options.ts';
import { monitorPanel, monitorRows } from '../show/monitor.ts';

const options = {
  port: { argument: 'P', type: text, help: 'serial port of the board', required: true },
  ...answeringBoardOptions,
  core: {
    argument: 'name',
    type: core,
    help: 'the core that is on the board, as build wrote it: with it what watches over the core is shown too',
  },
  seconds: {
    argument: 'N',
    type: wholeNumber(1, 86_400),
    help: 'looks once a second, so many times',
    usual: '10; on a terminal until Ctrl-C',
  },
  images: { ...imagesOption, usual: 'those of MNIST' },
  once: { type: 'flag', help: 'look once' },
  clear: { type: 'flag', help: 'forget first what has gone wrong so far' },
} as const;

const sample = z.object({
  seconds: z.number().describe('since the beginning'),
  image: z.number().describe('number of the next image'),
  imagesPerSecond: z.number(),
  dropped: z.number(),
  lineErrors: z.number(),
  badFrames: z.number(),
  alarms: z.array(z.string()),
  monitors: z
    .object({
      status: z.array(z.string()).describe('what has been seen since it was cleared'),
      abstentions: z.number().optional(),
      abstainedShare: z.number().optional().describe('of the answers since the look before'),
      busyShare: z.number().optional().describe('of the clocks since the look before'),
      energyPerImageJ: z
        .number()
        .optional()
        .describe('on the chip of MTJs on paper, by what was counted since the look before'),
      memories: z
        .object({
          checks: z.number().describe('of all memories, since reset'),
          wrong: z.array(z.string()).describe('whose last checksum was wrong'),
        })
        .optional(),
      layers: z.array(
        z.object({
          name: z.string(),
          spikes: z.number().describe('since reset'),
          rate: z.number().optional().describe('share of neurons that spike in a time step, since the look before'),
        }),
      ),
    })
    .optional()
    .describe('with `--core`, of a core that watches over itself'),
});
const result = z.object({
  board: z.string().describe('which board answers'),
  coreHash: z.string(),
  clockHz: z.number(),
  samples: z.array(sample),
});

export const monitorCommand = command({
  name: 'monitor',
  summary: 'watch a board: images a second, spike rates, abstentions, what was dropped, errors of the line, alarms',
  arguments: {},
  options,
  result,
  run,
});

async function run(
  { port, baud, board: named, boardFile, core: name, seconds, once, clear, images }: GivenOf<typeof options>,
  { io, progress }: CommandContext,
): Promise<ResultOf<z.output<typeof result>>> {
  const plan = name === undefined ? undefined : openCore(name, io).plan;
  const wanted = answeringBoard({ board: named, boardFile }, io.cwd);
  const client = await BoardClient.open(serialPort({ path: port, baud: baud ?? wanted?.baud }), {
    board: wanted?.code,
    coreHash: plan && coreHash(plan),
  });
  const abort = () => void client.close();
  io.signal.addEventListener('abort', abort);
  const { coreHash: hash, clockHz, board } = client.identity;
  const title = `${board}, core ${hash.toString(16).padStart(8, '0')} at ${clockHz / 1e6} MHz`;
  const live = io.stderr.isTTY === true && once !== true;
  const count = once ? 1 : (seconds ?? (live ? Number.POSITIVE_INFINITY : 10));
  const samples: BoardSample[] = [];
  try {
    const monitor = new BoardMonitor(client, plan, plan && energiesOf(plan, images, io));
    if (clear) await monitor.clear();
    const panel = live ? panelOn(io) : undefined;
    const watch = (report: (fraction: number, words: string) => void) =>
      lookAgain(monitor, count, io.signal, (seen) => {
        // A view that goes on for hours keeps the last minutes.
        if (samples.length === 600) samples.shift();
        samples.push(seen);
        if (panel) panel(monitorPanel(title, seen));
        else report(samples.length / count, `image ${seen.image}, ${seen.alarms.join(' ') || 'no alarm'}`);
      });
    if (panel) await watch(() => undefined);
    else await progress.step(`board at ${port}`, watch);
  } catch (error) {
    io.signal.throwIfAborted();
    throw error;
  } finally {
    io.signal.removeEventListener('abort', abort);
    await client.close();
  }
  return {
    json: { board, coreHash: hash.toString(16).padStart(8, '0'), clockHz, samples: samples.map(plainSample) },
    text: textTable({ title, ...monitorRows(samples) }),
  };
}

/** Joules of an event, from images as they are or are said to be. */
function energiesOf(plan: Plan, images: string | undefined, io: Io) {
  if (plan.monitors?.activity !== true) return undefined;
  const { pixels } = loadImages({ images, limit: 20, random: true }, plan, io);
  return boardEnergies(plan, pixels, plan.timeSteps.default, io);
}

async function lookAgain(
  monitor: BoardMonitor,
  count: number,
  signal: AbortSignal,
  onSample: (sample: BoardSample) => void,
): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    onSample(await monitor.look());
    signal.throwIfAborted();
    if (i + 1 < count) await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** Lines that take the place of those before them. */
function panelOn({ stderr }: Io): (lines: readonly string[]) => void {
  let drawn = 0;
  return (lines) => {
    const width = Math.max(20, (stderr.columns ?? 80) - 1);
    const erase = drawn > 0 ? `\u001b[${drawn}A\u001b[J` : '';
    stderr.write(`${erase}${lines.map((line) => line.slice(0, width)).join('\n')}\n`);
    drawn = lines.length;
  };
}

/** Without what is not known. */
function plainSample({ monitors, ...rest }: BoardSample): z.output<typeof sample> {
  const known = JSON.parse(JSON.stringify({ ...rest, monitors })) as z.output<typeof sample>;
  return known;
}
