/** The programs of docs/link.md, as they stand there, against the board of a small core in Verilator. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, it, onTestFinished } from 'vitest';
import { classifyImages } from '../../src/golden/index.ts';
import { smallPlan } from '../sim/small-core.ts';
import { noise } from '../sim/temporary.ts';
import { startTestBoard } from '../sim/test-board.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(join(root, 'docs', 'link.md'), 'utf8');
const plan = smallPlan();
const [count, size, timeSteps] = [4, 36, 4];
const pixels = noise(count * size, 8);

/** The one block of a language. */
function program(language: string): string {
  const blocks = [...page.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, 'gm'))];
  expect(blocks).toHaveLength(1);
  return blocks[0]![1]!;
}

async function port(): Promise<string> {
  return (await startTestBoard(plan)).board.port;
}

async function expected(): Promise<{ classes: number[]; margins: number[] }> {
  const { scores } = await classifyImages(plan, pixels, { timeSteps, workers: 1 });
  const { classes } = plan.readout;
  const each = Array.from({ length: count }, (_, i) => [
    ...scores.subarray(((i + 1) * timeSteps - 1) * classes, (i + 1) * timeSteps * classes),
  ]);
  const margins = each.map((values) => values.toSorted((a, b) => b - a)).map(([best = 0, second = 0]) => best - second);
  return { classes: each.map((values) => values.indexOf(Math.max(...values))), margins };
}

it('the program in TypeScript', async () => {
  const text = program('ts');
  expect(text.trim().split('\n').length).toBeLessThanOrEqual(10);
  const folder = join(root, 'build', 'docs', 'link-example');
  mkdirSync(folder, { recursive: true });
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const frames = `const frames = Array.from({ length: ${count} }, (_, i) => Uint8Array.from(${JSON.stringify([...pixels])}).subarray(i * ${size}, (i + 1) * ${size}));\n`;
  const own = text.replace('/dev/ttyUSB1', await port()).replace('timeSteps: 8', `timeSteps: ${timeSteps}`);
  writeFileSync(join(folder, 'example.mts'), own.replace(/\n\n/, `\n${frames}\n`));
  const { stdout } = await execa('npx', ['tsx', join(folder, 'example.mts')], { cwd: root, timeout: 120_000 });
  const { classes, margins } = await expected();
  expect(stdout.trim().split('\n')).toEqual(classes.map((digit, i) => `${digit} ${margins[i]}`));
}, 240_000);

it('the program in Python', async (context) => {
  if (spawnSync('python3', ['-c', 'import serial, numpy']).status !== 0)
    return context.skip('python3 has no pyserial or numpy');
  const text = program('python').replace('/dev/ttyUSB1', await port());
  const images = `import numpy\nimages = numpy.array(${JSON.stringify([...pixels])}, dtype=numpy.uint8).reshape(${count}, ${size})\n`;
  const own = text.replace('first_image=0', `first_image=0, time_steps=${timeSteps}`);
  const env = { ...process.env, PYTHONPATH: join(root, 'src', 'host', 'python') };
  const { stdout } = await execa('python3', ['-c', images + own], { cwd: root, env, timeout: 120_000 });
  const { classes, margins } = await expected();
  expect(stdout.trim().split('\n')).toEqual(classes.map((digit, i) => `${i} ${digit} ${margins[i]}`));
}, 240_000);
