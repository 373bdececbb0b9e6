/** Programs that put a bitstream on a board. */
import { execa } from 'execa';
import { checkFailed } from '../../errors/index.ts';
import type { ToolEnvironment } from '../tools/environment.ts';

export interface Flashed {
  readonly command: readonly string[];
  /** False: none of the programs is here. */
  readonly flashed: boolean;
}

/** A bitstream, and the programs that may put it on its board, with their arguments. */
export interface FlashOptions {
  readonly programs: readonly (readonly [string, ...string[]])[];
  readonly bitstream: string;
  /** Only says what would be run. */
  readonly dryRun?: boolean | undefined;
}

/** Runs the first of the programs that is on PATH. @throws checkFailed with what it said when it fails */
export async function flashBoard(
  { programs, bitstream, dryRun }: FlashOptions,
  environment: ToolEnvironment,
  signal?: AbortSignal,
): Promise<Flashed> {
  for (const [program, ...args] of programs) {
    const file = environment.which(program);
    if (file === undefined) continue;
    const command = [file, ...args, bitstream];
    if (dryRun) return { command, flashed: false };
    const { cwd, env } = environment;
    const run = await execa(file, [...args, bitstream], {
      ...{ cwd, env, extendEnv: false, reject: false, all: true, stdin: 'ignore' },
      ...(signal ? { cancelSignal: signal } : {}),
    });
    signal?.throwIfAborted();
    if (run.failed)
      throw checkFailed('the board was not flashed', {
        where: command.join(' '),
        found: `${(run.all ?? '').trim().split('\n').at(-1) || run.shortMessage}`,
        help: 'is the board plugged in, and is its USB device yours to open?',
      });
    return { command, flashed: true };
  }
  const [program, ...args] = programs[0]!;
  return { command: [program, ...args, bitstream], flashed: false };
}
