import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { systemEnvironment } from '../../src/flow/index.ts';
import {
  type CycleReference,
  compareDuts,
  mismatchText,
  modelDut,
  readCore,
  runLockstep,
  verilatorDut,
} from '../../src/sim/index.ts';
import { slice } from '../slice.ts';
import { ToyModel } from './fixtures/toy-model.ts';
import { noise, simulatorCache, temporaryFolder, toyCopy } from './temporary.ts';

const environment = systemEnvironment(process.env, process.cwd());
const imageSize = 4;

async function run(
  directory: string,
  options: { images?: number; stall?: number; wrongLast?: number[]; model?: CycleReference; trace?: boolean } = {},
) {
  const core = await readCore(directory, 'toy', simulatorCache);
  const { images = 200, stall = 0, wrongLast = [], model = new ToyModel(), trace = false } = options;
  const stimulus = { pixels: noise(images * imageSize, 3), imageSize, timeSteps: [1, 2, 5], stall, wrongLast };
  const result = await runLockstep({ core, model, stimulus, maxTimeSteps: 5, window: 256, trace }, environment);
  return { core, result };
}

describe('lockstep', () => {
  it('works in a folder with every character that makefiles and shells take for their own', async () => {
    const folder = join(temporaryFolder(), `it's $HOME #1: a;b="c" (d) \\e&f|g`);
    cpSync(toyCopy(), folder, { recursive: true });
    const core = await readCore(folder, 'toy');
    const stimulus = { pixels: noise(imageSize, 3), imageSize, timeSteps: 1 };
    const result = await runLockstep({ core, model: new ToyModel(), stimulus, maxTimeSteps: 5 }, environment);
    expect(result).toMatchObject({ mismatches: 0 });
  });

  it('agrees on every clock, with and without gaps and frame errors', async () => {
    for (const [stall, wrongLast] of [
      [0, []],
      [5, [77]],
      [6, [0, 3]],
    ] as const) {
      const { result } = await run(toyCopy(), { stall, wrongLast: [...wrongLast] });
      expect(result, `stall ${stall}`).toMatchObject({ mismatches: 0, signals: 15, images: 200 });
      expect(result.results).toHaveLength(200);
      expect(result.cycles).toBeGreaterThan(200 * 7);
    }
  });

  it('shows a flipped weight bit: cycle, signal, values, what was at work, both source lines and a trace', async () => {
    const directory = toyCopy({ 'toy_weights.mem': (text) => text.replace('7f', '6f') });
    const { core, result } = await run(directory, { trace: true });
    const { mismatch } = result;
    expect(mismatch).toMatchObject({
      cycle: 3,
      signal: 'mac.weights_data',
      rtl: '111',
      golden: '127',
      layer: 'mac',
      neuron: 'channel 3',
      timeStep: '0',
      verilog: 'toy_mac.v:12',
      typescript: 'test/toy_mac.ts:112',
    });
    expect(existsSync(join(directory, mismatch!.trace!))).toBe(true);
    expect(mismatchText(mismatch!, core)).toMatch(
      /^MISMATCH in cycle 3: toy.mac.weights_data is 111 in the Verilog, 127 in the golden model\n {2}at work: +layer mac, neuron channel 3, time step 0\n/,
    );
  });

  it('finds a wrong tap in the middle of a run, past many equal windows', async () => {
    class Late extends ToyModel {
      private cycles = 0;
      override reset(words?: Int32Array): void {
        super.reset(words);
        this.cycles = 0;
      }
      override clock(): void {
        super.clock();
        this.cycles++;
      }
      override sample(into: Uint32Array): void {
        super.sample(into);
        if (this.cycles === 1000) into[7]! ^= 0x80000000;
      }
    }
    const { result } = await run(toyCopy(), { model: new Late() });
    expect(result.mismatch).toMatchObject({ cycle: 1000, signal: 'mac.lfsr', count: 1 });
    expect(result.mismatches).toBe(1);
    expect(result.predictions.length).toBeGreaterThan(100);
    expect(result.predictions.length).toBeLessThan(150);
  });

  it('names a register that only one side has, and a width that differs', async () => {
    const extra = toyCopy({
      'toy.v': (text) =>
        text.replace('reg [1:0] index;', 'reg [1:0] index;\n  reg odd;\n  always @(posedge clk) odd <= !odd;'),
    });
    await expect(run(extra)).rejects.toThrow(/at: +toy\.v:20\n +found: +not predicted: odd/);
    class More extends ToyModel {
      override readonly signals = [...new ToyModel().signals, { path: 'mac.more', width: 1, signed: false }];
    }
    await expect(run(toyCopy(), { model: new More() })).rejects.toThrow(/only in the golden model: mac\.more/);
    class Wider extends ToyModel {
      override readonly signals = new ToyModel().signals.map((s) => (s.path === 'steps' ? { ...s, width: 4 } : s));
    }
    await expect(run(toyCopy(), { model: new Wider() })).rejects.toThrow(
      /at: +steps\n +found: +steps: 3 bits\n +expected: +4 bits/,
    );
  });

  it('sees a core that hangs', async () => {
    const directory = toyCopy({
      'toy.v': (text) => text.replace('SCORE: if (m_axis_tready)', "SCORE: if (m_axis_tready && sum[2:0] != 3'd7)"),
    });
    const { result } = await run(directory);
    expect(result.mismatch).toMatchObject({ signal: 'state', rtl: '2', golden: '3' });
  });

  it('stops when told to', async () => {
    const abort = new AbortController();
    const core = await readCore(toyCopy(), 'toy', simulatorCache);
    const stimulus = { pixels: noise(400_000, 3), imageSize, timeSteps: 1 };
    const running = runLockstep(
      {
        core,
        model: new ToyModel(),
        stimulus,
        maxTimeSteps: 5,
        window: 256,
        signal: abort.signal,
        onProgress: ({ cycles }) => cycles > 1000 && abort.abort(new Error('enough')),
      },
      environment,
    );
    await expect(running).rejects.toThrow('enough');
  });
});

