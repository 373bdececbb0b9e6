/** Faults planted in an emitted core: each must be found, and shown where it is. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemEnvironment } from '../../src/flow/index.ts';
import { goldenReference, lockstep, mismatchText, testImages, type VerifyResult } from '../../src/sim/index.ts';
import { smallPlan, writeCoreFiles } from './small-core.ts';
import { simulatorCache, temporaryFolder } from './temporary.ts';

const plan = smallPlan();
const environment = systemEnvironment(process.env, process.cwd());
const images = testImages(plan.input, 12, 8);
const timeout = 240_000;

interface Faulty {
  readonly directory: string;
  readonly result: VerifyResult;
  readonly text: string;
}

/** Lockstep of the core with `edit` done to one of its files. */
async function run(file?: string, edit?: (text: string) => string, trace = false): Promise<Faulty> {
  const directory = temporaryFolder();
  writeCoreFiles(plan, directory);
  if (file !== undefined && edit) {
    const path = join(directory, file);
    const before = readFileSync(path, 'utf8');
    const after = edit(before);
    if (before === after) throw new Error(`nothing changed in ${file}`);
    writeFileSync(path, after);
  }
  const result = await lockstep(
    { directory, plan, images, timeSteps: [6, 1, 3], stall: 7, trace, window: 512, buildDirectory: simulatorCache },
    environment,
  );
  const text = result.mismatch ? mismatchText(result.mismatch, { top: plan.name }) : '';
  return { directory, result, text };
}

/** Flips one bit of a hexadecimal word of a memory file. */
function flip(row: number, bit: number): (text: string) => string {
  return (text) => {
    const words = text.split('\n');
    const word = words[row]!;
    words[row] = (BigInt(`0x${word}`) ^ (1n << BigInt(bit))).toString(16).padStart(word.length, '0');
    return words.join('\n');
  };
}

describe('planted faults', () => {
  it(
    'are not found in a sound core',
    async () => {
      const { result } = await run();
      expect(result).toMatchObject({ mismatches: 0, images: 12, signals: goldenReference(plan).signals.length });
      expect(result.predictions).toHaveLength(12);
      expect(result.timing!.cyclesPerImage).toBeGreaterThan(100);
    },
    timeout,
  );

  const biasRows = plan.layers.map(({ biasRows: rows }) => rows.length);
  it('has biases to plant faults in', () => expect(biasRows).toEqual([1, 1, 1]));

  const events = (layer: number) =>
    plan.layers[layer]!.input.height * plan.layers[layer]!.input.width * plan.layers[layer]!.input.channels;
  const groups = Math.ceil(plan.layers[1]!.output.channels / plan.layers[1]!.outputLanes);
  it.each([
    ['weight of conv1', 'sprout_conv1_weights.mem', 4, 8, 'conv1.weights.data', 'conv1', 'channel 1, '],
    ['weight of hidden', 'sprout_hidden_weights.mem', 5, 3, 'hidden.weights.data', 'hidden', 'channel 4, '],
    ['weight of out', 'sprout_out_weights.mem', 2, 17, 'out.weights.data', 'out', 'channel 2, '],
    ['bias of conv1', 'sprout_conv1_weights.mem', 0, 12, 'conv1.weights.data', 'conv1', 'channel 2, '],
    [
      'bias of hidden',
      'sprout_hidden_weights.mem',
      events(1) * groups + 1,
      9,
      'hidden.weights.data',
      'hidden',
      'channel 3, ',
    ],
    ['bias of out', 'sprout_out_weights.mem', events(2), 1, 'out.weights.data', 'out', 'channel 0, '],
    ['table of conv1', 'sprout_conv1_table.mem', 30, 6, 'conv1_neurons.lane[', 'conv1', 'channel '],
    ['table of hidden', 'sprout_hidden_table.mem', 36, 15, 'hidden_neurons.lane[', 'hidden', 'channel '],
  ])(
    'one bit in the %s',
    async (_, file, row, bit, signal, layer, neuron) => {
      const { result, text } = await run(file, flip(row, bit));
      const { mismatch } = result;
      expect(mismatch, text).toMatchObject({ layer, image: expect.any(Number) });
      expect(mismatch!.signal.startsWith(signal), text).toBe(true);
      expect(mismatch!.bit % plan.layers[0]!.weightBits).toBe(bit % plan.layers[0]!.weightBits);
      expect(mismatch!.neuron, text).toContain(neuron);
      if (mismatch!.cycle === 0) expect(text).toMatch(/first used: cycle \d+, conv1\.[\w.]+\n/);
      expect(mismatch!.timeStep, text).toMatch(/^\d+(\.\.\d+)?$/);
      expect(mismatch!.typescript, text).toMatch(/^src\/core\/.*\.ts:\d+$/);
    },
    timeout,
  );

  it(
    'a wrong bit comes with a trace around it',
    async () => {
      const { directory, result, text } = await run('sprout_hidden_weights.mem', flip(5, 3), true);
      const { trace } = result.mismatch!;
      expect(text).toContain(`trace:      ${trace}`);
      expect(existsSync(join(directory, trace!))).toBe(true);
      expect(readFileSync(join(directory, trace!)).length).toBeGreaterThan(1000);
    },
    timeout,
  );

  it(
    'a wrong tap of a random source',
    async () => {
      // The banks are one module; the taps are what the top sets for each.
      const { result, text } = await run('sprout.v', (verilog) => {
        const instance = verilog.indexOf(') hidden_neurons (');
        const last = verilog.lastIndexOf('.TAP', instance);
        return `${verilog.slice(0, last)}${verilog.slice(last).replace(/\((\d+)\)/, (_, tap: string) => `(${+tap - 1})`)}`;
      });
      expect(result.mismatch, text).toMatchObject({ layer: 'hidden', timeStep: expect.stringMatching(/^\d+$/) });
      expect(result.mismatch!.signal).toMatch(/^hidden_neurons\.lane\[\d\]\.noise$/);
      expect(result.mismatch!.typescript).toMatch(/^src\/core\/random\/words\.ts:\d+$/);
    },
    timeout,
  );

  it(
    'a readout that adds a wrong potential',
    async () => {
      const { result, text } = await run('sprout_readout.v', (verilog) =>
        verilog.replace(/active\[1\] \? \S+/, `active[1] ? ${/active\[0\] \? (\S+)/.exec(verilog)![1]}`),
      );
      expect(result.mismatch, text).toMatchObject({ layer: 'readout', neuron: expect.stringMatching(/^class \d$/) });
      expect(result.mismatch!.signal).toMatch(/^readout\.score$/);
    },
    timeout,
  );
});
