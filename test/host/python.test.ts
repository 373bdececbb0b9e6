/** The Python client on a board that is started anew, and whose port goes away, in the middle. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { classifyImages } from '../../src/golden/index.ts';
import { smallPlan } from '../sim/small-core.ts';
import { noise } from '../sim/temporary.ts';
import { startTestBoard } from '../sim/test-board.ts';

const plan = smallPlan();
const [count, size, timeSteps] = [60, 36, 3];
const pixels = noise(count * size, 8);

describe.each([
  ['is started anew', { seed: 5, restart: 0.002 }, 'restart'],
  ['goes away and comes back', { seed: 3, disconnect: 0.002 }, 'disconnect'],
] as const)('a board that %s', (_, faults, fault) => {
  it('gives every answer right', { timeout: 240_000 }, async (context) => {
    if (spawnSync('python3', ['-c', 'import serial, numpy']).status !== 0)
      return context.skip('python3 has no pyserial or numpy');
    const { board } = await startTestBoard(plan, faults);
    const program = `
import numpy
from spinfire_host import Board
images = numpy.array(${JSON.stringify([...pixels])}, dtype=numpy.uint8).reshape(${count}, ${size})
with Board("${board.port}", timeout=2, retries=20) as board:
    for answer in board.classify(images, first_image=0, time_steps=${timeSteps}):
        print(answer.image, *answer.scores)
    print("recoveries", board.recoveries)
`;
    const root = fileURLToPath(new URL('../../', import.meta.url));
    const env = { ...process.env, PYTHONPATH: join(root, 'src', 'host', 'python') };
    const { stdout } = await execa('python3', ['-c', program], { cwd: root, env, timeout: 200_000 });
    const lines = stdout.trim().split('\n');
    const { classes } = plan.readout;
    const { scores } = await classifyImages(plan, pixels, { timeSteps, workers: 1 });
    const golden = Array.from({ length: count }, (__, i) =>
      [i, ...scores.subarray(((i + 1) * timeSteps - 1) * classes, (i + 1) * timeSteps * classes)].join(' '),
    );
    expect(lines.slice(0, -1)).toEqual(golden);
    const { injected } = await board.stop();
    expect(injected[fault]).toBeGreaterThan(1);
    expect(Number(lines.at(-1)!.split(' ')[1])).toBeGreaterThan(0);
  });
});
