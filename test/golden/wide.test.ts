/** Cores that take several pixels a beat and several inputs a clock. */
import { describe, expect, it } from 'vitest';
import { buildHardware } from '../../src/core/index.ts';
import { createCycleModel } from '../../src/golden/index.ts';
import type { Plan } from '../../src/plan/index.ts';
import { compareDuts, goldenReference, modelDut } from '../../src/sim/index.ts';
import { interpreted } from '../sim/interpreted.ts';
import { slice } from '../slice.ts';
import { drive } from './drive.ts';
import { classifyNaively } from './naive.ts';
import { randomImages, randomPlan, widened } from './random-plan.ts';

/** Plans whose first layer can be a wide engine, with the seeds they come from. */
const plans = Array.from({ length: 120 }, (_, i) => ({ seed: 1000 + i, plan: randomPlan(1000 + i) }))
  .map(({ seed, plan }) => ({ seed, plan: widened(plan, seed) }))
  .filter(({ plan }) => plan.layers[0]!.engine.kind === 'wide');

describe('wide engines', () => {
  it('are taken by enough of the random plans', () => {
    expect(plans.length).toBeGreaterThan(20);
    expect(new Set(plans.map(({ plan }) => plan.pixelLanes)).size).toBeGreaterThan(5);
    expect(plans.some(({ plan }) => plan.encoding.kind === 'direct')).toBe(true);
    expect(plans.some(({ plan }) => plan.layers[0]!.outputLanes < plan.layers[0]!.output.channels)).toBe(true);
  });

  it.each(plans)('same seed, same scores, whatever the pixels a beat: seed $seed', ({ seed, plan }) => {
    const pixels = randomImages(seed, plan, 4);
    const steps = [plan.timeSteps.max, 1, plan.timeSteps.default, plan.timeSteps.max];
    const stalls = [{}, { inputPauses: 60 }, { outputPauses: 95 }, { inputPauses: 30, outputPauses: 30 }];
    const model = createCycleModel(plan);
    const packets = drive(model, plan, pixels, { timeSteps: steps, seed, ...stalls[seed % stalls.length] });
    const expected = classifyNaively(plan, pixels, plan.timeSteps.max).map(({ scores, classes }, image) => ({
      scores: scores[steps[image]! - 1],
      class: classes[steps[image]! - 1],
    }));
    expect(packets.map(({ scores, class: best }) => ({ scores, class: best }))).toEqual(expected);
    expect(model.outputs.frameError).toBe(false);
  });

  it.each(plans.slice(0, slice(6, 30)))(
    'golden model and hardware agree on every clock: seed $seed',
    async ({ seed, plan }) => {
      expect(await difference(plan, seed)).toBeUndefined();
    },
  );
});

describe('a wide engine that waits for its drain', () => {
  const single = plans.filter(({ plan }) => plan.layers.length === 1);
  const slow = (['count', 'potential'] as const).flatMap((kind) =>
    [2, 3, 8, 11].flatMap((outputLanes) =>
      single
        .filter(({ plan }) => plan.readout.kind === kind)
        .slice(0, slice(1, 2))
        .map(({ seed, plan }) => ({ kind, outputLanes, seed, plan: withOutputs(plan, 24, outputLanes) })),
    ),
  );

  it.each(slow)('agrees with the hardware: $kind, $outputLanes lanes, seed $seed', async ({ seed, plan }) => {
    expect(await difference(plan, seed)).toBeUndefined();
  });

  it.each(slow.filter(({ outputLanes }) => outputLanes > 3))(
    'draws group after group without a gap: $kind, $outputLanes lanes, seed $seed',
    ({ plan }) => {
      const model = createCycleModel(plan);
      const before = model.signals.slice(
        0,
        model.signals.findIndex(({ path }) => path === 'layer1.drain_left'),
      );
      const at = before.reduce((words, { width }) => words + Math.ceil(width / 32), 0);
      const sample = new Uint32Array(model.sampleWords);
      let waiting = '';
      drive(model, plan, randomImages(1, plan, 1), {
        timeSteps: [1],
        onCycle: () => {
          model.sample(sample);
          waiting += sample[at] === 0 ? ' ' : '#';
        },
      });
      expect(waiting.trim()).toMatch(/^#{24,}$/);
    },
  );
});

/** The plan with all pixels at once and `channels` outputs, which have the weights of the plan's own again and again. */
function withOutputs(plan: Plan, channels: number, outputLanes: number): Plan {
  const again = <T>(values: readonly T[]): T[] =>
    Array.from({ length: channels }, (_, i) => values[i % values.length]!);
  const [layer] = plan.layers;
  const { neuron } = layer!;
  const pixels = layer!.weights[0]!.length;
  return {
    ...plan,
    pixelLanes: pixels,
    layers: [
      {
        ...layer!,
        output: { ...layer!.output, channels },
        engine: { kind: 'wide', inputLanes: pixels },
        outputLanes,
        ...(layer!.channelShifts ? { channelShifts: again(layer!.channelShifts) } : {}),
        weights: again(layer!.weights),
        bias: again(layer!.bias),
        biasRows: layer!.biasRows.map(again),
        neuron: 'stream' in neuron ? { ...neuron, stream: { ...neuron.stream, wordsPerTimeStep: channels } } : neuron,
      },
    ],
    readout: { ...plan.readout, classes: channels },
  };
}

async function difference(plan: Plan, seed: number) {
  const model = goldenReference(plan);
  const imageSize = plan.input.height * plan.input.width * plan.input.channels;
  const { pixelLanes } = plan;
  const pixels = randomImages(seed, plan, 4);
  const stimulus = {
    pixels,
    imageSize,
    pixelLanes,
    timeSteps: [9, 2],
    stall: seed % 3 === 0 ? 0 : seed,
    wrongLast: [1],
  };
  const duts = [modelDut(model), interpreted(buildHardware(plan), model.signals)];
  return (await compareDuts(duts, stimulus, plan.timeSteps.max, 1500)).difference;
}
