/** What `build` says of the core that it wrote. */
import { afterAll, describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands/index.ts';
import { runCommandLine } from '../../src/cli/run.ts';
import { writeModel } from '../network/onnx-writer.ts';
import { randomSource, randomTensor } from '../network/samples.ts';
import { fakeIo } from './fake-io.ts';
import { workbench } from './small-files.ts';

const bench = workbench();
const random = randomSource(3);
/** Two dense layers with neurons between them; `values` as the input has them, flat where they are one list. */
function denseModel(values: readonly number[], hidden: number, lastSigmoid = false): Uint8Array {
  const size = values.reduce((product, value) => product * value, 1);
  const isFlat = values.length === 1;
  const flatten = { op: 'Flatten', name: '/Flatten', inputs: ['x'], output: 'f', attributes: { axis: { int: 1 } } };
  return writeModel({
    nodes: [
      ...(isFlat ? [] : [flatten]),
      gemm('hidden', isFlat ? 'x' : 'f', 'h'),
      { op: 'Sigmoid', name: '/Sigmoid', inputs: ['h'], output: 's' },
      gemm('out', 's', lastSigmoid ? 'z' : 'y'),
      ...(lastSigmoid ? [{ op: 'Sigmoid', inputs: ['z'], output: 'y' }] : []),
    ],
    tensors: [
      ...[randomTensor('hidden.weight', [hidden, size], random), randomTensor('hidden.bias', [hidden], random)],
      ...[randomTensor('out.weight', [3, hidden], random), randomTensor('out.bias', [3], random)],
    ],
    inputs: [{ name: 'x', dims: ['batch', ...values] }],
    outputs: [{ name: 'y', dims: ['batch', 3] }],
  });
}

bench.put('dense.onnx', denseModel([1, 8, 8], 24));
bench.put('sigmoids.onnx', denseModel([12], 6, true));

function gemm(name: string, input: string, output: string) {
  const inputs = [input, `${name}.weight`, `${name}.bias`];
  return { op: 'Gemm', name: `/${name}/Gemm`, inputs, output, attributes: { transB: { int: 1 } } };
}

afterAll(() => bench.dispose());

async function build(...args: string[]) {
  const io = fakeIo({ cwd: bench.folder });
  expect(await runCommandLine(['build', 'dense.onnx', '-o', 'core', ...args], io, commands), io.err()).toBe(0);
  return io.out();
}

const wide = ['--timesteps', '4', '--time-lanes', '4', '--pixel-lanes', '4', '--luts', '8000', '--family', 'ecp5'];

describe('build', () => {
  it('says what random spikes do to a vector, where nobody has chosen an encoding', async () => {
    const note = 'the 5 values of a vector are shown as random spikes';
    bench.put('sensor.onnx', denseModel([5], 6));
    expect(await build()).not.toContain('note:');
    for (const [encoding, says] of [
      [[], true],
      [['--encoding', 'bernoulli'], false],
      [['--encoding', 'direct'], false],
    ] as const) {
      const io = fakeIo({ cwd: bench.folder });
      const line = ['build', 'sensor.onnx', '-o', 'sensor', ...encoding];
      expect(await runCommandLine(line, io, commands), io.err()).toBe(0);
      expect(io.out().includes(note)).toBe(says);
    }
  });

  it('says how many lanes, clocks, LUTs and RAMs', async () => {
    const core = JSON.parse(await build(...wide, '--json'));
    // 4 inputs at once for each of the 8 neurons that are worked on in 4 time steps.
    expect(core.lanes).toBeGreaterThan(4 * 8 * 4);
    expect(core.estimate).toMatchObject({ family: 'ecp5', source: expect.stringContaining('yosys') });
    expect(core.estimate.luts).toBeLessThanOrEqual(8000);
    const { luts, rams } = core.estimate;
    expect(await build(...wide)).toContain(
      [
        `${core.lanes} lanes, ${core.cycles.most} clock cycles an image, whatever is in it, with 4 time steps`,
        `expected of yosys: ${luts.toLocaleString('en')} LUT4 and ${rams} block RAMs on ecp5`,
        `room on: ${core.boards.join(', ')}`,
      ].join('\n'),
    );
  });

  it('fails with the nearest core when a budget cannot be kept', async () => {
    const io = fakeIo({ cwd: bench.folder });
    expect(await runCommandLine(['build', 'dense.onnx', '-o', 'none', '--cycles', '10'], io, commands)).toBe(1);
    expect(io.err()).toMatch(/no fold of this network fits[\s\S]*nearest: .* cycles an image/);
  });

  it('counts on images that are named', async () => {
    const pixels = Buffer.alloc(16 + 12 * 64, 0);
    pixels.set([0, 0, 8, 3, 0, 0, 0, 12, 0, 0, 0, 8, 0, 0, 0, 8]);
    for (let image = 0; image < 12; image += 1)
      pixels.fill(200, 16 + image * 64, 16 + image * 64 + 8 * (1 + (image % 3)));
    bench.put('some.idx', pixels);
    const core = JSON.parse(await build('--images', 'some.idx', '--timesteps', '4', '--luts', '3000', '--json'));
    expect(core.onImages).toMatchObject({ images: 12, timesteps: 4, countedImages: 12 });
    expect(core.cyclesPerImage).toBeGreaterThanOrEqual(core.cycles.least);
    expect(core.cyclesPerImage).toBeLessThan(core.cycles.most);
    const [hidden, out] = core.onImages.layers;
    // A quarter of the pixels at 200 of 255.
    expect(hidden.inputs).toBeCloseTo((0.25 * 200) / 255, 1);
    expect(hidden.spikes.low).toBeLessThan(hidden.spikes.high);
    expect(out.inputs).toBeCloseTo(hidden.spikes.mean, 6);
  });

  it('counts monitors and devices into what it expects, and into a wish for LUTs', async () => {
    const built = async (...options: string[]) => JSON.parse(await build(...options, '--json'));
    // Small folds, which leave room for all of it on the small board.
    const fold = ['--lanes', '2', '--time-lanes', '1'];
    const plain = await built(...fold);
    const equipped: number[] = [];
    for (const what of [
      ['--monitors', 'stall'],
      ['--monitors', 'all,load'],
      ['--realism', 'trim'],
      ['--realism', 'all'],
    ])
      equipped.push((await built(...fold, ...what)).estimate.luts - plain.estimate.luts);
    for (const more of equipped) expect(more).toBeGreaterThan(40);
    expect(equipped[1]).toBeGreaterThan(equipped[0]! + 500);
    expect(equipped[3]).toBeGreaterThan(equipped[2]! + 500);
    const { estimate, lanes } = await built();
    const wish = estimate.luts;
    const watched = await built('--luts', String(wish), '--monitors', 'stall,activity');
    expect(watched.estimate.luts).toBeLessThanOrEqual(wish);
    expect(watched.lanes).toBeLessThan(lanes);
  });

  it('says how it understood the network', async () => {
    const io = fakeIo({ cwd: bench.folder });
    expect(await runCommandLine(['build', 'sigmoids.onnx', '-o', 'sigmoids'], io, commands), io.err()).toBe(0);
    expect(io.out()).toContain('note: the 3 neurons at the end are classes: the strongest is the answer');
    expect(await build()).not.toContain('are classes');
  });

  it('says where yosys may count more than the wish', async () => {
    const { estimate } = JSON.parse(await build('--luts', '100000', '--json'));
    const near = JSON.parse(await build('--luts', String(estimate.luts), '--json'));
    expect(near.notes.join()).toMatch(/of [\d,]+ LUT4: yosys may count more than that \(prices of yosys .*LUTs off by/);
    expect(await build('--luts', '100000')).not.toContain('yosys may count more');
  });

  it('shows folds with several pixels a beat, and marks the one that a rate takes', async () => {
    // With words for 64 time steps the seeders alone would take 66 clocks.
    const wish = ['--timesteps', '4', '--max-timesteps', '4', '--cycles', '60'];
    const { candidates } = JSON.parse(await build(...wish, '--explore', '--json'));
    const chosen = candidates.filter((candidate: { chosen: boolean }) => candidate.chosen);
    expect(chosen).toHaveLength(1);
    expect(chosen[0].pixelLanes).toBeGreaterThan(1);
    expect(chosen[0].cyclesPerImage).toBeLessThanOrEqual(60);
    const core = JSON.parse(await build(...wish, '--json'));
    expect(core.lanes).toBe(chosen[0].lanes);
    expect(await build('--timesteps', '4', '--explore')).toContain('pixels a beat');
  });
});
