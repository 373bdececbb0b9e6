import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { commands } from '../../src/cli/commands/index.ts';
import { runCommandLine } from '../../src/cli/run.ts';
import { fakeIo } from './fake-io.ts';

it('a new project passes the strictest checks of the compiler', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'spinfire-init-'));
  try {
    expect(await runCommandLine(['init', 'mine'], fakeIo({ cwd: folder }), commands)).toBe(0);
    const compiler = fileURLToPath(import.meta.resolve('typescript/bin/tsc'));
    const words = [compiler, '--noEmit', '-p', join(folder, 'mine')];
    const result = await execa(process.execPath, words, { reject: false });
    expect({ exitCode: result.exitCode, words: result.stdout }).toEqual({ exitCode: 0, words: '' });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