it('sends no signal to anything but its simulator when it is interrupted', async () => {
  const rounds = slice(30, 120);
  const script = fileURLToPath(new URL('fixtures/interrupted.ts', import.meta.url));
  // In a process group of its own, which would get the signal.
  const options = { detached: true, reject: false } as const;
  const result = await execa(process.execPath, ['--import', 'tsx', script, simulatorCache, String(rounds)], options);
  expect(result).toMatchObject({ exitCode: 0, stdout: `${rounds} interruptions` });
});

describe('lockstep of any two', () => {
  it('agrees between the model and Verilator asked once a cycle, gaps and a second reset included', async () => {
    const core = await readCore(toyCopy(), 'toy', simulatorCache);
    const model = new ToyModel();
    const verilog = await verilatorDut(core, model.signals, environment);
    try {
      for (const stall of [0, 9]) {
        const stimulus = { pixels: noise(200, 3), imageSize, timeSteps: [4, 2], stall };
        const run = await compareDuts([modelDut(model), verilog], stimulus, 5);
        expect(run.difference, `stall ${stall}`).toBeUndefined();
        expect(run.cycles).toBeGreaterThan(50 * 7);
      }
    } finally {
      await verilog.close();
    }
  });

  it('names the cycle, the signal and every opinion', async () => {
    class Wrong extends ToyModel {
      override sample(into: Uint32Array): void {
        super.sample(into);
        if (into[1] === 2) into[6]! ^= 1;
      }
    }
    const stimulus = { pixels: noise(40, 3), imageSize, timeSteps: 1 };
    const same = await compareDuts([modelDut(new ToyModel(), 'a'), modelDut(new ToyModel(), 'b')], stimulus, 5);
    expect(same.difference).toBeUndefined();
    const { difference } = await compareDuts([modelDut(new ToyModel(), 'a'), modelDut(new Wrong(), 'b')], stimulus, 5);
    expect(difference).toMatchObject({ cycle: 2, signal: 'mac.s1_pixel' });
    expect(difference!.values.a! ^ 1n).toBe(difference!.values.b);
  });
});
