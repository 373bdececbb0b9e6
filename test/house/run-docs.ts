import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands/index.ts';
import { runCommandLine } from '../../src/cli/run.ts';
import { fakeIo } from '../cli/fake-io.ts';
import { documents, root, shellBlocks } from './docs.ts';

interface Outcome {
  readonly exitCode: number | undefined;
  readonly all: string;
}

/** Runs a block of commands in the checkout. */
export type Shell = (script: string) => Promise<Outcome>;

/** As a person does it. */
export const inBash: Shell = async (script) => {
  const options = { cwd: root, reject: false, all: true, stdin: 'ignore' } as const;
  const { exitCode, all } = await execa('bash', ['-euo', 'pipefail', '-c', script], options);
  return { exitCode, all };
};

/** Lines that can run one by one: no variable, folder or open quote goes from one to the next. */
const single = /^(npx|ls|rm|cat|head) [^\\]*$/;

/**
 * The same commands, those of spinfire without a process for each: starting one costs more than most of them do. That `npx spinfire` starts
 * at all is in test/cli/process.test.ts; what a test of its own runs already (examples, tests) is marked `sh regress` in the pages.
 */
export const inProcess: Shell = async (script) => {
  const lines = script.trim().split('\n');
  if (!lines.every((line) => single.test(line))) return inBash(script);
  let all = '';
  for (const line of lines) {
    const words = spinfireCall(line);
    const done = words === undefined ? await inBash(line) : await callSpinfire(words);
    all += done.all;
    if (done.exitCode !== 0) return { ...done, all };
  }
  return { exitCode: 0, all };
};

async function callSpinfire(words: readonly string[]): Promise<Outcome> {
  const io = fakeIo({ cwd: root });
  const exitCode = await runCommandLine(words, io, commands);
  return { exitCode, all: io.err() + io.out() };
}

/** The words after `npx spinfire`, quotes taken off; undefined where a shell has more to do. */
export function spinfireCall(line: string): string[] | undefined {
  const rest = /^\s*npx spinfire ((?:[\w\s./,:@=+-]|'[^']*')*)$/.exec(line)?.[1];
  return rest?.match(/(?:[^\s']|'[^']*')+/g)?.map((word) => word.replaceAll("'", ''));
}

/** Declares a test for each document: its blocks that are due, one after the other. */
export function runDocuments(due: readonly string[], run: Shell, timeoutMs: number): void {
  for (const file of documents()) {
    const blocks = shellBlocks(file).filter(({ when }) => due.includes(when));
    if (blocks.length === 0) continue;
    describe(`the commands of ${file}`, () => {
      for (const { line, script } of blocks) {
        it(
          `line ${line}`,
          async () => {
            const { exitCode, all } = await run(script);
            expect(all, `${file}:${line}`).not.toMatch(/^error/m);
            expect(exitCode, `${file}:${line}\n${all}`).toBe(0);
          },
          timeoutMs,
        );
      }
    });
  }
}

/** Links to files of the repository that do not exist. */
export function brokenLinks(file: string, text: string): string[] {
  const folder = join(root, file, '..');
  return [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:/.test(target) && !existsSync(join(folder, target)));
}
