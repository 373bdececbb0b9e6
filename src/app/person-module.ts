/** A person's TypeScript file, run: whatever it does instead of exporting something becomes an error with the file's name. */
import { basename, extname } from 'node:path';
import { inspect } from 'node:util';
import { badInput, SpinfireError } from '../errors/index.ts';
import type { Surroundings } from './context.ts';
import { importModule } from './load-module.ts';

/** Endings of TypeScript files that hold a program of a person's. */
export const programEndings = ['.ts', '.mts'] as const;

/** So long a person's program may take to export something. */
const mostSeconds = 60;

/** A person's program, and how it is spoken of. */
export interface Program {
  /** What it is to be: `design`, `file`. */
  readonly what: string;
  /** How the person wrote it. */
  readonly shown: string;
  /** It may take as long as it takes. */
  readonly force?: boolean | undefined;
  /** For tests; absent `mostSeconds`. */
  readonly seconds?: number;
}

/**
 * @throws badInput when it does not compile, throws (at once, in a timer, in a promise that nobody waits for), waits for what never comes, takes too
 * long
 */
export async function runPersonModule(
  file: string,
  program: Program,
  io: Pick<Surroundings, 'limit'>,
): Promise<Readonly<Record<string, unknown>>> {
  const { what, shown } = program;
  try {
    return await withinLimit(program, io, () => untilFailed(importModule(file), program));
  } catch (cause) {
    if (cause instanceof SpinfireError) throw cause;
    const found = placedMessage(cause);
    if (/Cannot require\(\) ES Module|require\(esm\)|Cannot use import statement/.test(found))
      throw badInput(
        `the ${what} cannot be run`,
        {
          where: shown,
          found: 'no package.json that says "type": "module" beside it or above',
          help: `write one, { "type": "module" }, or call the file ${basename(file, extname(file))}.mts`,
        },
        cause,
      );
    throw badInput(
      `the ${what} cannot be run`,
      { where: shown, found, help: 'run with --debug to see the place' },
      cause,
    );
  }
}

/** Runs what a person has written, which is ended from outside when it computes for too long without a pause. */
export async function withinLimit<Result>(
  program: Program,
  io: Pick<Surroundings, 'limit'>,
  work: () => Promise<Result> | Result,
): Promise<Result> {
  // In a pause of its own it is told by untilFailed, a little sooner.
  const ended = program.force ? undefined : io.limit?.(1000 * secondsOf(program) + 1000, tooLong(program, 'computes'));
  try {
    return await work();
  } finally {
    ended?.();
  }
}

const secondsOf = ({ seconds = mostSeconds }: Program) => seconds;

const tooLong = (program: Program, does: string) =>
  badInput(`the ${program.what} ${does} for too long`, {
    where: program.shown,
    found: `no end after ${secondsOf(program)} s`,
    help: 'look for a loop without an end, or an await at its top of what never comes; --force gives it all the time it takes',
  });

/** What an error says, with file and line where it says them a line later, as the compiler does. */
function placedMessage(cause: unknown): string {
  const lines = (cause instanceof Error ? cause.message : typeof cause === 'string' ? cause : inspect(cause))
    .split('\n')
    .filter((line) => line.trim() !== '');
  return (/^Transform failed/.test(lines[0] ?? '') ? lines[1] : lines[0]) ?? '';
}

/**
 * A file that awaits what never comes leaves the process without anything to do, and it would end without a word, or with a timer that keeps it
 * alive for ever; what it throws behind its own back would end the process with a stack.
 */
async function untilFailed<T>(work: Promise<T>, program: Program): Promise<T> {
  const { what, shown, force } = program;
  let stop = () => {};
  const failed = new Promise<never>((_, reject) => {
    const onIdle = () =>
      reject(
        badInput(`the ${what} waits for something that never comes`, {
          where: shown,
          help: 'look for an await at its top',
        }),
      );
    // It keeps no process alive: one without anything to do is told at once.
    const late = force ? undefined : setTimeout(() => reject(tooLong(program, 'waits')), 1000 * secondsOf(program));
    late?.unref();
    process.once('beforeExit', onIdle);
    process.on('uncaughtException', reject);
    process.on('unhandledRejection', reject);
    stop = () => {
      clearTimeout(late);
      process.off('beforeExit', onIdle);
      process.off('uncaughtException', reject);
      process.off('unhandledRejection', reject);
    };
  });
  try {
    return await Promise.race([work, failed]);
  } finally {
    stop();
  }
}
