/** `spinfire monitor` and the client against a core in Verilator that watches over itself, behind a pseudo-terminal. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { commands } from '../../src/cli/commands/index.ts';
import { runCommandLine } from '../../src/cli/run.ts';
import { coreHash } from '../../src/flow/index.ts';
import { BoardClient, serialPort } from '../../src/host/index.ts';
import { type Plan, planFileName, writePlan } from '../../src/plan/index.ts';
import { fakeIo } from '../cli/fake-io.ts';
import { smallPlan } from '../sim/small-core.ts';
import { noise } from '../sim/temporary.ts';
import { startTestBoard } from '../sim/test-board.ts';

const plan: Plan = {
  ...smallPlan(),
  monitors: {
    abstain: { below: 40 },
    rates: [
      { low: 0, high: 48 },
      { low: 0, high: 5 },
    ],
    lockup: true,
    stall: { bits: 20 },
    activity: true,
    checksum: true,
  },
};
/** Word address of the most spikes of conv1. */
const rateHigh = 129;

async function watchedBoard() {
  const { board, directory } = await startTestBoard(plan);
  writeFileSync(join(directory, planFileName), writePlan(plan));
  return { port: board.port, directory };
}

const monitor = async (words: readonly string[], terminal = false) => {
  const io = fakeIo();
  const lines: string[] = [];
  const stderr = { isTTY: terminal, columns: 100, write: (text: string) => void lines.push(text) };
  const code = await runCommandLine(['monitor', ...words], { ...io, stderr }, commands);
  return { code, out: io.out(), err: lines.join('') };
};

it('shows what a core has seen, forgets it when told to, and draws on a terminal', async () => {
  const { port, directory } = await watchedBoard();
  const client = await BoardClient.open(serialPort({ path: port }), { coreHash: coreHash(plan), timeoutMs: 4000 });
  const pixels = noise(6 * 36, 1);
  const images = Array.from({ length: 6 }, (_, i) => pixels.subarray(i * 36, (i + 1) * 36));
  const registers = new Map([[rateHigh, 0]]);
  const abstains: boolean[] = [];
  for await (const answer of client.classify(images, { firstImage: 0, registers })) {
    expect(answer.abstains).toBe(answer.margin < 40);
    abstains.push(answer.abstains);
  }
  expect((await client.counters()).alarms).toContain('monitor');
  await client.close();

  const look = ['--port', port, '--core', directory, '--once', '--json'];
  const named = await monitor([...look, '--board', 'icebreaker']);
  expect(JSON.parse(named.out)).toMatchObject({ board: 'icebreaker', clockHz: 20_250_000 });
  const other = await monitor(['--port', port, '--board', 'hx8k', '--once']);
  expect(other.code).toBe(1);
  expect(other.err + other.out).toMatch(/another board answers[\s\S]*icebreaker[\s\S]*hx8k/);
  const seen = JSON.parse((await monitor(look)).out).samples[0];
  expect(seen).toMatchObject({ image: 6, alarms: expect.arrayContaining(['monitor']) });
  const few = abstains.filter(Boolean).length;
  expect(seen.monitors).toMatchObject({ abstentions: few, status: expect.arrayContaining(['conv1 spiked too much']) });
  expect(seen.monitors.layers.map(({ name }: { name: string }) => name)).toEqual(['input', 'conv1', 'hidden']);
  expect(seen.monitors.layers.every(({ spikes }: { spikes: number }) => spikes > 0)).toBe(true);

  expect(seen.monitors.memories.checks).toBeGreaterThan(0);
  expect(seen.monitors.memories.wrong).toEqual([]);

  const cleared = JSON.parse((await monitor([...look, '--clear'])).out).samples[0];
  expect(cleared).toMatchObject({ alarms: [], monitors: { status: [], abstentions: few } });
  const drawn = await monitor(['--port', port, '--core', directory, '--seconds', '2'], true);
  expect(drawn).toMatchObject({ code: 0, err: expect.stringMatching(/conv1 +\[[#.]{24}\]/) });
  // Drawn twice, the second time over the first.
  expect(drawn.err.split('\u001b[J')).toHaveLength(2);
}, 240_000);
