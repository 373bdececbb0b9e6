import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { documents, root, shellBlocks } from './docs.ts';

/** Declares a test for each document: its blocks that are due, one after the other, in the checkout. */
export function runDocuments(due: readonly string[], timeoutMs: number): void {
  for (const file of documents()) {
    const blocks = shellBlocks(file).filter(({ when }) => due.includes(when));
    if (blocks.length === 0) continue;
    describe(`the commands of ${file}`, () => {
      for (const { line, script } of blocks) {
        it(
          `line ${line}`,
          async () => {
            const result = await execa('bash', ['-euo', 'pipefail', '-c', script], {
              cwd: root,
              reject: false,
              all: true,
              stdin: 'ignore',
            });
            expect(result.all, `${file}:${line}`).not.toMatch(/^error/m);
            expect(result.exitCode, `${file}:${line}\n${result.all}`).toBe(0);
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
