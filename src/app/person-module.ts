/** A person's TypeScript file, run: whatever it does instead of exporting something becomes an error with the file's name. */
import { basename, extname } from 'node:path';
import { inspect } from 'node:util';
import { badInput, SpinfireError } from '../errors/index.ts';
import { importModule } from './load-module.ts';

/** Endings of TypeScript files that hold a program of a person's. */
export const programEndings = ['.ts', '.mts'] as const;

/**
 * @param what it is to be: `design`, `file`
 * @param shown how the person wrote it
 * @throws badInput when it does not compile, throws (at once, in a timer, in a promise that nobody waits for), waits for what never comes
 */
export async function runPersonModule(
  file: string,
  what: string,
  shown: string,
): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await untilFailed(importModule(file), what, shown);
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

/** What an error says, with file and line where it says them a line later, as the compiler does. */
function placedMessage(cause: unknown): string {
  const lines = (cause instanceof Error ? cause.message : typeof cause === 'string' ? cause : inspect(cause))
    .split('\n')
    .filter((line) => line.trim() !== '');
  return (/^Transform failed/.test(lines[0] ?? '') ? lines[1] : lines[0]) ?? '';
}

/**
 * A file that awaits what never comes leaves the process without anything to do, and it would end without a word; what it throws behind its
 * own back would end the process with a stack.
 */
async function untilFailed<T>(work: Promise<T>, what: string, shown: string): Promise<T> {
  let stop = () => {};
  const failed = new Promise<never>((_, reject) => {
    const onIdle = () =>
      reject(
        badInput(`the ${what} waits for something that never comes`, {
          where: shown,
          help: 'look for an await at its top',
        }),
      );
    process.once('beforeExit', onIdle);
    process.on('uncaughtException', reject);
    process.on('unhandledRejection', reject);
    stop = () => {
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
