/** verify --mutants */
import { afterAll, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands/index.ts';
import { runCommandLine } from '../../src/cli/run.ts';
import { fakeIo } from './fake-io.ts';
import { workbench } from './small-files.ts';

const bench = workbench();
afterAll(() => bench.dispose());

async function spinfire(...args: string[]) {
  const io = fakeIo({ cwd: bench.folder });
  expect(await runCommandLine(args, io, commands), io.err()).toBe(0);
  return io.out();
}

it('says how many mutants of the Verilog the comparison finds, and where the others are', async () => {
  await spinfire('build', 'model.onnx', '-o', 'core', '--timesteps', '3', '--max-timesteps', '4');
  const text = await spinfire('verify', 'core', '--images', 'images.idx', '--stall', '3', '--mutants', '20');
  expect(text).toContain(' 0 mismatches\n');
  const line = /^(\d+) mutants: (\d+) found, (\d+) proved to be none, (\d+) left$/m.exec(text)!;
  const [mutants, found, equivalent, left] = line.slice(1).map(Number) as [number, number, number, number];
  expect(mutants).toBeGreaterThan(15);
  expect(found).toBeGreaterThan(0.6 * mutants);
  expect(found + equivalent + left).toBe(mutants);
  expect(text.match(/^ {2}model\w* \S+ \w+$/gm) ?? []).toHaveLength(left);
}, 240_000);
