/** spinfire virtual-board: a board in Verilator, whose serial line any host program can open. */

import { resolve } from 'node:path';
import { z } from 'zod';
import { openCore, virtualBoard } from '../../app/index.ts';
import { boardOptions, chosenBoard } from '../board-options.ts';
import { type CommandContext, command, type GivenOf, type ResultOf } from '../command.ts';
import { coreName, workOption } from '../core-options.ts';
import { decimal, file, wholeNumber } from '../options.ts';

const options = {
  ...boardOptions,
  baud: { argument: 'B', type: wholeNumber(300, 12_000_000), help: 'bits a second of its line', usual: "the board's" },
  link: { argument: 'path', type: file(), help: 'a name for the port that stays when the port goes away' },
  faults: {
    argument: 'P',
    type: decimal(0, 1),
    help: 'chance for each byte to be lost, flipped, doubled, broken, or for noise',
  },
  disconnects: { argument: 'P', type: decimal(0, 1), help: 'chance for each byte that the port goes away' },
  restarts: { argument: 'P', type: decimal(0, 1), help: 'chance for each byte that somebody presses reset' },
  seed: { argument: 'S', type: wholeNumber(1, 2 ** 31 - 1), help: 'of the faults', default: 1 },
  seconds: { argument: 'N', type: wholeNumber(1, 86_400), help: 'ends after so long', usual: 'Ctrl-C' },
  work: workOption,
} as const;

const result = z.object({
  port: z.string().describe('what host programs open'),
  injected: z.record(z.string(), z.number()).describe('how often each fault was injected'),
});

export const virtualBoardCommand = command({
  name: 'virtual-board',
  summary: 'a board in Verilator: prints a port that host programs open as that of a real one',
  arguments: { name: coreName },
  options,
  result,
  run,
});

async function run(
  {
    name,
    board: named,
    boardFile,
    baud,
    link,
    faults,
    disconnects,
    restarts,
    seed,
    seconds,
    work: chosenWork,
  }: GivenOf<typeof options> & { readonly name: string },
  { io, progress }: CommandContext,
): Promise<ResultOf<z.output<typeof result>>> {
  const board = chosenBoard({ board: named, boardFile }, io.cwd);
  const { directory, work, plan } = openCore(name, io, chosenWork);
  return progress.step(`${plan.name} on a virtual ${board.name}`, async (report) => {
    const chosen = { seed, perByte: faults, disconnect: disconnects, restart: restarts };
    const request = { plan, directory, buildDirectory: work, board, baud, io };
    const started = await virtualBoard({
      ...request,
      link: link && resolve(io.cwd, link),
      ...((faults ?? disconnects ?? restarts) ? { faults: chosen } : {}),
      onProgress: (message) => report(0, message),
    });
    report(0, `port ${started.port}`);
    const waits = [started.ended, new Promise<void>((done) => io.signal.addEventListener('abort', () => done()))];
    let timer: NodeJS.Timeout | undefined;
    if (seconds !== undefined)
      waits.push(
        new Promise((done) => {
          timer = setTimeout(done, 1000 * seconds);
        }),
      );
    await Promise.race(waits);
    clearTimeout(timer);
    const { injected } = await started.stop();
    const counts = Object.entries(injected).map(([fault, count]) => `${count} ${fault}`);
    return {
      json: { port: started.port, injected },
      text: `port ${started.port}${counts.length ? `; injected: ${counts.join(', ')}` : ''}`,
    };
  });
}
