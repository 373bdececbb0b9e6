/** What a core draws on an iCE40 board. */
import { join } from 'node:path';
import { type FpgaPower, measureFpgaPower } from '../../estimate/index.ts';
import { knownBoard, readSourceMap, systemEnvironment } from '../../flow/index.ts';
import type { Plan } from '../../plan/index.ts';
import type { AppContext } from '../context.ts';
import { verilogFiles } from '../folder/parts.ts';

/** A core, a board, images: what is measured on an iCE40. */
export interface FpgaPowerWish {
  readonly directory: string;
  /** Where its syntheses are kept. */
  readonly work: string;
  readonly plan: Plan;
  readonly board: string;
  readonly pixels: Uint8Array;
  readonly count: number;
  readonly timeSteps: number;
  /** The board's usual one by default. */
  readonly mhz: number | undefined;
}

/** Power of a core on an iCE40 board, with the activity of real images. */
export async function fpgaPower(wish: FpgaPowerWish, { io, progress }: AppContext): Promise<FpgaPower> {
  const { directory, work, plan } = wish;
  const board = knownBoard(wish.board);
  return progress.step(`power of ${plan.name} on ${board.title}`, (report) =>
    measureFpgaPower(
      {
        directory,
        plan,
        verilogFiles: verilogFiles(directory),
        part: board.part.device === 'up5k' ? 'up5k' : 'hx8k',
        images: wish.pixels,
        timeSteps: wish.timeSteps,
        count: wish.count,
        clockMHz: wish.mhz ?? board.coreMHz,
        hasPll: true,
        sourceMap: readSourceMap(directory),
        outputDirectory: join(work, 'synth'),
        signal: io.signal,
        onProgress: (message) => report(0, message),
      },
      systemEnvironment(io.env, io.cwd),
    ),
  );
}
