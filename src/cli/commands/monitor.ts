/** spinfire monitor: what a board has done and what has gone wrong on it, as it goes on. */

import { z } from 'zod';
import { BoardClient, serialPort } from '../../host/index.ts';
import { textTable } from '../../report/index.ts';
import { type CommandContext, command, type GivenOf, type ResultOf } from '../command.ts';
import { text, wholeNumber } from '../options.ts';

const options = {
  port: { argument: 'P', type: text, help: 'serial port of the board', required: true },
  baud: { argument: 'B', type: wholeNumber(300, 12_000_000), help: 'bits a second', usual: '1000000' },
  seconds: { argument: 'N', type: wholeNumber(1, 86_400), help: 'looks once a second, so many times', default: 10 },
} as const;

const sample = z.object({
  image: z.number().describe('number of the next image'),
  imagesPerSecond: z.number(),
  dropped: z.number(),
  lineErrors: z.number(),
  badFrames: z.number(),
  alarms: z.array(z.string()),
});
const result = z.object({ coreHash: z.string(), clockHz: z.number(), samples: z.array(sample) });

export const monitorCommand = command({
  name: 'monitor',
  summary: 'watch a board: images a second, what was dropped, errors of the line, alarms',
  arguments: {},
  options,
  result,
  run,
});

async function run(
  { port, baud, seconds }: GivenOf<typeof options>,
  { io, progress }: CommandContext,
): Promise<ResultOf<z.output<typeof result>>> {
  const client = await BoardClient.open(serialPort({ path: port, baud }));
  const abort = () => void client.close();
  io.signal.addEventListener('abort', abort);
  const samples: z.output<typeof sample>[] = [];
  const { coreHash, clockHz } = client.identity;
  try {
    await progress.step(`board at ${port}`, async (report) => {
      for (let i = 0; i < seconds; i += 1) {
        const counters = await client.counters();
        const before = samples.at(-1)?.image ?? counters.image;
        samples.push({
          ...counters,
          alarms: [...counters.alarms],
          imagesPerSecond: Math.max(0, counters.image - before),
        });
        const last = samples.at(-1)!;
        report(
          (i + 1) / seconds,
          `image ${last.image}, ${last.imagesPerSecond}/s, ${last.dropped} dropped, ${last.lineErrors} line errors, ${last.badFrames} bad frames, ${last.alarms.join(' ') || 'no alarm'}`,
        );
        if (i + 1 < seconds) await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    });
  } catch (error) {
    io.signal.throwIfAborted();
    throw error;
  } finally {
    io.signal.removeEventListener('abort', abort);
    await client.close();
  }
  const rows = samples.map((s) => [
    ...[s.image, s.imagesPerSecond, s.dropped, s.lineErrors, s.badFrames].map(String),
    s.alarms.join(' '),
  ]);
  const columns = ['image', 'images/s', 'dropped', 'line errors', 'bad frames', 'alarms'];
  const hash = coreHash.toString(16).padStart(8, '0');
  return {
    json: { coreHash: hash, clockHz, samples },
    text: textTable({ title: `core ${hash} at ${clockHz / 1e6} MHz`, columns, rows }),
  };
}
