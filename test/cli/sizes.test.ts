/** Small files that ask for much are refused where they are read, or done soon. Memory is measured in sizes.regress.ts. */
import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands/index.ts';
import { runCommandLine } from '../../src/cli/run.ts';
import { fakeIo } from './fake-io.ts';
import { hostileSizes } from './hostile-sizes.ts';
import { type Workbench, workbench } from './small-files.ts';

let bench: Workbench;
beforeEach(() => {
  bench = workbench();
});
afterEach(() => bench.dispose());

/** Of the processor; the machine may have others to serve. */
const mostSeconds = 5;

it.each(hostileSizes.filter(({ slow }) => slow !== true))('$name', async ({ files, line, code, says }) => {
  for (const [name, content] of Object.entries(files())) bench.put(name, content);
  const before = readdirSync(bench.folder);
  const io = fakeIo({ cwd: bench.folder });
  const started = process.cpuUsage();
  const found = await runCommandLine(line.split(' '), io, commands);
  const { user, system } = process.cpuUsage(started);
  const said = found === 0 ? io.out() : io.err();
  expect(found, io.err()).toBe(code);
  for (const words of says) expect(said).toContain(words);
  expect(said).not.toMatch(/defect|contradicts itself|\.ts:\d/);
  if (code !== 0) expect(readdirSync(bench.folder)).toEqual(before);
  expect((user + system) / 1e6).toBeLessThan(mostSeconds);
});
