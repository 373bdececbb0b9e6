import { describe, expect, it } from 'vitest';
import { plainPlan as planOfDesign } from '../../src/app/plain-plan.ts';
import { logisticCurve } from '../../src/device/index.ts';
import { classifyImages, countEvents } from '../../src/golden/index.ts';
import { readModel } from '../../src/network/index.ts';
import { layerAdditions } from '../../src/plan/index.ts';
import { classifyNaively } from './naive.ts';
import { plainPlan } from './plain-plan.ts';
import { randomImages, randomPlan } from './random-plan.ts';

describe('events', () => {
  it('of a layer that can be followed by hand', () => {
    const plan = plainPlan({ engine: { kind: 'event' }, outputLanes: 1 });
    const { layers, inputSpikes, activePixels } = countEvents(plan, Uint8Array.of(255, 0, 255, 0), { timeSteps: 2 });
    const [layer] = layers;
    expect({ inputSpikes, activePixels }).toEqual({ inputSpikes: 4, activePixels: 2 });
    expect(layer).toMatchObject({ name: 'layer', neurons: 3, positions: 1, updates: 6, spikes: 0 });
    expect([...layer!.tapSum]).toEqual([2, 0, 2, 0]);
    // bias + first + third weight: 5, 10, -1, in both time steps.
    const seen = [...layer!.potentials].flatMap((times, bin) => (times === 0 ? [] : [[layer!.firstBin + bin, times]]));
    expect({ seen, shift: layer!.potentialShift }).toEqual({
      seen: [
        [-1, 2],
        [5, 2],
        [10, 2],
      ],
      shift: 0,
    });
  });

  it.each([1, 2, 3, 4, 5, 6])('of a random plan, seed %i, are those of the definition', (seed) => {
    const plan = randomPlan(seed);
    const images = randomImages(seed, plan, 3);
    const timeSteps = Math.min(3, plan.timeSteps.max);
    const events = countEvents(plan, images, { timeSteps });
    const naive = classifyNaively(plan, images, timeSteps);
    const total = (numbers: readonly number[]) => numbers.reduce((sum, value) => sum + value, 0);
    const input = total(naive.flatMap((image) => image.inputSpikes.flat()));
    const spikes = plan.layers.map((_, index) =>
      total(naive.flatMap((image) => image.spikes.flatMap((step) => step[index]!))),
    );
    expect(events.inputSpikes).toBe(input);
    expect(events.layers.map((layer) => layer.spikes)).toEqual(spikes);
    for (const [index, layer] of events.layers.entries()) {
      // Every potential is in the histogram, and the mean of the potentials follows from bias, weights and active rows.
      expect(layer.potentials.reduce((sum, times) => sum + times, 0)).toBe(layer.updates);
      if (layer.potentialShift > 0) continue;
      const seen = layer.potentials.reduce((sum, times, bin) => sum + times * (layer.firstBin + bin), 0);
      const { weights, bias } = plan.layers[index]!;
      const positions = layer.updates / weights.length;
      const expected = weights.reduce(
        (sum, row, channel) =>
          sum + bias[channel]! * positions + row.reduce((part, weight, tap) => part + weight * layer.tapSum[tap]!, 0),
        0,
      );
      expect(seen).toBe(expected);
    }
  });

  it('of taps that are left out are none: they have no weights, and no rows', () => {
    const model = new URL('../../models/mnist-resnet8.onnx', import.meta.url).pathname;
    const { network } = readModel(model, 'mnist-resnet8.onnx');
    const curve = logisticCurve(70e-6, 12e-6);
    const plan = planOfDesign({ name: 'skips', network, encoding: 'direct', readout: 'potential', curve, options: {} });
    const pixels = randomImages(1, plan, 1);
    const additions = plan.layers.map(() => 0);
    const events = countEvents(plan, pixels, {
      timeSteps: 1,
      onWindow: (index, inputs) => {
        const { weights, carry } = plan.layers[index]!;
        for (const [tap, input] of inputs.entries()) {
          const isUsed =
            weights.some((row) => row[tap] !== 0) || (carry && tap >= carry.tap && tap < carry.tap + carry.count);
          if (input !== 0 && isUsed) additions[index]! += 1;
        }
      },
    });
    expect(plan.layers.filter(({ runs }) => runs !== undefined).length).toBeGreaterThan(1);
    for (const [index, { runs, name }] of plan.layers.entries()) {
      const { activeInputs, positions } = events.layers[index]!;
      if (runs !== undefined) expect(activeInputs, name).toBe(additions[index]);
      const { output, weights } = plan.layers[index]!;
      expect(layerAdditions(plan.layers[index]!), name).toBe(
        positions * output.channels * (runs?.reduce((sum, { count }) => sum + count, 0) ?? weights[0]!.length),
      );
      expect(activeInputs, name).toBeLessThanOrEqual(layerAdditions(plan.layers[index]!) / output.channels);
    }
  });

  it('changes nothing of the classification', async () => {
    const plan = plainPlan({ engine: { kind: 'event' }, outputLanes: 1 });
    const images = Uint8Array.of(10, 200, 255, 90, 0, 30, 128, 77);
    const { classes } = await classifyImages(plan, images, { timeSteps: 3 });
    expect([...countEvents(plan, images, { timeSteps: 3 }).classes]).toEqual([...classes]);
  });

  it('wants whole images and as many time steps as there are', () => {
    const plan = plainPlan({ engine: { kind: 'event' }, outputLanes: 1 });
    expect(() => countEvents(plan, Uint8Array.of(1, 2, 3), { timeSteps: 1 })).toThrow(/whole images/);
    expect(() => countEvents(plan, new Uint8Array(4), { timeSteps: 5 })).toThrow(/1\.\.4/);
  });
});
